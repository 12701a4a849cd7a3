import { clockMinute, clockTime, shortDay, utc } from '../format/time.js';
import { bucketsOf, type Bucket } from '../live/buckets.js';
import type { Cell } from '../live/cells.js';
import type { Range } from '../live/range.js';
import { faded, palette, type Colour } from '../theme/palette.js';
import { LateChart } from './late-chart.js';
import { paintLine } from './paint.js';
import { dotRadii } from './series.js';
import {
  fillSlots, lastToldStart, slotsOf, stepFor, toldCells, type Shown, type Slot,
} from './slots.js';
import { timeAxis } from './time-axis.js';

/** Pixels between two points. */
const PointPixels = 1;

/** Radius of a value that stands alone. */
const Dot = 3;

export interface LineLook {
  colours: readonly [Colour, Colour];
  tick: (value: number) => string;
  /** The line of the tooltip for a value of the first or the second series. */
  tell: (series: number, start: number, value: number, stepMs: number) => string;
}

export interface LineData {
  range: Range;
  nowMs: number;
  /** See `toldUntil`. */
  toldMs: number;
  /** One series, or two to compare. */
  series: readonly (readonly Cell[])[];
  value: (bucket: Bucket, stepMs: number) => number;
  absent: (start: number, stepMs: number) => number;
}

export interface LineChart { show: (data: LineData) => Shown }

/** Up to two values over a range. Gaps stay gaps; a value alone between two gaps is a dot. */
export function lineChart(canvas: HTMLCanvasElement, look: LineLook): LineChart {
  const lines: Slot[][] = [[], []];
  let stepMs = 1000;
  const chart = new LateChart<'line', Slot[]>(canvas, {
    type: 'line',
    data: { datasets: look.colours.map(dataset) },
    options: {
      parsing: false,
      interaction: { mode: 'index', axis: 'x', intersect: false },
      layout: { padding: { top: 6, right: 8 } },
      scales: {
        x: { ...timeAxis(), min: 0, max: 1 },
        y: {
          beginAtZero: true,
          grace: '8%',
          border: { display: false },
          grid: { color: () => palette.line, drawTicks: false },
          ticks: { maxTicksLimit: 6, padding: 8, callback: (value) => look.tick(Number(value)) },
        },
      },
      plugins: {
        decimation: { enabled: false },
        tooltip: {
          callbacks: {
            title: ([item]) => (item ? titleOf(item.parsed.x ?? 0, stepMs) : ''),
            label: ({ datasetIndex, parsed }) =>
              look.tell(datasetIndex, parsed.x ?? 0, parsed.y ?? NaN, stepMs),
            footer: ([item]) => (item ? utc(item.parsed.x ?? 0) : ''),
          },
        },
      },
    },
  });

  return {
    show: ({ range, nowMs, toldMs, series, value, absent }) => {
      stepMs = stepFor(range, chart.plotWidth / PointPixels);
      const last = lastToldStart(toldMs, stepMs);
      const shown = look.colours.map((_, at) => {
        const slots = lines[at] = slotsOf(lines[at]!, range.windowMs / stepMs);
        const set = chart.data.datasets[at]!;
        set.hidden = at >= series.length;
        set.data = slots;
        const buckets = bucketsOf(toldCells(series[at] ?? [], toldMs), stepMs);
        const filled = fillSlots(slots, buckets, stepMs, last,
          (bucket) => value(bucket, stepMs), (start) => absent(start, stepMs));
        paintLine(set, look.colours[at]!, dotRadii(slots, Dot));
        set.backgroundColor = faded(look.colours[at]!, at === 0 ? 0.14 : 0);
        return filled;
      });
      const scale = chart.options.scales!.x!;
      scale.min = nowMs - range.windowMs;
      scale.max = nowMs;
      chart.draw();
      return shown[0]!;
    },
  };
}

function dataset(_: Colour, at: number) {
  return {
    data: [] as Slot[],
    borderWidth: 1.5,
    borderJoinStyle: 'round' as const,
    fill: at === 0 ? 'origin' : false,
    clip: Dot, // the newest dot is whole
    pointBorderWidth: 0,
    pointHoverRadius: 4,
    pointHoverBorderWidth: 0,
    spanGaps: false,
  };
}


function titleOf(start: number, stepMs: number): string {
  return stepMs < 60_000 ? clockTime(start) : `${shortDay(start)}, ${clockMinute(start)}`;
}
