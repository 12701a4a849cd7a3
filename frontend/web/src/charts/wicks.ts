import type { Plugin } from 'chart.js';
import type { Bucket } from '../live/buckets.js';

/** From the lowest to the highest rate, behind the body; in the upper part of the chart. */
export function wicks(
  body: number, buckets: () => readonly Bucket[],
  tone: (at: { dataIndex: number }) => string, part: number,
): Plugin<'bar' | 'line'> {
  return {
    id: 'wicks',
    beforeDatasetDraw(chart, { index }) {
      if (index !== body || !chart.isDatasetVisible(body)) return;
      const { ctx, chartArea: area, scales: { x, y } } = chart;
      if (!x || !y) return;
      ctx.save();
      ctx.beginPath();
      ctx.rect(area.left, area.top, area.width, area.height * part);
      ctx.clip();
      ctx.lineWidth = 1.25;
      for (const [dataIndex, { start, high, low }] of buckets().entries()) {
        const at = x.getPixelForValue(start);
        ctx.strokeStyle = tone({ dataIndex });
        ctx.beginPath();
        ctx.moveTo(at, y.getPixelForValue(high));
        ctx.lineTo(at, y.getPixelForValue(low));
        ctx.stroke();
      }
      ctx.restore();
    },
  };
}
