import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { geoContains, geoNaturalEarth1, geoPath } from 'd3-geo';
import { countryAt } from '../src/map/hit.js';

// Made beside the page, from data that is not bundled into tests.
const { world } = await import(new URL('../world.mjs', import.meta.url).href) as
  { world: () => Promise<World> };
const { shapes, dots } = await world();

interface World {
  shapes: Record<string, number[][][][]>;
  dots: Record<string, [number, number]>;
}

function middle(code: string): [number, number] {
  const places = shapes[code]!.flat(2);
  const mean = (at: number): number =>
    places.reduce((sum, place) => sum + place[at]!, 0) / places.length;
  return [mean(0), mean(1)];
}

test('every country that a trade may come from is on the map', () => {
  const csv = readFileSync(
    new URL('../../../contracts/trading/data/countries.csv', import.meta.url), 'utf8');
  const codes = csv.trim().split('\n').slice(1).map((row) => row.split(',')[0]!);
  assert.equal(codes.length, 249);
  assert.deepEqual(codes.filter((code) => (shapes[code]?.length ?? 0) === 0), []);
});

test('countries are where they are', () => {
  const places: Record<string, [number, number]> = {
    FR: [2, 46], GF: [-53, 4], GB: [-2, 54], SG: [104, 1], NZ: [172, -41], US: [-105, 45],
    ZA: [25, -29], SJ: [18, 78], RE: [55, -21], HK: [114, 22], MT: [14, 36], BR: [-53, -11],
  };
  for (const [code, [x, y]] of Object.entries(places)) {
    const found = middle(code);
    assert.ok(Math.hypot(found[0] - x, found[1] - y) < 25, `${code} lies at ${found}`);
  }
});

for (const [width, height, step] of [[660, 320, 1], [326, 159, 0.5]] as const) {
  test(`every country can be pointed at on a map ${width} pixels wide`, () => {
    const codes = Object.keys(shapes).filter((code) => code !== 'AQ' && code !== '');
    const geometries = codes.map(
      (code) => ({ type: 'MultiPolygon' as const, coordinates: shapes[code]! }));
    const projection = geoNaturalEarth1().fitSize(
      [width, height], { type: 'GeometryCollection', geometries });
    const bounds = geometries.map((each) => geoPath(projection).bounds(each));
    const places = codes.map((code) => (dots[code] ? projection(dots[code]) : null));
    const isInside = (x: number, y: number, index: number): boolean => {
      const [[left, top], [right, bottom]] = bounds[index]!;
      return x >= left && x <= right && y >= top && y <= bottom
        && geoContains(geometries[index]!, projection.invert!([x, y])!);
    };
    const hit = (x: number, y: number): number => countryAt(
      [x, y], places, projection.scale(), (index) => isInside(x, y, index));
    const canBeHit = (_: string, index: number): boolean => {
      const [[left, top], [right, bottom]] = bounds[index]!;
      for (let x = Math.floor(left); x <= right; x += step) {
        for (let y = Math.floor(top); y <= bottom; y += step) {
          if (hit(x, y) === index) return true;
        }
      }
      return false;
    };
    assert.deepEqual(codes.filter((code, index) => !canBeHit(code, index)), []);
  });
}
