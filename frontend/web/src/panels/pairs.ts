import type { CsvValue } from '../app/download.js';
import { hrefOf, pairRoute } from '../app/route.js';
import { compact, exact, percent, price } from '../format/number.js';
import type { Feed } from '../live/feed.js';
import type { TableCell } from '../page/data-table.js';
import type { Actions, Panel } from './panel.js';
import { rankingPanel } from './ranking.js';

export function pairsPanel(_: Actions): Panel {
  return rankingPanel({
    name: 'pairs',
    title: 'Top pairs',
    noun: 'pair',
    metric: 'pairs',
    columns: [
      { title: 'Pair' },
      { title: 'Trades', numeric: true },
      { title: 'Over time', name: 'course' },
      { title: 'Average', numeric: true },
      { title: 'Change', numeric: true },
      { title: 'Sold', numeric: true, name: 'roomy' },
      { title: 'Bought', numeric: true, name: 'roomy' },
    ],
    rankings: (feed) => feed.pairs,
    known: (feed) => feed.summary.pairs,
    records: pairRows,
    cells: (ranking, share, route) => {
      const { pair = '', count, amountSell = NaN, amountBuy = NaN, vwap, change, trend } = ranking;
      return [
        pair === 'other' ? pair : { text: pair, href: hrefOf(pairRoute(route, pair)) },
        { text: exact(count), share },
        { text: '', trend: trend ?? [] },
        vwap === undefined ? '' : price(vwap),
        change === undefined ? '' : percent(change),
        money(amountSell, pair.split('/')[0]),
        money(amountBuy, pair.split('/')[1]),
      ];
    },
  });
}

function money(value: number, currency = ''): TableCell {
  if (Number.isNaN(value)) return '';
  return { text: `${compact(value)} ${currency}`, title: `${exact(value)} ${currency}` };
}

/** The change is a fraction of the first rate. */
export function pairRows({ pairs }: Feed): CsvValue[][] {
  return [
    ['Pair', 'Trades', 'Average', 'Change', 'Sold', 'Sold currency', 'Bought', 'Bought currency'],
    ...pairs.map((ranking) => {
      const { pair = '', count, vwap = NaN, change = NaN, amountSell = NaN, amountBuy = NaN } = ranking;
      const [from = '', to = ''] = pair.split('/');
      return [pair, count, vwap, change, amountSell, from, amountBuy, to];
    }),
  ];
}
