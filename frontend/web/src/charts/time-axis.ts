import type { LinearScaleOptions, Scale } from 'chart.js';
import { clockMinute } from '../format/time.js';

const MinuteMs = 60_000;

/** Epoch ms on a linear scale, with ticks on whole minutes of which there is room for the word. */
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
      callback: (value: string | number) => clockMinute(Number(value)),
    },
    afterBuildTicks: (scale: Scale<LinearScaleOptions>) => {
      const stepMs = (scale.width < 480 ? 5 : 3) * MinuteMs;
      const first = Math.ceil(scale.min / stepMs) * stepMs;
      scale.ticks = [];
      for (let at = first; at <= scale.max; at += stepMs) scale.ticks.push({ value: at });
    },
  };
}
