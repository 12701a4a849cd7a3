import type { CsvValue } from '../app/download.js';
import { countryRoute, hrefOf, pairRoute, type Route } from '../app/route.js';
import { countryName } from '../format/country.js';
import { amount } from '../format/money.js';
import { exact } from '../format/number.js';
import { clockTime, utc } from '../format/time.js';
import type { Trade } from '../live/protocol.js';
import { MaxTrades } from '../live/tape.js';
import type { TableCell } from '../page/data-table.js';
import { changes, filterWords, type Panel } from './panel.js';
import { tableCard } from './table-card.js';

/** Above this the rows could not be read as they pass, so they change once a second. */
const BusyPerSecond = 20;
const BusyIntervalMs = 1000;

export function tradesPanel(): Panel {
  const card = tableCard({
    name: 'trades',
    title: 'Newest trades',
    subtitle: '',
    nothing: 'No trades to show.',
    columns: [
      { title: 'Time' },
      { title: 'Pair', name: 'pair' },
      { title: 'Rate', numeric: true },
      { title: 'Sold', numeric: true },
      { title: 'Bought', numeric: true, name: 'bought roomy' },
      { title: 'From', name: 'from' },
      { title: 'Country', name: 'country roomy' },
      { title: 'User', name: 'user roomy' },
    ],
    attributes: { 'data-panel': 'trades' },
  });
  const changed = changes();
  let drawnAt = -BusyIntervalMs;
  let drawnFor: unknown = null;

  return {
    node: card.node,
    render: ({ feed, monotonicNow, route }) => {
      if (!feed) return;
      const busy = feed.summary.tradesPerSecond > BusyPerSecond && drawnFor === feed.request;
      if (busy && monotonicNow - drawnAt < BusyIntervalMs) return;
      if (!changed(feed.trades, route)) return;
      drawnAt = monotonicNow;
      drawnFor = feed.request;
      card.records({ feed, rows: () => tradeRows(feed.trades) });
      card.fill(feed.trades.map((trade) => cells(trade, route)));
      const filter = filterWords(feed, countryName, true);
      card.subtitle(`The last ${MaxTrades} accepted${filter ? ` ${filter}` : ''}, by time of receipt`);
    },
  };
}

export function tradeRows(trades: readonly Trade[]): CsvValue[][] {
  return [
    ['Received', 'Placed', 'Sold', 'Sold currency', 'Bought', 'Bought currency', 'Rate', 'Country',
      'User'],
    ...trades.map((trade) => [
      trade.receivedAt, trade.timePlaced, trade.amountSell, trade.currencyFrom, trade.amountBuy,
      trade.currencyTo, trade.rate, trade.originatingCountry, trade.userId,
    ]),
  ];
}

function cells(trade: Trade, route: Route): TableCell[] {
  const { currencyFrom, currencyTo, originatingCountry } = trade;
  const received = Date.parse(trade.receivedAt);
  const pair = `${currencyFrom}/${currencyTo}`;
  const name = countryName(originatingCountry);
  return [
    { text: clockTime(received), title: `${utc(received)}, placed ${trade.timePlaced}` },
    { text: pair, href: hrefOf(pairRoute(route, pair)) },
    exact(trade.rate),
    money(trade.amountSell, currencyFrom),
    money(trade.amountBuy, currencyTo),
    {
      text: originatingCountry, title: name,
      href: hrefOf(countryRoute(route, originatingCountry)),
    },
    { text: name, title: name },
    {
      text: trade.userId, title: `Only trades of ${trade.userId}`,
      href: hrefOf({ ...route, filter: { ...route.filter, user: trade.userId } }),
    },
  ];
}

function money(value: number, currency: string): TableCell {
  return { text: `${amount(value, currency)} ${currency}`, title: `${exact(value)} ${currency}` };
}
