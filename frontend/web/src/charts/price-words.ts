import { price } from '../format/number.js';
import { clockMinute, clockTime, shortDay } from '../format/time.js';
import type { Bucket } from '../live/buckets.js';

/** What happened in an interval, for a tooltip. */
export function tellBucket(bucket: Bucket | undefined): string[] {
  if (!bucket) return [];
  const { open, high, low, close, vwap, count } = bucket;
  return [
    `first ${price(open)}, last ${price(close)}`,
    `from ${price(low)} to ${price(high)}`,
    `${price(vwap)} on average`,
    `${count} ${count === 1 ? 'trade' : 'trades'}`,
  ];
}

/** When it began. */
export function bucketTitle(start: number, stepMs: number): string {
  return stepMs < 60_000 ? clockTime(start) : `${shortDay(start)}, ${clockMinute(start)}`;
}

/** As many decimals as the step between two ticks has. */
export function rateTick(value: number, step: number): string {
  const decimals = step > 0 ? Math.min(10, Math.max(0, -Math.floor(Math.log10(step) + 1e-9))) : 4;
  return value.toLocaleString('en',
    { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}
