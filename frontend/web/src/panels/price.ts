import type { CsvValue } from '../app/download.js';
import { layoutOf, rememberLayout } from '../app/layout.js';
import { AverageOf, priceChart, type PriceShown, type PriceStyle } from '../charts/price.js';
import { toldUntil, type Shown } from '../charts/slots.js';
import { exact, plural, price } from '../format/number.js';
import { spanBetween } from '../format/time.js';
import { bucketsOf } from '../live/buckets.js';
import type { Cell } from '../live/cells.js';
import { knownFrom, type Feed } from '../live/feed.js';
import { rowMs } from '../live/range.js';
import { element, setShown } from '../page/dom.js';
import { ChartCard } from './card.js';
import type { Key } from './legend.js';
import { changes, type Actions, type Panel } from './panel.js';
import { instant } from './records.js';

const Name = 'price';

/** The rate of one pair, or two pairs from one beginning. */
export function pricePanel({ redraw }: Actions): Panel {
  const card = new ChartCard({
    name: Name,
    title: 'Rate and volume',
    subtitle: '',
    nothing: 'Nothing traded in this time.',
    columns: [
      { title: 'Time' }, { title: 'Pair' },
      { title: 'Trades', numeric: true }, { title: 'Average', numeric: true },
      { title: 'First', numeric: true }, { title: 'Highest', numeric: true },
      { title: 'Lowest', numeric: true }, { title: 'Last', numeric: true },
      { title: 'Sold', numeric: true },
    ],
  }, redraw);
  let chosen: PriceStyle = layoutOf(Name).style === 'line' ? 'line' : 'candles';
  const style = styleChoice(chosen, (next) => {
    chosen = next;
    rememberLayout(Name, { style: next });
    redraw();
  });
  card.tools.prepend(style);
  const chart = priceChart(card.canvas);
  const changed = changes();

  return {
    node: card.node,
    render: ({ feed, now, theme }) => {
      const second = Math.floor(now / 1000);
      if (!feed?.request.pair || !changed(feed, second, chosen, card.mode, card.sizes, theme)) return;
      const { pair, focus } = feed.request;
      setShown(style, focus === undefined);
      card.records = { feed, rows: () => priceRows(feed, pair) };
      const drawn = card.mode === 'chart' ? draw(feed, now, pair) : null;
      const shown = drawn ?? tabulate(feed, pair);
      card.title(focus ? 'Rates side by side' : 'Rate and volume');
      card.subtitle(subtitle(feed, pair));
      if (drawn) {
        card.legend(focus ? comparedKeys(pair, focus) : ownKeys(pair, chosen, drawn),
          (focus ? '0% is what was paid at the beginning. ' : '') + beyondWords(drawn.beyond));
      }
      card.report(shown, `Rate of ${pair} over ${feed.range.words}, `
        + `${plural(shown.total, 'trade')}. ${subtitle(feed, pair)}.`);
    },
  };

  function draw(feed: Feed, now: number, pair: string): PriceShown {
    const { focus } = feed.request;
    return chart.show({
      range: feed.range,
      nowMs: now,
      toldMs: toldUntil(feed.at, feed.summary.lagSeconds * 1000, feed.range.stepMs),
      cells: feed.series,
      versus: feed.focus,
      style: focus ? 'compare' : chosen,
      names: [pair, focus ?? ''],
    });
  }

  function tabulate(feed: Feed, pair: string): Shown {
    const stepMs = rowMs(feed.range);
    const from = knownFrom(feed);
    const buckets = bucketsOf(feed.series, stepMs);
    const rows = [
      ...buckets.map((each) => ({ ...each, of: pair })),
      ...bucketsOf(feed.focus, stepMs).map((each) => ({ ...each, of: feed.request.focus ?? '' })),
    ].sort((a, b) => b.start - a.start);
    card.table.fill(rows.map((each) => [
      spanBetween(Math.max(each.start, from), Math.min(each.start + stepMs, feed.at)),
      each.of, exact(each.count), price(each.vwap), price(each.open), price(each.high),
      price(each.low), price(each.close), exact(each.amountSell),
    ]));
    return {
      points: buckets.length, total: buckets.reduce((sum, { count }) => sum + count, 0),
    };
  }
}

/** Each second, minute or hour that has trades. */
export function priceRows(feed: Feed, pair: string): CsvValue[][] {
  const rowsOf = (name: string, cells: readonly Cell[]): CsvValue[][] => {
    const [from = '', to = ''] = name.split('/');
    return cells.map((cell) => [
      instant(cell.start), feed.range.stepMs / 1000, name, cell.count, cell.vwap, cell.open,
      cell.high, cell.low, cell.close, cell.amountSell, from, cell.amountBuy, to,
    ]);
  };
  return [
    ['Start', 'Seconds', 'Pair', 'Trades', 'Average', 'First', 'Highest', 'Lowest', 'Last',
      'Sold', 'Sold currency', 'Bought', 'Bought currency'],
    ...rowsOf(pair, feed.series),
    ...rowsOf(feed.request.focus ?? '', feed.focus),
  ];
}

function subtitle(feed: Feed, pair: string): string {
  const { focus } = feed.request;
  if (focus) return `${pair} beside ${focus}, in ${feed.range.words}`;
  const [from, to] = pair.split('/');
  return `${to} for one ${from}, in ${feed.range.words}`;
}

function comparedKeys(pair: string, focus: string): Key[] {
  return [
    { colour: 'blue', shape: 'line', words: pair },
    { colour: 'orange', shape: 'line', words: focus },
  ];
}

function ownKeys(pair: string, style: PriceStyle, { hasAverage }: PriceShown): Key[] {
  const candles: Key[] = [
    { colour: 'blue', shape: 'frame', words: 'risen' },
    { colour: 'orange', shape: 'box', words: 'fallen' },
  ];
  return [
    ...(style === 'candles'
      ? candles : [{ colour: 'blue', shape: 'line', words: 'last rate' } as const]),
    {
      colour: 'purple', shape: 'line', words: 'VWAP', title: 'The average, weighted by amount',
    },
    ...(hasAverage
      ? [{ colour: 'green', shape: 'dashes', words: `mean of ${AverageOf} last rates` } as const]
      : []),
    { colour: 'grey', shape: 'box', words: `${pair.split('/')[0]} sold` },
  ];
}

function beyondWords(count: number): string {
  if (count === 0) return '';
  const those = count === 1 ? 'One interval has a rate' : `${exact(count)} intervals have rates`;
  return `${those} off the scale, which the pointer tells.`;
}

function styleChoice(first: PriceStyle, choose: (style: PriceStyle) => void): HTMLElement {
  const node = element('fieldset', { class: 'choice' },
    element('legend', { class: 'unseen' }, 'Drawn as'));
  for (const [value, words] of [['candles', 'Candles'], ['line', 'Line']] as const) {
    const input = element('input', { type: 'radio', name: 'price-style', value });
    input.checked = value === first;
    input.addEventListener('change', () => choose(value));
    node.append(element('label', {}, input, element('span', {}, words)));
  }
  return node;
}
