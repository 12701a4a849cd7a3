import { amount } from '../format/money.js';
import { plural, price } from '../format/number.js';
import { clockMinute, clockTime, shortDay } from '../format/time.js';
import type { Bucket } from '../live/buckets.js';
import { decimalsOf } from './ticks.js';

/** What happened in an interval, for a tooltip; the moving average where there is one. */
export function tellBucket(bucket: Bucket, pair: string, movingAverage?: number): string[] {
  const { open, high, low, close, vwap, count, amountSell, amountBuy } = bucket;
  const [from = '', to = ''] = pair.split('/');
  return [
    `first ${price(open)}, last ${price(close)}`,
    `from ${price(low)} to ${price(high)}`,
    `${price(vwap)} on average`,
    ...(movingAverage === undefined ? [] : [`${price(movingAverage)} is the moving average`]),
    plural(count, 'trade'),
    `${amount(amountSell, from)} ${from} sold`,
    `for ${amount(amountBuy, to)} ${to}`,
  ];
}

/** When it began. */
export function bucketTitle(start: number, stepMs: number): string {
  return stepMs < 60_000 ? clockTime(start) : `${shortDay(start)}, ${clockMinute(start)}`;
}

export function rateTick(value: number, step: number): string {
  const decimals = decimalsOf(step);
  return value.toLocaleString('en',
    { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** Of a change as a fraction: `−0.5%`, `0%`, `+0.5%`. */
export function changeTick(value: number, step: number): string {
  if (Math.abs(value) < step / 2) return '0%';
  const sign = value < 0 ? '−' : '+';
  return `${sign}${rateTick(Math.abs(value) * 100, step * 100)}%`;
}
