import { countryName } from '../format/country.js';
import { amount } from '../format/money.js';
import { exact } from '../format/number.js';
import { clockTime, utc } from '../format/time.js';
import type { Trade } from '../live/protocol.js';
import { dataTable, type TableCell } from '../page/data-table.js';
import { element, setAttribute, setShown } from '../page/dom.js';
import type { Panel } from './panel.js';

/** Above this the rows could not be read as they pass, so they change once a second. */
const BusyPerSecond = 20;
const BusyIntervalMs = 1000;

export function tradesPanel(): Panel {
  const table = dataTable('The last 50 trades', [
    { title: 'Time' },
    { title: 'Pair', name: 'pair' },
    { title: 'Rate', numeric: true },
    { title: 'Sold', numeric: true },
    { title: 'Bought', numeric: true, name: 'bought' },
    { title: 'Country', name: 'country' },
    { title: 'User', name: 'user' },
  ]);
  const nothing = element('p', { class: 'nothing' }, 'No trades yet.');
  nothing.hidden = true;
  const card = element(
    'section', { class: 'card', 'data-panel': 'trades', 'aria-labelledby': 'title-trades' },
    element('div', { class: 'card-head' },
      element('div', { class: 'card-titles' },
        element('h2', { id: 'title-trades' }, 'Newest trades'),
        element('p', { class: 'card-subtitle' }, 'The last 50 accepted, by time of receipt'))),
    element('div', { class: 'plot' }, table.node, nothing));

  let drawn: readonly Trade[] | null = null;
  let drawnAt = -BusyIntervalMs;

  return {
    mount: (into) => into.append(card),
    render: ({ feed, monotonicNow }) => {
      if (!feed || feed.trades === drawn) return;
      const busy = feed.summary.tradesPerSecond > BusyPerSecond;
      if (busy && monotonicNow - drawnAt < BusyIntervalMs) return;
      drawn = feed.trades;
      drawnAt = monotonicNow;
      table.fill(feed.trades.map(cells));
      setAttribute(card, 'data-points', String(feed.trades.length));
      setShown(table.node, feed.trades.length > 0);
      setShown(nothing, feed.trades.length === 0);
    },
  };
}

function cells(trade: Trade): TableCell[] {
  const { currencyFrom, currencyTo, originatingCountry } = trade;
  const received = Date.parse(trade.receivedAt);
  return [
    { text: clockTime(received), title: `${utc(received)}, placed ${trade.timePlaced}` },
    `${currencyFrom}/${currencyTo}`,
    exact(trade.rate),
    money(trade.amountSell, currencyFrom),
    money(trade.amountBuy, currencyTo),
    {
      text: `${originatingCountry} ${countryName(originatingCountry)}`,
      title: countryName(originatingCountry),
    },
    { text: trade.userId, title: trade.userId },
  ];
}

function money(value: number, currency: string): TableCell {
  return { text: `${amount(value, currency)} ${currency}`, title: `${exact(value)} ${currency}` };
}
