import { flowChart } from '../charts/flow.js';
import { countryName } from '../format/country.js';
import { exact, plural, share } from '../format/number.js';
import { ChartCard } from './card.js';
import { changes, filterWords, type Actions, type Panel } from './panel.js';

/** Who sells what for what. */
export function flowsPanel({ redraw }: Actions): Panel {
  const card = new ChartCard({
    name: 'flows',
    title: 'Currency flows',
    subtitle: '',
    nothing: 'No trades in this time.',
    columns: [
      { title: 'Sold' }, { title: 'Bought' },
      { title: 'Trades', numeric: true }, { title: 'Share', numeric: true },
    ],
  }, redraw);
  const chart = flowChart(card.canvas);
  const changed = changes();

  return {
    node: card.node,
    render: ({ feed, theme }) => {
      if (!feed || !changed(feed.flows, card.mode, theme)) return;
      const { flows } = feed;
      const total = flows.reduce((sum, { count }) => sum + count, 0);
      const tabulate = (): void => card.table.fill(flows.map(({ from, to, count }) =>
        [from, to, { text: exact(count), share: count / (flows[0]?.count ?? 1) },
          share(count / total)]));
      card.records = {
        feed,
        rows: () => [['Sold', 'Bought', 'Trades', 'Share of all'],
          ...flows.map(({ from, to, count }) => [from, to, count, count / total])],
      };
      const filter = filterWords(feed, countryName);
      card.subtitle(`Sold on the left, bought on the right, by trades in ${feed.range.words}`
        + (filter ? `, ${filter}` : ''));
      const most = flows[0];
      card.report({ points: flows.length, total },
        `Currency flows in ${feed.range.words}: ${plural(total, 'trade')}`
        + (most ? `, most from ${most.from} to ${most.to} with ${exact(most.count)}.` : '.'));
      if (card.mode === 'chart') chart.show(flows);
      else tabulate();
    },
  };
}
