import type { Bucket } from '../live/buckets.js';

interface XY { x: number; y: number }

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

/** The last rate of each interval, the first one being 100: two pairs on one scale. */
export function rebased(buckets: readonly Bucket[]): XY[] {
  const first = buckets[0]?.open;
  if (!first) return [];
  return buckets.map(({ start, close }) => ({ x: start, y: (close / first) * 100 }));
}
