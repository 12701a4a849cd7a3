import type { CsvValue } from '../app/download.js';
import { lineChart } from '../charts/line.js';
import { toldCells, toldSeconds, toldUntil, type Shown } from '../charts/slots.js';
import { countryName } from '../format/country.js';
import { exact, plural, rate, scaled } from '../format/number.js';
import { span, spanBetween, stepWords } from '../format/time.js';
import { bucketsOf } from '../live/buckets.js';
import { knownFrom, type Feed } from '../live/feed.js';
import { rowMs } from '../live/range.js';
import { ChartCard } from './card.js';
import { changes, filterWords, type Actions, type Panel } from './panel.js';
import { instant } from './records.js';

/** Trades per second over the range; with a second pair or country where one is compared. */
export function throughputPanel({ redraw }: Actions): Panel {
  const card = new ChartCard({
    name: 'throughput',
    title: 'Trades per second',
    subtitle: 'Last 15 minutes',
    nothing: 'No trades in this time.',
    columns: [
      { title: 'Time' },
      { title: 'Trades', numeric: true },
      { title: 'A second', numeric: true },
    ],
  }, redraw);
  let feedShown: Feed | null = null;
  const chart = lineChart(card.canvas, {
    colours: ['blue', 'orange'],
    tick: scaled,
    tell: (series, start, perSecond, stepMs) => {
      if (!feedShown) return '';
      const seconds = toldSeconds(start, stepMs, known(feedShown));
      const name = seriesName(feedShown, series);
      const length = seconds * 1000 < stepMs
        ? `${span(seconds * 1000)} so far` : stepWords(stepMs);
      const said = `${plural(Math.round(perSecond * seconds), 'trade')} in ${length}`;
      const each = stepMs > 1000 ? `, ${rate(perSecond)} a second` : '';
      return `${name ? `${name}: ` : ''}${said}${each}`;
    },
  });
  const changed = changes();

  return {
    node: card.node,
    render: ({ feed, now, theme }) => {
      const step = feed ? Math.floor(now / 1000) : 0;
      if (!feed || !changed(feed, step, card.mode, card.sizes, theme)) return;
      feedShown = feed;
      card.records = { feed, rows: () => throughputRows(feed) };
      const shown = card.mode === 'chart' ? draw(feed, now) : tabulate(feed);
      const { words } = feed.range;
      card.subtitle(subtitle(feed));
      card.legend(versusOf(feed) === undefined ? [] : [
        { colour: 'blue', shape: 'line', words: seriesName(feed, 0) },
        { colour: 'orange', shape: 'line', words: seriesName(feed, 1) },
      ]);
      card.report(shown, `Trades per second over ${words}: ${exact(shown.total)} trades.`);
    },
  };

  // An interval without a cell is zero only where the server has said all it will say of it:
  // after the first known trade, and before what is still on its way or was never heard.
  function draw(feed: Feed, now: number): Shown {
    const lagMs = feed.summary.lagSeconds * 1000;
    const compares = versusOf(feed) !== undefined;
    const first = Math.min(feed.series[0]?.start ?? Infinity, feed.focus[0]?.start ?? Infinity);
    const told = Math.floor((feed.at - lagMs) / 1000) * 1000 - 1000;
    return chart.show({
      range: feed.range,
      nowMs: now,
      toldMs: toldMs(feed),
      series: compares ? [feed.series, feed.focus] : [feed.series],
      value: (bucket, stepMs) => bucket.count / toldSeconds(bucket.start, stepMs, known(feed)),
      absent: (start, stepMs) => (start > first - stepMs && start <= told ? 0 : NaN),
    });
  }

  function tabulate(feed: Feed): Shown {
    const stepMs = rowMs(feed.range);
    const told = known(feed);
    const buckets = bucketsOf(toldCells(feed.series, told.toMs), stepMs).reverse();
    card.table.fill(buckets.map(({ start, count }) => [
      spanBetween(Math.max(start, told.fromMs), Math.min(start + stepMs, told.toMs)),
      exact(count),
      rate(count / toldSeconds(start, stepMs, told)),
    ]));
    const total = buckets.reduce((sum, { count }) => sum + count, 0);
    return { points: buckets.length, total };
  }
}

/** Each second, minute or hour from the first one known; one without trades has none. */
export function throughputRows(feed: Feed): CsvValue[][] {
  const { stepMs } = feed.range;
  const versus = versusOf(feed);
  const series = versus === undefined ? [feed.series] : [feed.series, feed.focus];
  const counts = series.map((cells) => new Map(cells.map(({ start, count }) => [start, count])));
  const first = Math.min(...series.map(([cell]) => cell?.start ?? Infinity));
  const rows: CsvValue[][] = [[
    'Start', 'Seconds',
    ...series.map((_, at) => (versus === undefined ? 'Trades' : `Trades, ${seriesName(feed, at)}`)),
  ]];
  for (let start = first; start < toldMs(feed); start += stepMs) {
    rows.push([instant(start), stepMs / 1000, ...counts.map((each) => each.get(start) ?? 0)]);
  }
  return rows;
}

/** The time of which all trades are known. */
function known(feed: Feed): { fromMs: number; toMs: number } {
  return { fromMs: knownFrom(feed), toMs: toldMs(feed) };
}

function toldMs(feed: Feed): number {
  return toldUntil(feed.at, feed.summary.lagSeconds * 1000, feed.range.stepMs);
}

function subtitle(feed: Feed): string {
  const words = capital(feed.range.words.replace('the last', 'last'));
  if (versusOf(feed)) return `${words}, ${seriesName(feed, 0)} beside ${seriesName(feed, 1)}`;
  const filter = filterWords(feed, countryName);
  return filter ? `${words}, ${filter}` : words;
}

/** The pair or country that the first one is compared with. */
function versusOf({ request }: Feed): string | undefined {
  return request.focus ?? request.focusCountry;
}

function seriesName(feed: Feed, series: number): string {
  const { pair = '', focus, country = '', focusCountry } = feed.request;
  if (focus) return series === 0 ? pair : focus;
  if (focusCountry) return countryName(series === 0 ? country : focusCountry);
  return '';
}

function capital(text: string): string { return text.charAt(0).toUpperCase() + text.slice(1); }
