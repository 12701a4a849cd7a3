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
      const { ctx, chartArea: area, scales: { y } } = chart;
      if (!y) return;
      ctx.save();
      ctx.beginPath();
      ctx.rect(area.left, area.top, area.width, area.height * part);
      ctx.clip();
      ctx.lineWidth = 1.25;
      const bodies = chart.getDatasetMeta(body).data;
      for (const [dataIndex, { high, low }] of buckets().entries()) {
        const at = bodies[dataIndex]?.x;
        if (at === undefined) continue;
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
