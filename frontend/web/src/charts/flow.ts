import { Chart } from 'chart.js';
import { plural } from '../format/number.js';
import type { Flow } from '../live/protocol.js';
import { faded, palette, type Colour } from '../theme/palette.js';

const colours: readonly Colour[] = ['blue', 'orange', 'green', 'purple', 'brown', 'grey'];

/** A currency keeps the colour that it got first, in whatever order it comes. */
const colourOf = (() => {
  const given = new Map<string, Colour>();
  return (currency: string): Colour => {
    if (currency === 'other') return 'grey';
    const known = given.get(currency);
    if (known) return known;
    const next = colours[given.size % (colours.length - 1)]!;
    given.set(currency, next);
    return next;
  };
})();

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
        colorFrom: ({ raw }) => palette[colourOf(nameOf(fromOf(raw)))],
        colorTo: ({ raw }) => palette[colourOf(nameOf(toOf(raw)))],
        hoverColorFrom: ({ raw }) => faded(colourOf(nameOf(fromOf(raw))), 0.9),
        hoverColorTo: ({ raw }) => faded(colourOf(nameOf(toOf(raw))), 0.9),
        alpha: 0.45,
        borderWidth: 0,
        nodeWidth: 10,
        nodePadding: 8,
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

const fromOf = (raw: unknown): string => (raw as Raw | undefined)?.from ?? '';
const toOf = (raw: unknown): string => (raw as Raw | undefined)?.to ?? '';

function totals(flows: readonly Flow[]): string[] {
  const names = new Set(flows.flatMap(({ from, to }) => [from, to]));
  return [...names].sort((a, b) => Number(a === 'other') - Number(b === 'other')
    || a.localeCompare(b));
}

function place(order: readonly string[], name: string): number { return order.indexOf(name); }
