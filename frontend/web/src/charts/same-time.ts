import { Interaction, type Chart, type ChartEvent, type InteractionItem } from 'chart.js';

declare module 'chart.js' {
  interface InteractionModeMap { sameTime: typeof sameTime }
}

Interaction.modes.sameTime = sameTime;

interface Point { x: number; y: number | [number, number] }

/**
 * What each series has at the time nearest to the pointer at which any of them has something. By
 * time and not by place in the list: one has gaps, another begins later.
 */
export function sameTime(chart: Chart, { x: pixel }: ChartEvent): InteractionItem[] {
  const wanted = pixel === null ? undefined : chart.scales.x?.getValueForPixel(pixel);
  if (wanted === undefined) return [];
  const series = chart.data.datasets
    .map(({ data }, datasetIndex) => ({ datasetIndex, points: data as unknown as Point[] }))
    .filter(({ datasetIndex }) => chart.isDatasetVisible(datasetIndex));
  const times = series.flatMap(({ points }) => points.filter(isThere).map(({ x }) => x));
  const nearest = nearestTo(wanted, times);
  return series.flatMap(({ datasetIndex, points }) => {
    const index = points.findIndex((point) => point.x === nearest && isThere(point));
    const element = chart.getDatasetMeta(datasetIndex).data[index];
    return element ? [{ element, datasetIndex, index }] : [];
  });
}

function isThere({ y }: Point): boolean { return Array.isArray(y) || !Number.isNaN(y); }

function nearestTo(wanted: number, values: readonly number[]): number {
  return values.reduce(
    (best, each) => (Math.abs(each - wanted) < Math.abs(best - wanted) ? each : best), Infinity);
}
