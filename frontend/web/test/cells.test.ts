import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillSlots, lastFullSecond, makeSlots } from '../src/charts/slots.js';
import { mergeCells, toCells, WindowSeconds } from '../src/live/cells.js';
import { serverNow } from '../src/live/clock.js';
import { byMinute } from '../src/live/minutes.js';
import { Noon, point } from './samples.js';

test('a point replaces the one with the same start', () => {
  const cells = mergeCells(toCells([point(0, 1), point(1, 2)], Noon), [point(1, 5)], Noon);
  assert.deepEqual(cells.map((cell) => cell.count), [1, 5]);
});

test('a late point goes where it belongs', () => {
  const cells = mergeCells(toCells([point(0, 1), point(4, 2)], Noon), [point(2, 3)], Noon);
  assert.deepEqual(cells.map((cell) => cell.count), [1, 3, 2]);
});

test('what leaves the window is dropped and the array is bounded', () => {
  const points = Array.from({ length: 1200 }, (_, second) => point(second, 1));
  const cells = toCells(points, Noon + 1199_000);
  assert.equal(cells.length, WindowSeconds);
  assert.equal(cells[0]?.start, Noon + 300_000);
  assert.deepEqual(mergeCells(cells, [], Noon + 9_999_000), []);
});

test('merging leaves the earlier array as it was', () => {
  const before = toCells([point(0, 1)], Noon);
  mergeCells(before, [point(0, 9)], Noon);
  assert.equal(before[0]?.count, 1);
});

test('the server clock goes on by monotonic time alone', () => {
  assert.equal(serverNow({ at: Noon, arrivedAt: 5000 }, 6250), Noon + 1250);
});

test('the second that is still filling is not drawn', () => {
  assert.equal(lastFullSecond(Noon + 900, 0), Noon - 1000);
  assert.equal(lastFullSecond(Noon + 100, 200), Noon - 2000);
  assert.equal(lastFullSecond(Noon + 100, 600_000), Noon - 2000);
});

test('slots end at the last second; absent seconds get what the chart says of them', () => {
  const slots = makeSlots();
  const cells = toCells([point(0, 4), point(2, 6)], Noon + 3000);
  const shown = fillSlots(slots, cells, Noon + 3000, (cell) => cell.count,
    (second) => (second > Noon ? 0 : NaN));
  assert.deepEqual(slots.slice(-5).map((slot) => slot.y), [NaN, 4, 0, 6, 0]);
  assert.equal(slots.at(-1)?.x, Noon + 3000);
  assert.deepEqual(shown, { points: 4, total: 10 });
});

test('minutes are merged newest first, the price weighted by amount', () => {
  const dear = { ...point(30, 3), vwap: 0.9, high: 0.95, close: 0.9 };
  const [last, first] = byMinute(toCells([point(0, 1), dear, point(60, 2)], Noon));
  assert.equal(last?.count, 2);
  assert.equal(first?.count, 4);
  assert.equal(first?.highest, 3);
  assert.equal(first?.vwap.toFixed(4), '0.8750');
  assert.equal(first?.high, 0.95);
  assert.equal(first?.close, 0.9);
});
