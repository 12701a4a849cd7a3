import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Chart, ChartEvent } from 'chart.js';
import { sameTime } from '../src/charts/same-time.js';

interface Point { x: number; y: number | [number, number] }

/** One pixel is one ms; an element is its series and place. */
function chartOf(series: readonly { points: Point[]; hidden?: boolean }[]): Chart {
  return {
    scales: { x: { getValueForPixel: (pixel: number) => pixel } },
    data: { datasets: series.map(({ points }) => ({ data: points })) },
    isDatasetVisible: (at: number) => !series[at]!.hidden,
    getDatasetMeta: (at: number) => ({ data: series[at]!.points.map((_, index) => `${at}.${index}`) }),
  } as unknown as Chart;
}

test('the pointer finds what all series have at one time, wherever it is in their lists', () => {
  const chart = chartOf([
    { points: [{ x: 10, y: [1, 2] }, { x: 20, y: [2, 3] }, { x: 50, y: [2, 2] }] },
    { points: [{ x: 10, y: 1 }, { x: 20, y: 2 }, { x: 30, y: NaN }, { x: 50, y: 3 }] },
    { points: [{ x: 50, y: 9 }] },
    { points: [{ x: 20, y: 7 }], hidden: true },
  ]);
  const at = (x: number | null): unknown[] =>
    sameTime(chart, { x } as ChartEvent).map(({ element }) => element);
  assert.deepEqual(at(12), ['0.0', '1.0']);
  assert.deepEqual(at(21), ['0.1', '1.1']);
  assert.deepEqual(at(31), ['0.1', '1.1']); // a gap has nothing to tell
  assert.deepEqual(at(48), ['0.2', '1.3', '2.0']);
  assert.deepEqual(at(null), []);
  assert.deepEqual(sameTime(chartOf([]), { x: 5 } as ChartEvent), []);
});
