import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  fillSlots, lastToldStart, slotsOf, stepFor, toldCells, toldSeconds, toldUntil,
} from '../src/charts/slots.js';
import { bucketsOf } from '../src/live/buckets.js';
import { mergeCells, toCells } from '../src/live/cells.js';
import { serverNow } from '../src/live/clock.js';
import { quarterHour, rangeOf, ranges } from '../src/live/range.js';
import { Noon, point } from './samples.js';

test('a point replaces the one with the same start', () => {
  const before = toCells([point(0, 1), point(1, 2)], Noon, quarterHour);
  const cells = mergeCells(before, [point(1, 5)], Noon, quarterHour);
  assert.deepEqual(cells.map((cell) => cell.count), [1, 5]);
});

test('a late point goes where it belongs', () => {
  const before = toCells([point(0, 1), point(4, 2)], Noon, quarterHour);
  const cells = mergeCells(before, [point(2, 3)], Noon, quarterHour);
  assert.deepEqual(cells.map((cell) => cell.count), [1, 3, 2]);
});

test('what leaves the window is dropped and the array is bounded', () => {
  const points = Array.from({ length: 1200 }, (_, second) => point(second, 1));
  const cells = toCells(points, Noon + 1199_000, quarterHour);
  assert.equal(cells.length, 900);
  assert.equal(cells[0]?.start, Noon + 300_000);
  assert.deepEqual(mergeCells(cells, [], Noon + 9_999_000, quarterHour), []);
});

test('merging leaves the earlier array as it was', () => {
  const before = toCells([point(0, 1)], Noon, quarterHour);
  mergeCells(before, [point(0, 9)], Noon, quarterHour);
  assert.equal(before[0]?.count, 1);
});

test('the server clock goes on by monotonic time alone', () => {
  assert.equal(serverNow({ at: Noon, arrivedAt: 5000 }, 6250), Noon + 1250);
});

test('the second that is still filling is not drawn, a longer interval is', () => {
  const told = (ms: number, lagMs: number): number => toldUntil(Noon + ms, lagMs, 1000);
  assert.equal(lastToldStart(told(900, 0), 1000), Noon - 1000);
  assert.equal(lastToldStart(told(100, 200), 1000), Noon - 2000);
  assert.equal(lastToldStart(told(100, 600_000), 1000), Noon - 2000);
  assert.equal(lastToldStart(told(5500, 0), 60_000), Noon);
  assert.equal(toldSeconds(Noon, 60_000, { fromMs: 0, toMs: told(5500, 0) }), 5);
  assert.equal(toldSeconds(Noon, 60_000, { fromMs: 0, toMs: told(90_000, 0) }), 60);
  assert.equal(toldSeconds(Noon, 60_000, { fromMs: 0, toMs: toldUntil(Noon + 5500, 0, 60_000) }), 5.5);
  // Nothing is known of the time before the first trade.
  assert.equal(toldSeconds(Noon, 60_000, { fromMs: Noon + 20_000, toMs: told(90_000, 0) }), 40);
});

test('under steady load the newest point is as high as the others, at any moment', () => {
  const perSecond = 2405;
  for (const { stepMs: cellMs } of ranges) {
    for (const cellsOfStep of [1, 2, 5]) {
      for (let ms = 5 * cellMs; ms < 15 * cellMs; ms += cellMs / 8) {
        const step = cellMs * cellsOfStep;
        // The cell that has begun holds what came in it so far.
        const cells = Array.from({ length: Math.floor(ms / cellMs) + 1 }, (_, at) => {
          const seconds = Math.min(cellMs, ms - at * cellMs) / 1000;
          return { ...point(0, Math.round(perSecond * seconds)), start: Noon + at * cellMs };
        });
        const told = toldUntil(Noon + ms, 0, cellMs);
        const slots = slotsOf([], 3);
        fillSlots(slots, bucketsOf(toldCells(cells, told), step), step,
          lastToldStart(told, step), ({ start, count }) => count / toldSeconds(start, step, { fromMs: 0, toMs: told }),
          () => NaN);
        const last = slots.at(-1)!.y;
        assert.ok(Math.abs(last / perSecond - 1) < 0.1, `${last} in ${step} ms at ${ms} ms`);
      }
    }
  }
});

test('there are no more points than there is room for, and steps are whole cells', () => {
  assert.equal(stepFor(quarterHour, 2000), 1000);
  assert.equal(stepFor(quarterHour, 300), 5000);
  assert.equal(stepFor(rangeOf('24h'), 700), 300_000);
  assert.equal(stepFor(rangeOf('30d'), 90), 28_800_000);
  for (const range of ranges) {
    for (const room of [1, 90, 333, 900, 3000]) {
      const step = stepFor(range, room);
      assert.equal(step % range.stepMs, 0);
      assert.ok(range.windowMs / step <= Math.max(room, 30), `${range.name} in ${room}`);
    }
  }
});

test('slots end at the last second; absent seconds get what the chart says of them', () => {
  const slots = slotsOf([], 900);
  const cells = toCells([point(0, 4), point(2, 6)], Noon + 3000, quarterHour);
  const shown = fillSlots(slots, cells, 1000, Noon + 3000, (cell) => cell.count,
    (second) => (second > Noon ? 0 : NaN));
  assert.deepEqual(slots.slice(-5).map((slot) => slot.y), [NaN, 4, 0, 6, 0]);
  assert.equal(slots.at(-1)?.x, Noon + 3000);
  assert.deepEqual(shown, { points: 4, total: 10 });
});

test('cells are merged into buckets, the price weighted by amount', () => {
  const dear = { ...point(30, 3), vwap: 0.9, high: 0.95, close: 0.9 };
  const cells = toCells([point(0, 1), dear, point(60, 2)], Noon, quarterHour);
  const [first, last] = bucketsOf(cells, 60_000);
  assert.equal(last?.count, 2);
  assert.equal(first?.count, 4);
  assert.equal(first?.highest, 3);
  assert.equal(first?.vwap.toFixed(4), '0.8750');
  assert.equal(first?.high, 0.95);
  assert.equal(first?.close, 0.9);
});
