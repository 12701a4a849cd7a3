import type { Scale } from 'chart.js';
import { clockMinute, shortDay } from '../format/time.js';

const MinuteMs = 60_000;
const HourMs = 60 * MinuteMs;
const DayMs = 24 * HourMs;

/** By how long the axis is: the step between two ticks, wide and narrow. */
const Steps: readonly { upTo: number; wide: number; narrow: number }[] = [
  { upTo: HourMs, wide: 3 * MinuteMs, narrow: 5 * MinuteMs },
  { upTo: DayMs, wide: 3 * HourMs, narrow: 6 * HourMs },
  { upTo: Infinity, wide: 5 * DayMs, narrow: 10 * DayMs },
];

/** Epoch ms on a linear scale, with ticks on whole minutes, hours or days of the reader's zone. */
export function timeAxis() {
  return {
    type: 'linear' as const,
    bounds: 'data' as const,
    border: { display: false },
    grid: { display: false },
    ticks: {
      maxRotation: 0,
      autoSkip: false,
      padding: 4,
      callback(this: Scale, value: string | number) {
        return this.max - this.min > DayMs ? shortDay(Number(value)) : clockMinute(Number(value));
      },
    },
    afterBuildTicks: (scale: Scale) => {
      const length = scale.max - scale.min;
      const { wide, narrow } = Steps.find(({ upTo }) => length <= upTo)!;
      const step = scale.width < 480 ? narrow : wide;
      const zone = new Date(scale.max).getTimezoneOffset() * MinuteMs;
      scale.ticks = [];
      const first = Math.ceil((scale.min - zone) / step) * step + zone;
      for (let at = first; at <= scale.max; at += step) scale.ticks.push({ value: at });
    },
  };
}
