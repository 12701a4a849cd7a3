// The shapes of the map: one for each ISO 3166-1 country of contracts/trading/data/countries.csv.
// Land is Natural Earth's at 1:110 million. What is too small to be in there, or to be hit by a
// pointer, is a dot where it lies, and what Natural Earth counts as a part of another country is
// taken out of it.
import { readFile } from 'node:fs/promises';
import { geoArea, geoCentroid, geoCircle, geoContains, geoNaturalEarth1, geoPath } from 'd3-geo';
import { feature } from 'topojson-client';

/** Degrees: large enough to be hit by a pointer. */
const DotRadius = 1.2;

/** Pixels of the map beside another card, and of a country in it that is too small to be hit. */
const UsualSize = [660, 320];
const TinyArea = 8;

/** Not in world-atlas on its own, or not apart from a neighbour: longitude, latitude. */
const Places = {
  BQ: [-68.3, 12.2], BV: [3.4, -54.4], CC: [96.8, -12.2], CX: [105.6, -10.5], GI: [-5.4, 36.1],
  GP: [-61.5, 16.2], MF: [-63.9, 18], MQ: [-61, 14.6], RE: [55.5, -21.1],
  TK: [-171.8, -9.2], TV: [179.2, -8.5], UM: [-166.6, 19.3], YT: [45.2, -12.8],
};

/** Parts of other shapes, by where their middle lies. */
const Parts = [
  { code: 'GF', of: 'FR', holds: ([x, y]) => x < -45 && y > 0 && y < 10 },
  { code: 'SJ', of: 'NO', holds: ([, y]) => y > 74 },
];

/** Shapes without a number of their own. */
const Unnumbered = { Somaliland: 'SO', 'N. Cyprus': 'CY' };

export async function world() {
  const codes = await countries();
  const coarse = await shapes('countries-110m.json');
  const fine = await shapes('countries-50m.json');
  const found = new Map();
  for (const shape of coarse) {
    const code = codes.get(shape.id) ?? Unnumbered[shape.properties.name] ?? '';
    for (const polygon of polygons(shape.geometry)) {
      const middle = geoCentroid({ type: 'Polygon', coordinates: polygon });
      const part = Parts.find((each) => each.of === code && each.holds(middle));
      add(found, part?.code ?? code, rounded(polygon));
    }
  }
  const places = new Map(fine.map((shape) => [codes.get(shape.id), geoCentroid(shape)]));
  const areaOf = areas(found);
  const dots = {};
  for (const code of codes.values()) {
    if (areaOf(code) >= TinyArea) continue;
    const place = found.has(code) ? middle(found.get(code)) : Places[code] ?? places.get(code);
    if (!place) throw new Error(`The map has no place for ${code}`);
    const dot = geoCircle().center(place).radius(DotRadius).precision(45)();
    const beside = (found.get(code) ?? []).filter(
      ([outer]) => outer.some((each) => !geoContains(dot, each)));
    found.set(code, beside);
    add(found, code, rounded(dot.coordinates));
    dots[code] = place.map(tenth);
  }
  return {
    shapes: Object.fromEntries([...found].sort(([a], [b]) => a.localeCompare(b))),
    dots,
  };
}

/** Of a country in pixels, as the map is usually drawn; none has no land at this scale. */
function areas(found) {
  const shape = (code) => ({ type: 'MultiPolygon', coordinates: found.get(code) ?? [] });
  const all = [...found.keys()].filter((code) => code !== 'AQ').map(shape);
  const path = geoPath(geoNaturalEarth1().fitSize(
    UsualSize, { type: 'GeometryCollection', geometries: all }));
  return (code) => path.area(shape(code));
}

/** Of the largest part. */
function middle(polygons) {
  const [largest] = polygons
    .map((coordinates) => ({ type: 'Polygon', coordinates }))
    .sort((a, b) => geoArea(b) - geoArea(a));
  return geoCentroid(largest);
}

async function countries() {
  const file = new URL('../../contracts/trading/data/countries.csv', import.meta.url);
  const rows = (await readFile(file, 'utf8')).trim().split('\n').slice(1);
  return new Map(rows.map((row) => row.split(',')).map(([code, , number]) => [number, code]));
}

async function shapes(name) {
  const file = new URL(`node_modules/world-atlas/${name}`, import.meta.url);
  const topology = JSON.parse(await readFile(file, 'utf8'));
  return feature(topology, topology.objects.countries).features;
}

function polygons({ type, coordinates }) {
  return type === 'Polygon' ? [coordinates] : coordinates;
}

function add(found, code, polygon) {
  if (polygon.length > 0) found.set(code, [...(found.get(code) ?? []), polygon]);
}

function tenth(degrees) { return Math.round(degrees * 10) / 10; }

// A tenth of a degree is less than a pixel; a ring that has lost its area is left out.
function rounded(polygon) {
  return polygon
    .map((ring) => ring
      .map((place) => place.map(tenth))
      .filter(([x, y], at, all) => at === 0 || x !== all[at - 1][0] || y !== all[at - 1][1]))
    .filter((ring) => ring.length > 3);
}
