import type { Bucket } from '../live/buckets.js';

export interface XY { x: number; y: number }

/** With a place that holds nothing wherever an interval is missing: a gap is no line. */
export function withGaps(points: readonly XY[], stepMs: number): XY[] {
  return points.flatMap((point, at) => {
    const before = points[at - 1];
    const missing = before !== undefined && point.x - before.x > stepMs;
    return missing ? [{ x: before.x + stepMs, y: NaN }, point] : [point];
  });
}

/**
 * A value alone between two gaps is a dot; no line would show it. One radius for all where there is
 * none: from a list the chart works out how each point looks.
 */
export function dotRadii(points: readonly XY[], radius: number): number[] | number {
  const gap = (at: number): boolean => Number.isNaN(points[at]?.y ?? NaN);
  const alone = (at: number): boolean => !gap(at) && gap(at - 1) && gap(at + 1);
  if (!points.some((_, at) => alone(at))) return 0;
  return points.map((_, at) => (alone(at) ? radius : 0));
}

/** The mean of the last rates of so many intervals that have any; from that many on. */
export function movingAverage(buckets: readonly Bucket[], length: number): XY[] {
  const points: XY[] = [];
  let sum = 0;
  for (const [at, bucket] of buckets.entries()) {
    sum += bucket.close;
    if (at >= length) sum -= buckets[at - length]!.close;
    if (at >= length - 1) points.push({ x: bucket.start, y: sum / length });
  }
  return points;
}

/** So many intervals are the beginning of a comparison. */
const Beginning = 5;

/**
 * By what fraction the last rate of each interval is off what the first ones traded at, the median
 * of their averages: two pairs on one scale, which no odd trade moves, not even the first one.
 */
export function changesFromFirst(buckets: readonly Bucket[]): XY[] {
  const averages = buckets.slice(0, Beginning).map(({ vwap }) => vwap).sort((a, b) => a - b);
  const first = averages[Math.floor(averages.length / 2)];
  if (!first) return [];
  return buckets.map(({ start, close }) => ({ x: start, y: close / first - 1 }));
}
