import type { ChartDataset } from 'chart.js';
import { percent } from '../format/number.js';
import { utc } from '../format/time.js';
import { bucketsOf, type Bucket } from '../live/buckets.js';
import type { Cell } from '../live/cells.js';
import type { Range } from '../live/range.js';
import { faded, palette, type Colour } from '../theme/palette.js';
import { lastRate, tagWidth } from './last-rate.js';
import { LateChart } from './late-chart.js';
import { paintLine } from './paint.js';
import { bucketTitle, changeTick, rateTick, tellBucket } from './price-words.js';
import { aboveVolume, rateScale, VolumePart, withRoom } from './rate-scale.js';
import { lastToldStart, stepFor, type Shown } from './slots.js';
import { changesFromFirst, dotRadii, movingAverage, withGaps, type XY } from './series.js';
import './same-time.js';
import { roundTicks } from './ticks.js';
import { timeAxis } from './time-axis.js';
import { wicks } from './wicks.js';

const CandlePixels = 8;
export const AverageOf = 10;

export type PriceStyle = 'candles' | 'line' | 'compare';

export interface PriceData {
  range: Range;
  nowMs: number;
  /** See `toldUntil`. */
  toldMs: number;
  cells: readonly Cell[];
  /** Of the pair to compare with. */
  versus: readonly Cell[];
  style: PriceStyle;
  names: readonly [string, string];
}

export interface PriceShown extends Shown {
  /** Whether there are as many rates as the moving average takes. */
  hasAverage: boolean;
  /** Intervals with a rate that lies off the scale. */
  beyond: number;
}

export interface PriceChart { show: (data: PriceData) => PriceShown }

type Candle = { x: number; y: [number, number] };
type Mixed = ChartDataset<'bar' | 'line', (XY | Candle)[]>;

/** Radius of a value that stands alone; the newest one is drawn whole. */
const Dot = 3;

const Body = 0;
const Volume = 1;
const Average = 2;
const Vwap = 3;
const Close = 4;
const First = 5;
const Second = 6;

const colours: Readonly<Record<number, Colour>> = {
  [Average]: 'green', [Vwap]: 'purple', [Close]: 'blue', [First]: 'blue', [Second]: 'orange',
};

/** The rate of a pair: candles or a line, its VWAP, a moving average, and the volume below. */
export function priceChart(canvas: HTMLCanvasElement): PriceChart {
  let buckets: Bucket[] = [];
  let byStart = new Map<number, Bucket>();
  let averages = new Map<number, number>();
  let stepMs = 1000;
  let names: readonly [string, string] = ['', ''];
  let compares = false;
  /** Where rates are drawn, without the part of the volume. */
  let rates: readonly [number, number] = [0, 1];
  // An interval is drawn about its middle, so that it ends where the next one begins.
  const inTheMiddle = <P extends { x: number }>(point: P): P => (
    { ...point, x: point.x + stepMs / 2 });
  const startOf = (x: number | null | undefined): number => (x ?? 0) - stepMs / 2;
  const rises = (index: number): boolean => {
    const bucket = buckets[index];
    return bucket ? bucket.close >= bucket.open : true;
  };
  const tone = ({ dataIndex }: { dataIndex: number }): string =>
    (rises(dataIndex) ? palette.blue : palette.orange);

  const datasets: Mixed[] = [
    {
      type: 'bar', data: [], order: 3, borderSkipped: false, borderWidth: 1.25, minBarLength: 1,
      borderColor: tone, grouped: false,
      backgroundColor: (at) => (rises(at.dataIndex) ? palette.surface : palette.orange),
    },
    {
      type: 'bar', data: [], order: 4, yAxisID: 'volume', grouped: false,
      backgroundColor: () => faded('grey', 0.35),
    },
    line(2, 1, [4, 3]), line(2, 1.5), line(1, 1.5), line(1, 1.5), line(1, 1.5),
  ];
  const chart = new LateChart<'bar' | 'line', (XY | Candle)[]>(canvas, {
    type: 'bar',
    data: { datasets },
    plugins: [
      wicks(Body, () => buckets, tone, 1 - VolumePart),
      lastRate(() => (compares ? null : buckets.at(-1)?.close ?? null)),
    ],
    options: {
      interaction: { mode: 'sameTime' },
      scales: {
        x: { ...timeAxis(), min: 0, max: 1, offset: false },
        y: {
          beginAtZero: false,
          border: { display: false },
          grid: { color: () => palette.line, drawTicks: false },
          ticks: {
            autoSkip: false,
            padding: 8,
            callback: (value, _, ticks) => (compares ? changeTick : rateTick)(
              Number(value), Math.abs((ticks[1]?.value ?? 0) - (ticks[0]?.value ?? 0))),
          },
          afterBuildTicks: (scale) => {
            scale.ticks = roundTicks(...rates).map((value) => ({ value }));
          },
        },
        volume: { display: false, beginAtZero: true },
      },
      plugins: {
        tooltip: {
          backgroundColor: () => faded('surface', 0.85),
          padding: 8,
          filter: ({ datasetIndex }, index) => index === 0
            || datasetIndex === First || datasetIndex === Second,
          callbacks: {
            title: ([item]) => (item ? bucketTitle(startOf(item.parsed.x), stepMs) : ''),
            label: ({ datasetIndex, parsed }) => {
              if (datasetIndex === First || datasetIndex === Second) {
                return `${names[datasetIndex - First]}: ${percent(parsed.y ?? NaN)}`;
              }
              const bucket = byStart.get(startOf(parsed.x));
              return bucket && tellBucket(bucket, names[0], averages.get(bucket.start));
            },
            footer: ([item]) => (item ? utc(startOf(item.parsed.x)) : ''),
          },
        },
      },
    },
  });

  const show = (data: PriceData): PriceShown => {
    const { range, style, cells, versus } = data;
    names = data.names;
    const width = chart.plotWidth;
    stepMs = stepFor(range, style === 'candles' ? width / CandlePixels : width / 2);
    const last = lastToldStart(data.toldMs, stepMs);
    buckets = bucketsOf(cells, stepMs).filter(({ start }) => start <= last);
    byStart = new Map(buckets.map((bucket) => [bucket.start, bucket]));
    const set = (at: number, shown: boolean, points: () => (XY | Candle)[]): void => {
      datasets[at]!.data = shown ? points().map(inTheMiddle) : [];
      datasets[at]!.hidden = !shown;
    };
    compares = style === 'compare';
    set(Body, style === 'candles', () => buckets.map(
      ({ start, open, close }) => ({ x: start, y: [open, close] as [number, number] })));
    set(Volume, !compares, () => buckets.map(
      ({ start, amountSell }) => ({ x: start, y: amountSell })));
    const trace = (at: number, shown: boolean, points: () => XY[]): void => {
      const traced = shown ? withGaps(points(), stepMs) : [];
      set(at, shown, () => traced);
      const isBehind = at === Vwap && style === 'candles'; // a dot would hide the candle
      paintLine(datasets[at]!, colours[at]!, isBehind ? 0 : dotRadii(traced, Dot));
    };
    const average = compares ? [] : movingAverage(buckets, AverageOf);
    averages = new Map(average.map(({ x, y }) => [x, y]));
    trace(Average, average.length > 0, () => average);
    trace(Vwap, !compares, () => buckets.map(({ start, vwap }) => ({ x: start, y: vwap })));
    trace(Close, style === 'line', () => buckets.map(
      ({ start, close }) => ({ x: start, y: close })));
    const other = compares ? bucketsOf(versus, stepMs).filter(({ start }) => start <= last) : [];
    const [first, second] = compares
      ? [changesFromFirst(buckets), changesFromFirst(other)] : [[], []];
    trace(First, compares, () => first);
    trace(Second, compares, () => second);
    const changes = [...first, ...second].map(({ y }) => y);
    const [lows, highs] = compares ? [changes, changes]
      : [buckets.map(({ low }) => low), buckets.map(({ high }) => high)];
    const [low, high] = rateScale(lows, highs);
    const thickness = Math.max(1, (width * stepMs) / range.windowMs - 2);
    for (const at of [Body, Volume]) {
      (datasets[at] as { barThickness?: number }).barThickness = Math.min(12, thickness);
    }
    const scales = chart.options.scales!;
    // The newest interval has its whole width, though it is not over.
    const endMs = Math.max(data.nowMs, last + stepMs);
    scales.x!.min = endMs - range.windowMs;
    scales.x!.max = endMs;
    rates = withRoom([low, high]);
    [scales.y!.min, scales.y!.max] = compares ? rates : aboveVolume(rates);
    const most = Math.max(1e-9, ...buckets.map(({ amountSell }) => amountSell));
    scales.volume!.max = most / VolumePart;
    const end = compares ? undefined : buckets.at(-1)?.close;
    const right = end === undefined ? 8 : tagWidth(canvas, end);
    chart.options.layout = { padding: { top: 6, right } };
    // What lies off the scale does not reach into the volume.
    const bottom = compares ? 0 : -VolumePart * chart.plotHeight;
    for (const at of datasets.keys()) {
      if (at !== Volume) datasets[at]!.clip = { left: 0, right: Dot, top: 0, bottom };
    }
    chart.draw();
    return {
      points: buckets.length + other.length,
      total: buckets.reduce((sum, { count }) => sum + count, 0),
      hasAverage: average.length > 0,
      beyond: lows.filter((each, at) => each < low || highs[at]! > high).length,
    };
  };
  return { show };
}

function line(order: number, width: number, dash?: number[]) {
  return {
    type: 'line' as const,
    data: [] as XY[],
    order,
    borderWidth: width,
    ...(dash && { borderDash: dash }),
    pointBorderWidth: 0,
    pointHoverRadius: 4,
    hidden: true,
  };
}
