import { Chart } from 'chart.js';
import { clockTime, utc } from '../format/time.js';
import { WindowMs, type Cell } from '../live/cells.js';
import { faded, palette, type Colour } from '../theme/palette.js';
import { fillSlots, makeSlots, type Shown } from './slots.js';
import { timeAxis } from './time-axis.js';

export interface LineLook {
  colour: Colour;
  fromZero: boolean;
  tick: (value: number, step: number) => string;
  /** The lines of the tooltip for the second that starts at `x`. */
  tell: (x: number, y: number) => string[];
}

export interface LineData {
  cells: readonly Cell[];
  nowMs: number;
  lastSecond: number;
  value: (cell: Cell) => number;
  absent: (second: number) => number;
}

export interface LineChart {
  show: (data: LineData) => Shown;
}

/** A value a second over the window. Gaps stay gaps; a second alone between two is a dot. */
export function lineChart(canvas: HTMLCanvasElement, look: LineLook): LineChart {
  const slots = makeSlots();
  const radii = slots.map(() => 0);
  const x = { ...timeAxis(), min: 0, max: WindowMs };
  const chart = new Chart<'line'>(canvas, {
    type: 'line',
    data: {
      datasets: [{
        data: slots,
        borderColor: () => palette[look.colour],
        backgroundColor: () => faded(look.colour, look.fromZero ? 0.14 : 0),
        borderWidth: 1.5,
        borderJoinStyle: 'round',
        fill: look.fromZero ? 'origin' : false,
        pointRadius: radii,
        pointBorderWidth: 0,
        pointBackgroundColor: () => palette[look.colour],
        pointHoverRadius: 4,
        pointHoverBorderWidth: 0,
        pointHoverBackgroundColor: () => palette[look.colour],
        spanGaps: false,
      }],
    },
    options: {
      parsing: false,
      interaction: { mode: 'index', axis: 'x', intersect: false },
      layout: { padding: { top: 6, right: 8 } },
      scales: {
        x,
        y: {
          beginAtZero: look.fromZero,
          grace: look.fromZero ? '8%' : '12%',
          border: { display: false },
          grid: { color: () => palette.line, drawTicks: false },
          ticks: {
            maxTicksLimit: 6,
            padding: 8,
            callback: (value, _, ticks) =>
              look.tick(Number(value), Math.abs((ticks[1]?.value ?? 0) - (ticks[0]?.value ?? 0))),
          },
        },
      },
      plugins: {
        decimation: { enabled: false },
        tooltip: {
          callbacks: {
            title: ([item]) => (item ? clockTime(item.parsed.x ?? 0) : ''),
            label: (item) => look.tell(item.parsed.x ?? 0, item.parsed.y ?? NaN),
            footer: ([item]) => (item ? utc(item.parsed.x ?? 0) : ''),
          },
        },
      },
    },
  });

  return {
    show: ({ cells, nowMs, lastSecond, value, absent }) => {
      const shown = fillSlots(slots, cells, lastSecond, value, absent);
      const gap = (at: number): boolean => Number.isNaN(slots[at]?.y ?? NaN);
      for (let at = 0; at < slots.length; at++) radii[at] = gap(at - 1) && gap(at + 1) ? 2 : 0;
      const scale = chart.options.scales!.x!;
      scale.min = nowMs - WindowMs;
      scale.max = nowMs;
      chart.update('none');
      return shown;
    },
  };
}
