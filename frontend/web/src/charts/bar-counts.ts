import type { Plugin } from 'chart.js';
import { exact } from '../format/number.js';
import { palette } from '../theme/palette.js';
import { textWidth } from './text.js';

const Gap = 8;

/** The room the longest count needs beside its bar. */
export function countsWidth(canvas: HTMLCanvasElement, values: readonly number[]): number {
  const longest = values.reduce((most, value) => Math.max(most, exact(value).length), 1);
  return Math.ceil(textWidth(canvas, font(), '0'.repeat(longest))) + Gap + 2;
}

/** Writes the exact count at the end of each bar, so that no axis is needed. */
export const barCounts: Plugin<'bar'> = {
  id: 'barCounts',
  afterDatasetsDraw(chart) {
    const { ctx } = chart;
    ctx.save();
    ctx.font = font();
    ctx.fillStyle = palette.text;
    ctx.textAlign = 'left';
    ctx.textBaseline = 'middle';
    const { data } = chart.getDatasetMeta(0);
    for (const [index, bar] of data.entries()) {
      const slot = chart.data.datasets[0]?.data[index] as { x: number } | undefined;
      if (slot && !Number.isNaN(slot.x)) ctx.fillText(exact(slot.x), bar.x + Gap, bar.y);
    }
    ctx.restore();
  },
};

function font(): string {
  return `12px ${getComputedStyle(document.body).fontFamily}`;
}
