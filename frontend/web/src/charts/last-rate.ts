import type { Plugin } from 'chart.js';
import { price } from '../format/number.js';
import { palette } from '../theme/palette.js';
import { textWidth } from './text.js';

const Padding = 5;
const Height = 18;

/** The room right of the chart that the tag takes. */
export function tagWidth(canvas: HTMLCanvasElement, value: number): number {
  return Math.ceil(textWidth(canvas, font(), price(value))) + 2 * Padding;
}

/** A line where the newest rate is, with the rate on a tag at its end; null draws none. */
export function lastRate(value: () => number | null): Plugin<'bar' | 'line'> {
  return {
    id: 'lastRate',
    afterDatasetsDraw(chart) {
      const { ctx, chartArea: { left, right, top, bottom }, scales: { y: scale } } = chart;
      const rate = value();
      if (rate === null || !scale) return;
      const y = scale.getPixelForValue(rate);
      if (y < top || y > bottom) return;
      ctx.save();
      ctx.strokeStyle = palette.muted;
      ctx.lineWidth = 1;
      ctx.setLineDash([2, 3]);
      ctx.beginPath();
      ctx.moveTo(left, y);
      ctx.lineTo(right, y);
      ctx.stroke();
      ctx.font = font();
      ctx.fillStyle = palette.text;
      ctx.beginPath();
      ctx.roundRect(right, y - Height / 2, tagWidth(chart.canvas, rate), Height, 3);
      ctx.fill();
      ctx.fillStyle = palette.surface;
      ctx.textAlign = 'left';
      ctx.textBaseline = 'middle';
      ctx.fillText(price(rate), right + Padding, y);
      ctx.restore();
    },
  };
}

function font(): string {
  return `600 11px ${getComputedStyle(document.body).fontFamily}`;
}
