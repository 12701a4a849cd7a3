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

/**
 * By what fraction the last rate of each interval is off what the first interval traded at on
 * average: two pairs on one scale, which no single odd trade moves.
 */
export function changesFromFirst(buckets: readonly Bucket[]): XY[] {
  const first = buckets[0]?.vwap;
  if (!first) return [];
  return buckets.map(({ start, close }) => ({ x: start, y: close / first - 1 }));
}
