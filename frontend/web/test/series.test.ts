import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvOf } from '../src/app/download.js';
import { dotRadii, movingAverage, rebased, withGaps } from '../src/charts/series.js';
import { trendPath } from '../src/charts/trend.js';
import { bucketsOf } from '../src/live/buckets.js';
import { toCells } from '../src/live/cells.js';
import { quarterHour } from '../src/live/range.js';
import { mixed } from '../src/map/shade.js';
import { Noon, point } from './samples.js';

const buckets = bucketsOf(toCells(
  [2, 4, 6, 8].map((close, second) => ({ ...point(second, 1), open: close - 1, close })),
  Noon, quarterHour), 1000);

test('the moving average begins where it has all its values', () => {
  assert.deepEqual(movingAverage(buckets, 3).map(({ y }) => y), [4, 6]);
  assert.deepEqual(movingAverage(buckets, 5), []);
});

test('pairs that are compared begin at 100', () => {
  assert.deepEqual(rebased(buckets).map(({ y }) => y), [200, 400, 600, 800]);
  assert.deepEqual(rebased([]), []);
});

test('a file has quotes where they are needed and no formulas', () => {
  assert.equal(csvOf([['a', 1.5], ['b, "c"', NaN], ['=1+1', 2]]),
    'a,1.5\r\n"b, ""c""",\r\n\'=1+1,2\r\n');
});

test('shades lie between their ends', () => {
  assert.equal(mixed('#000000', '#ffffff', 0.5), 'rgb(128,128,128)');
  assert.equal(mixed('#102030', '#ffffff', 0), 'rgb(16,32,48)');
});

test('a gap stays a gap, and what stands alone is a dot', () => {
  const points = withGaps([{ x: 0, y: 1 }, { x: 1, y: 2 }, { x: 5, y: 3 }], 1);
  assert.deepEqual(points.map(({ x, y }) => [x, y]), [[0, 1], [1, 2], [2, NaN], [5, 3]]);
  assert.deepEqual(dotRadii(points, 2), [0, 0, 0, 2]);
});

test('a trend has a bar for each part with trades, wide and high enough to be seen', () => {
  assert.equal(trendPath([0, 0, 0]), 'M0 16v-1h72v1z');
  assert.equal(trendPath([1, 0, 1000]), 'M0 16v-1h72v1z'
    + 'M0.0 16v-2.0h23.0V16zM48.0 16v-16.0h23.0V16z');
});
