import { Chart } from 'chart.js';
import { plural } from '../format/number.js';
import type { Flow } from '../live/protocol.js';
import { palette, type Colour } from '../theme/palette.js';

/** The largest currencies have a colour each, always the same; the rest is grey. */
const colours: Record<string, Colour> = {
  USD: 'blue', EUR: 'orange', GBP: 'green', JPY: 'purple', CHF: 'brown',
};

const colourOf = (currency: string): Colour => colours[currency] ?? 'grey';

// A currency is sold and bought: on each side it is a node of its own.
const sold = (currency: string): string => `${currency} `;
const bought = (currency: string): string => ` ${currency}`;
const nameOf = (node: string): string => node.trim();

export interface FlowChart { show: (flows: readonly Flow[]) => void }

/** Currencies sold on the left, bought on the right, as wide as their number of trades. */
export function flowChart(canvas: HTMLCanvasElement): FlowChart {
  const chart = new Chart<'sankey', Raw[]>(canvas, {
    type: 'sankey',
    data: {
      datasets: [{
        data: [],
        colorFrom: (at) => palette[colourOf(endOf(at, 'from'))],
        colorTo: (at) => palette[colourOf(endOf(at, 'to'))],
        hoverColorFrom: (at) => palette[colourOf(endOf(at, 'from'))],
        hoverColorTo: (at) => palette[colourOf(endOf(at, 'to'))],
        alpha: 0.45,
        borderWidth: 0,
        nodeWidth: 10,
        nodePadding: 14,
        size: 'max',
      }],
    },
    options: {
      layout: { padding: { top: 4, bottom: 4 } },
      plugins: {
        tooltip: {
          callbacks: {
            title: () => '',
            label: ({ raw }) => {
              const { from, to, flow } = raw as Raw;
              return [`${nameOf(from)} sold for ${nameOf(to)}`, plural(flow, 'trade')];
            },
          },
        },
      },
    },
  });
  return {
    show: (flows) => {
      const set = chart.data.datasets[0]!;
      set.color = palette.text; // Not asked for by a function, as other colours are.
      // By name, so that a flow stays where it is when another overtakes it.
      const order = totals(flows);
      set.data = [...flows]
        .sort((a, b) => place(order, a.from) - place(order, b.from)
          || place(order, a.to) - place(order, b.to))
        .map(({ from, to, count }) => ({ from: sold(from), to: bought(to), flow: count }));
      set.labels = Object.fromEntries(flows.flatMap(({ from, to }) =>
        [[sold(from), from], [bought(to), to]]));
      chart.update('none');
    },
  };
}

interface Raw { from: string; to: string; flow: number }

interface At { dataIndex: number; dataset: { data: unknown } }

// What the plugin gives to its functions has no raw value yet.
function endOf({ dataIndex, dataset }: At, end: 'from' | 'to'): string {
  return nameOf((dataset.data as Raw[])[dataIndex]?.[end] ?? 'other');
}

function totals(flows: readonly Flow[]): string[] {
  const names = new Set(flows.flatMap(({ from, to }) => [from, to]));
  return [...names].sort((a, b) => Number(a === 'other') - Number(b === 'other')
    || a.localeCompare(b));
}

function place(order: readonly string[], name: string): number { return order.indexOf(name); }
