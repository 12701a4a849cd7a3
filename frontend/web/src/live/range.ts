import type { RangeName } from './protocol.js';

/** How far back a view looks, and how long each of its points is. */
export interface Range {
  name: RangeName;
  title: string;
  /** `… in the last 15 minutes`. */
  words: string;
  windowMs: number;
  stepMs: number;
  /** What one point is called. */
  unit: string;
}

const SecondMs = 1000;
const MinuteMs = 60 * SecondMs;
const HourMs = 60 * MinuteMs;
const DayMs = 24 * HourMs;

export const ranges: readonly Range[] = [
  {
    name: '15m', title: '15 min', words: 'the last 15 minutes', windowMs: 15 * MinuteMs,
    stepMs: SecondMs, unit: 'second',
  },
  {
    name: '24h', title: '24 h', words: 'the last 24 hours', windowMs: DayMs, stepMs: MinuteMs,
    unit: 'minute',
  },
  {
    name: '30d', title: '30 d', words: 'the last 30 days', windowMs: 30 * DayMs, stepMs: HourMs,
    unit: 'hour',
  },
];

/** Of a table's rows: a minute, an hour or a day. */
export function rowMs({ name }: Range): number {
  return { '15m': MinuteMs, '24h': HourMs, '30d': DayMs }[name];
}

export const quarterHour = ranges[0]!;

export function rangeOf(name: string | null | undefined): Range {
  return ranges.find((range) => range.name === name) ?? quarterHour;
}
