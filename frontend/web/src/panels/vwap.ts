import { lineChart } from '../charts/line.js';
import { lastFullSecond, type Shown } from '../charts/slots.js';
import { exact, percent, plural, price } from '../format/number.js';
import { clockMinute } from '../format/time.js';
import type { Feed } from '../live/feed.js';
import { byMinute } from '../live/minutes.js';
import { ChartCard } from './card.js';
import { pairSelect } from './pair-select.js';
import { changes, type Panel } from './panel.js';

const Weighted = 'Weighted by amount';

export function vwapPanel(redraw: () => void, pick: (pair: string) => void): Panel {
  const card = new ChartCard({
    name: 'vwap',
    title: 'Average price (VWAP)',
    subtitle: Weighted,
    nothing: 'Nothing traded in the last 15 minutes.',
    columns: [
      { title: 'Minute' },
      { title: 'Trades', numeric: true },
      { title: 'Average', numeric: true },
      { title: 'First', numeric: true },
      { title: 'Highest', numeric: true },
      { title: 'Lowest', numeric: true },
      { title: 'Last', numeric: true },
    ],
  }, redraw);
  const select = pairSelect(pick);
  card.tools.prepend(select.node);
  let feedShown: Feed | null = null;
  const chart = lineChart(card.canvas, {
    colour: 'green',
    fromZero: false,
    tick: priceTick,
    tell: tellSecond,
  });
  const changed = changes();

  return {
    mount: (into) => into.append(card.node),
    render: ({ feed, state, now, theme }) => {
      if (!feed || !changed(feed, state.wanted, Math.floor(now / 1000), card.mode, theme)) return;
      select.show(feed.pairs, state.wanted);
      feedShown = feed;
      const shown = card.mode === 'chart' ? draw(feed, now) : tabulate(feed);
      const pair = feed.focusPair ?? 'no pair';
      card.subtitle(subtitle(feed));
      card.report(shown, `Average price of ${pair} over the last 15 minutes, `
        + `${plural(shown.total, 'trade')}. ${subtitle(feed)}.`);
    },
  };

  function draw(feed: Feed, now: number): Shown {
    return chart.show({
      cells: feed.focus,
      nowMs: now,
      lastSecond: lastFullSecond(feed.at, feed.summary.lagSeconds * 1000),
      value: (cell) => cell.vwap,
      absent: () => NaN,
    });
  }

  function tabulate(feed: Feed): Shown {
    const minutes = byMinute(feed.focus);
    card.table.fill(minutes.map((m) => [
      clockMinute(m.start), exact(m.count),
      price(m.vwap), price(m.open), price(m.high), price(m.low), price(m.close),
    ]));
    const total = minutes.reduce((sum, minute) => sum + minute.count, 0);
    return { points: minutes.length, total };
  }

  function tellSecond(start: number, vwap: number): string[] {
    const cell = feedShown?.focus.find((candidate) => candidate.start === start);
    const lines = [`${price(vwap)}, weighted by amount`];
    if (cell) lines.push(`${price(cell.low)} to ${price(cell.high)}`, plural(cell.count, 'trade'));
    return lines;
  }
}

function subtitle(feed: Feed): string {
  const [from, to] = feed.focusPair?.split('/') ?? [];
  const last = feed.focus.at(-1);
  if (!from || !to || !last) return Weighted;
  const change = feed.pairs.find((ranking) => ranking.pair === feed.focusPair)?.change;
  const moved = change === undefined ? '' : `, ${percent(change)} in 15 min`;
  return `${to} for one ${from}: ${price(last.vwap)}${moved}`;
}

/** As many decimals as the step between two ticks has. */
function priceTick(value: number, step: number): string {
  const decimals = step > 0 ? Math.min(10, Math.max(0, -Math.floor(Math.log10(step) + 1e-9))) : 4;
  return value.toLocaleString('en',
    { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}
