import { hrefOf, pairRoute } from '../app/route.js';
import type { CsvValue } from '../app/download.js';
import { currencyWords, flowChart, isPair, mostHeight } from '../charts/flow.js';
import { countryName } from '../format/country.js';
import { amount } from '../format/money.js';
import { exact, plural, rounded, share } from '../format/number.js';
import type { Feed } from '../live/feed.js';
import type { Flow } from '../live/protocol.js';
import { ChartCard } from './card.js';
import { changes, filterWords, type Actions, type Panel } from './panel.js';

/** Who sells what for what. */
export function flowsPanel({ redraw, filter }: Actions): Panel {
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
  let total = 0;
  let picked: string | null = null;
  const chart = flowChart(card.canvas, {
    tell: (flow) => flowWords(flow, total),
    pick: ({ from, to }) => {
      const pair = `${from}/${to}`;
      filter({ pair: pair === picked ? null : pair });
    },
  });
  const changed = changes();

  return {
    node: card.node,
    render: ({ feed, theme, route }) => {
      if (!feed || !changed(feed.flows, card.mode, card.sizes, theme, route)) return;
      const { flows } = feed;
      picked = feed.request.pair ?? null;
      total = flows.reduce((sum, { count }) => sum + count, 0);
      card.records = { feed, rows: () => flowRows(feed) };
      const words = filterWords(feed, countryName);
      card.subtitle(`Sold on the left, bought on the right, by trades in ${feed.range.words}`
        + (words && `, ${words}`), words ? '' : 'Pick one to see only its trades');
      const most = flows[0];
      card.report({ points: flows.length, total },
        `Currency flows in ${feed.range.words}: ${plural(total, 'trade')}`
        + (most ? `, most from ${most.from} to ${most.to} with ${exact(most.count)}.` : '.'));
      if (card.mode === 'chart') {
        card.node.style.setProperty('--most', `${mostHeight(flows)}px`);
        chart.show(flows);
        return;
      }
      card.table.fill(flows.map((flow) => {
        const { from, to, fromOthers, toOthers, count } = flow;
        const href = isPair(flow) ? hrefOf(pairRoute(route, `${from}/${to}`)) : null;
        const sold = currencyWords(from, fromOthers);
        return [href === null ? sold : { text: sold, href }, currencyWords(to, toOthers),
          { text: exact(count), share: count / (flows[0]?.count ?? 1) }, share(count / total)];
      }));
    },
  };
}

/** For the pointer; amounts where they are of one currency. */
export function flowWords(flow: Flow, total: number): string[] {
  const { from, to, count, amountSell, amountBuy, fromOthers, toOthers } = flow;
  return [
    `${currencyWords(from, fromOthers)} sold for ${currencyWords(to, toOthers)}`,
    `${plural(count, 'trade')}, ${share(count / total)} of all shown`,
    ...(amountSell === undefined ? [] : [`${amount(amountSell, from)} ${from} sold`]),
    ...(amountBuy === undefined ? [] : [`${amount(amountBuy, to)} ${to} bought`]),
  ];
}

export function flowRows({ flows }: Feed): CsvValue[][] {
  const total = flows.reduce((sum, { count }) => sum + count, 0);
  return [
    ['Sold', 'Bought', 'Trades', 'Share of all', 'Amount sold', 'Amount bought'],
    ...flows.map(({ from, to, count, amountSell = NaN, amountBuy = NaN }) =>
      [from, to, count, rounded(count / total), amountSell, amountBuy]),
  ];
}
