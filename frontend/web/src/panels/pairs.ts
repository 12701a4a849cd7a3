import { compact, exact, percent, price } from '../format/number.js';
import type { Panel } from './panel.js';
import { rankingPanel } from './ranking.js';

export function pairsPanel(redraw: () => void, pick: (pair: string) => void): Panel {
  return rankingPanel({
    card: {
      name: 'pairs',
      title: 'Top pairs',
      subtitle: 'Trades in the last 15 minutes. Pick one for its price',
      nothing: 'No trades in the last 15 minutes.',
      columns: [
        { title: 'Pair' },
        { title: 'Trades', numeric: true },
        { title: 'Sold', numeric: true },
        { title: 'Bought', numeric: true },
        { title: 'Average', numeric: true },
        { title: 'Change', numeric: true },
      ],
    },
    colour: 'green',
    noun: 'pairs',
    rankings: (view) => view.feed?.pairs ?? [],
    picked: (view) => view.state.wanted,
    name: (ranking) => ranking.pair ?? '',
    title: (ranking) => ranking.pair ?? '',
    cells: (ranking) => [
      ranking.pair ?? '',
      exact(ranking.count),
      { text: compact(ranking.amountSell), title: exact(ranking.amountSell) },
      { text: compact(ranking.amountBuy), title: exact(ranking.amountBuy) },
      price(ranking.vwap ?? 0),
      percent(ranking.change ?? 0),
    ],
    pick: (ranking) => { if (ranking.pair) pick(ranking.pair); },
  }, redraw);
}
