// The shapes of the map: one for each ISO 3166-1 country of contracts/trading/data/countries.csv.
// Land is Natural Earth's at 1:110 million. What is too small to be in there is a dot where it
// lies, and what Natural Earth counts as a part of another country is taken out of it.
import { readFile } from 'node:fs/promises';
import { geoCentroid, geoCircle } from 'd3-geo';
import { feature } from 'topojson-client';

/** Degrees: large enough to be hit by a pointer. */
const DotRadius = 1.2;

/** Not in world-atlas on its own: longitude, latitude. */
const Places = {
  BQ: [-68.3, 12.2], BV: [3.4, -54.4], CC: [96.8, -12.2], CX: [105.6, -10.5], GI: [-5.4, 36.1],
  GP: [-61.5, 16.2], MQ: [-61, 14.6], RE: [55.5, -21.1], TK: [-171.8, -9.2], TV: [179.2, -8.5],
  UM: [-166.6, 19.3], YT: [45.2, -12.8],
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
  for (const code of codes.values()) {
    if (found.has(code)) continue;
    const place = Places[code] ?? places.get(code);
    if (!place) throw new Error(`The map has no place for ${code}`);
    const dot = geoCircle().center(place).radius(DotRadius).precision(45)();
    add(found, code, rounded(dot.coordinates));
  }
  return Object.fromEntries([...found].sort(([a], [b]) => a.localeCompare(b)));
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

// A tenth of a degree is less than a pixel; a ring that has lost its area is left out.
function rounded(polygon) {
  return polygon
    .map((ring) => ring
      .map((place) => place.map((degrees) => Math.round(degrees * 10) / 10))
      .filter(([x, y], at, all) => at === 0 || x !== all[at - 1][0] || y !== all[at - 1][1]))
    .filter((ring) => ring.length > 3);
}
