import type {} from 'chartjs-chart-sankey'; // what a chart of that type is
import type { Flow } from '../live/protocol.js';
import { faded, palette, type Colour } from '../theme/palette.js';
import { LateChart } from './late-chart.js';

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

/** A band is at most so wide: a pair alone is no wall. */
const WidestBand = 72;

/** Between two currencies, so that labels of narrow ones do not touch. */
const Gap = 15;

/** Above and below all of them. */
const Edge = 6;

/** Currencies sold on the left, bought on the right, as wide as their number of trades. */
export function flowChart(
  canvas: HTMLCanvasElement, look: { tell: (flow: Flow) => string[]; pick: (flow: Flow) => void },
): FlowChart {
  const flowAt = (index: number | undefined): Flow | undefined =>
    (index === undefined ? undefined : chart.data.datasets[0]!.data[index]?.of);
  const chart: LateChart<'sankey', Raw[]> = new LateChart<'sankey', Raw[]>(canvas, {
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
        nodePaddingMode: 'even',
        size: 'max',
      }],
    },
    options: {
      onHover: (_, [over]) => {
        const flow = flowAt(over?.index);
        canvas.style.cursor = flow && isPair(flow) ? 'pointer' : '';
      },
      onClick: (_, [over]) => {
        const flow = flowAt(over?.index);
        if (flow && isPair(flow)) look.pick(flow);
      },
      plugins: {
        tooltip: {
          callbacks: { title: () => '', label: ({ raw }) => look.tell((raw as Raw).of) },
        },
      },
    },
  });
  return {
    show: (flows) => {
      const set = chart.data.datasets[0]!;
      set.color = palette.text; // Not asked for by a function, as other colours are.
      // So that bands do not strike the names through.
      set.nodeLabels = { backgroundColor: faded('surface', 0.75), borderRadius: 4, padding: 1 };
      // By name, so that a flow stays where it is when another overtakes it.
      const order = totals(flows);
      set.data = [...flows]
        .sort((a, b) => place(order, a.from) - place(order, b.from)
          || place(order, a.to) - place(order, b.to))
        .map((of) => ({ from: sold(of.from), to: bought(of.to), flow: of.count, of }));
      set.labels = Object.fromEntries(flows.flatMap(({ from, to, fromOthers, toOthers }) => [
        [sold(from), currencyWords(from, fromOthers)],
        [bought(to), currencyWords(to, toOthers)],
      ]));
      const height = Math.max(1, Math.min(chart.height, mostHeight(flows)) - 2 * Edge);
      const edge = Math.max(0, chart.height - height) / 2;
      chart.options.layout = { padding: { top: edge, bottom: edge } };
      // The plugin takes it for pixels before it makes room for all of them.
      set.nodePadding = Gap / Math.max(0.2, 1 - (Gap * (nodesOf(flows) - 1)) / height);
      chart.draw();
    },
  };
}

/** `USD`, or `other (23 currencies)`. */
export function currencyWords(currency: string, others?: number): string {
  if (!others) return currency;
  return `${currency} (${others} ${others === 1 ? 'currency' : 'currencies'})`;
}

/** Whether both ends are one currency each. */
export function isPair({ from, to }: Flow): boolean { return from !== 'other' && to !== 'other'; }

/** As many pixels as are drawn at most. */
export function mostHeight(flows: readonly Flow[]): number {
  return nodesOf(flows) * (WidestBand + Gap) + 2 * Edge;
}

/** Of the longer side. */
function nodesOf(flows: readonly Flow[]): number {
  return Math.max(
    new Set(flows.map(({ from }) => from)).size, new Set(flows.map(({ to }) => to)).size);
}

interface Raw { from: string; to: string; flow: number; of: Flow }

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
