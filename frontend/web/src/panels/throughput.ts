import { lineChart } from '../charts/line.js';
import { lastFullSecond, type Shown } from '../charts/slots.js';
import { exact, plural, scaled } from '../format/number.js';
import { clockMinute } from '../format/time.js';
import type { Feed } from '../live/feed.js';
import { byMinute } from '../live/minutes.js';
import { ChartCard } from './card.js';
import { changes, type Panel } from './panel.js';

export function throughputPanel(redraw: () => void): Panel {
  const card = new ChartCard({
    name: 'throughput',
    title: 'Trades per second',
    subtitle: 'Last 15 minutes',
    nothing: 'No trades in the last 15 minutes.',
    columns: [
      { title: 'Minute' },
      { title: 'Trades', numeric: true },
      { title: 'Busiest second', numeric: true },
    ],
  }, redraw);
  const chart = lineChart(card.canvas, {
    colour: 'blue',
    fromZero: true,
    tick: scaled,
    tell: (_, trades) => [plural(trades, 'trade')],
  });
  const changed = changes();

  return {
    mount: (into) => into.append(card.node),
    render: ({ feed, now, theme }) => {
      if (!feed || !changed(feed, Math.floor(now / 1000), card.mode, theme)) return;
      const shown = card.mode === 'chart' ? draw(feed, now) : tabulate(feed);
      const highest = feed.series.reduce((most, cell) => Math.max(most, cell.count), 0);
      card.report(shown, `Trades per second over the last 15 minutes: ${exact(shown.total)} trades,`
        + ` ${exact(highest)} in the busiest second.`);
    },
  };

  // A second without a cell is zero only where the server has said all it will say of it: after
  // the first known trade, and before what is still on its way or was never heard.
  function draw(feed: Feed, now: number): Shown {
    const lagMs = feed.summary.lagSeconds * 1000;
    const first = feed.series[0]?.start ?? Infinity;
    const told = Math.floor((feed.at - lagMs) / 1000) * 1000 - 1000;
    return chart.show({
      cells: feed.series,
      nowMs: now,
      lastSecond: lastFullSecond(feed.at, lagMs),
      value: (cell) => cell.count,
      absent: (second) => (second > first && second <= told ? 0 : NaN),
    });
  }

  function tabulate(feed: Feed): Shown {
    const minutes = byMinute(feed.series);
    card.table.fill(minutes.map((minute) =>
      [clockMinute(minute.start), exact(minute.count), exact(minute.highest)]));
    const total = minutes.reduce((sum, minute) => sum + minute.count, 0);
    return { points: minutes.length, total };
  }
}
