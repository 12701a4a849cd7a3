import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvOf } from '../src/app/download.js';
import { changeTick, rateTick, tellBucket } from '../src/charts/price-words.js';
import { aboveVolume, rateScale, withRoom } from '../src/charts/rate-scale.js';
import { changesFromFirst, dotRadii, movingAverage, withGaps } from '../src/charts/series.js';
import { roundTicks } from '../src/charts/ticks.js';
import { trendPath } from '../src/charts/trend.js';
import { bucketsOf } from '../src/live/buckets.js';
import { toCells } from '../src/live/cells.js';
import { quarterHour } from '../src/live/range.js';
import { mixed } from '../src/map/shade.js';
import { Noon, point } from './samples.js';

const buckets = bucketsOf(toCells(
  [2, 4, 6, 8].map((close, second) => ({ ...point(second, 1), open: 1, close, vwap: 2 })),
  Noon, quarterHour), 1000);

test('the moving average begins where it has all its values', () => {
  assert.deepEqual(movingAverage(buckets, 3).map(({ y }) => y), [4, 6]);
  assert.deepEqual(movingAverage(buckets, 5), []);
});

test('pairs that are compared change from the average of their first interval', () => {
  assert.deepEqual(changesFromFirst(buckets).map(({ y }) => y), [0, 1, 2, 3]);
  assert.deepEqual(changesFromFirst([]), []);
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
  assert.equal(dotRadii(points.slice(0, 3), 2), 0);
});

test('a trend has a bar for each part with trades, wide and high enough to be seen', () => {
  assert.equal(trendPath([0, 0, 0]), 'M0 16v-1h72v1z');
  assert.equal(trendPath([1, 0, 1000]), 'M0 16v-1h72v1z'
    + 'M0.0 16v-2.0h23.0V16zM48.0 16v-16.0h23.0V16z');
});

test('an odd rate is off the scale, a move is on it', () => {
  const rates = Array.from({ length: 40 }, (_, at) => 0.85 + (at % 5) / 1000);
  assert.deepEqual(rateScale([0.7, ...rates], [0.9, ...rates]), [0.85, 0.854]);
  const moved = [...rates, 0.87, 0.88, 0.89];
  assert.deepEqual(rateScale(moved, moved), [0.85, 0.89]);
  assert.deepEqual(rateScale([0.5, 0.9], [0.6, 1]), [0.5, 1]);
  assert.deepEqual(rateScale([1, 1, 1, 1, 1, 1, 2], [1, 1, 1, 1, 1, 1, 2]), [1, 1]);
  const [low, high] = withRoom([1, 1]);
  assert.ok(low < 1 && high > 1);
});

test('the pointer on a candle tells volume and moving average', () => {
  const bucket = { ...bucketsOf(toCells([point(0, 4688)], Noon, quarterHour), 1000)[0]! };
  const words = tellBucket(bucket, 'EUR/GBP', 0.801);
  assert.ok(words.includes('4,688 trades'));
  assert.ok(words.includes('468,800.00 EUR sold'));
  assert.ok(words.includes('for 375,040.00 GBP'));
  assert.ok(words.includes('0.801000 is the moving average'));
});

test('a scale has five to seven round ticks', () => {
  for (let low = 0.5; low < 300; low *= 1.037) {
    for (const part of [1e-5, 0.0004, 0.0021, 0.01, 0.07, 0.33]) {
      const high = low * (1 + part);
      const ticks = roundTicks(low, high);
      assert.ok(ticks.length >= 5 && ticks.length <= 7, `${low} to ${high}: ${ticks}`);
      assert.ok(ticks.every((tick) => tick >= low - 1e-9 && tick <= high + 1e-9));
    }
  }
});

test('ticks have the decimals that tell them apart', () => {
  assert.equal(rateTick(0.8525, 0.0025), '0.8525');
  assert.equal(rateTick(150, 5), '150');
  assert.deepEqual([-0.005, 0, 0.005].map((value) => changeTick(value, 0.005)),
    ['−0.5%', '0%', '+0.5%']);
});

test('rates keep off the lowest fifth, which is the volume’s', () => {
  assert.deepEqual(aboveVolume([1, 5]), [0, 5]);
});
