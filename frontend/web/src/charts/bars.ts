import { faded, palette, type Colour } from '../theme/palette.js';
import { barCounts, countsWidth } from './bar-counts.js';
import { LateChart } from './late-chart.js';
import type { Shown } from './slots.js';

const MaxBars = 6;
const LongestLabel = 22;

export interface Bar {
  label: string;
  count: number;
  /** Drawn in full colour while the others step back. */
  picked?: boolean;
}

export interface BarLook {
  colour: Colour;
  title: (index: number) => string;
  tell: (index: number) => string[];
  pick?: (index: number) => void;
}

export interface BarChart {
  /** As many as there is room for. */
  most: number;
  show: (bars: readonly Bar[]) => Shown;
}

/** Where all is one column, a short ranking is a short card. */
const narrow = matchMedia('(max-width: 719px)');

/**
 * Up to six bars from the top down. Beside other cards there are always six places, and those
 * without a bar stay empty, so that none is ever fat.
 */
export function barChart(canvas: HTMLCanvasElement, look: BarLook): BarChart {
  const slots = Array.from({ length: MaxBars }, (_, y) => ({ x: NaN, y }));
  const labels = slots.map(() => '');
  let bars: readonly Bar[] = [];

  const chart = new LateChart<'bar', { x: number; y: number }[], string>(canvas, {
    type: 'bar',
    plugins: [barCounts],
    data: {
      labels,
      datasets: [{
        data: slots,
        indexAxis: 'y',
        maxBarThickness: 14,
        borderRadius: 3,
        minBarLength: 2,
        backgroundColor: ({ dataIndex }) => {
          const stepsBack = bars.some((bar) => bar.picked) && !bars[dataIndex]?.picked;
          return stepsBack ? faded(look.colour, 0.55) : palette[look.colour];
        },
      }],
    },
    options: {
      parsing: false,
      indexAxis: 'y',
      interaction: { mode: 'index', axis: 'y', intersect: false },
      scales: {
        x: { display: false, beginAtZero: true },
        y: {
          border: { display: false },
          grid: { display: false },
          ticks: { autoSkip: false, padding: 8, crossAlign: 'far', color: () => palette.text },
        },
      },
      plugins: {
        tooltip: {
          filter: ({ dataIndex }) => dataIndex < bars.length,
          callbacks: {
            title: ([item]) => (item ? look.title(item.dataIndex) : ''),
            label: ({ dataIndex }) => look.tell(dataIndex),
          },
        },
      },
      onHover: (_, elements) => {
        const over = look.pick !== undefined && (elements[0]?.index ?? MaxBars) < bars.length;
        canvas.style.cursor = over ? 'pointer' : '';
      },
      onClick: (_, elements) => {
        const index = elements[0]?.index ?? MaxBars;
        if (index < bars.length) look.pick?.(index);
      },
    },
  });

  const show = (next: readonly Bar[]): Shown => {
    bars = next.slice(0, MaxBars);
    for (const [index, slot] of slots.entries()) {
      slot.x = bars[index]?.count ?? NaN;
      labels[index] = shortened(bars[index]?.label ?? '');
    }
    const places = narrow.matches ? Math.max(1, bars.length) : MaxBars;
    chart.data.labels = labels.slice(0, places);
    chart.data.datasets[0]!.data = slots.slice(0, places);
    const counts = bars.map((bar) => bar.count);
    chart.options.layout = { padding: { right: countsWidth(canvas, counts) } };
    chart.options.scales!.x!.max = Math.max(1, ...counts);
    chart.draw();
    return { points: bars.length, total: counts.reduce((sum, count) => sum + count, 0) };
  };
  narrow.addEventListener('change', () => show(bars));
  return { most: MaxBars, show };
}

function shortened(label: string): string {
  return label.length <= LongestLabel ? label : `${label.slice(0, LongestLabel - 1)}…`;
}
