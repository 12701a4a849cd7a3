import { barChart, MaxBars } from '../charts/bars.js';
import { exact, plural } from '../format/number.js';
import { reason } from '../format/reason.js';
import type { Rejects } from '../live/protocol.js';
import { ChartCard } from './card.js';
import { changes, type Panel } from './panel.js';

const Plain = 'Trades that were refused';

interface Reason { code: string; words: string; count: number }

export function rejectsPanel(redraw: () => void): Panel {
  const card = new ChartCard({
    name: 'rejects',
    title: 'Rejects by reason',
    subtitle: Plain,
    nothing: 'Nothing rejected.',
    rows: MaxBars,
    columns: [
      { title: 'Reason' }, { title: 'Code' },
      { title: 'Times', numeric: true }, { title: 'Share', numeric: true },
    ],
  }, redraw);
  let reasons: Reason[] = [];
  let bars: readonly Reason[] = [];
  const chart = barChart(card.canvas, {
    colour: 'orange',
    title: (index) => bars[index]?.words ?? '',
    tell: (index) => [plural(bars[index]?.count ?? 0, 'time'), bars[index]?.code ?? ''],
  });
  const changed = changes();

  return {
    mount: (into) => into.append(card.node),
    render: ({ feed, theme }) => {
      if (!feed || !changed(feed.rejects, card.mode, theme)) return;
      reasons = reasonsOf(feed.rejects);
      bars = withRest(reasons);
      const times = reasons.reduce((sum, { count }) => sum + count, 0);
      const shown = card.mode === 'chart'
        ? chart.show(bars.map(({ words, count }) => ({ label: words, count })))
        : tabulate(times);
      const most = reasons[0];
      const { total } = feed.rejects;
      card.subtitle(total > 0 ? `${plural(total, 'trade')} refused` : Plain);
      card.report(shown, `Rejects by reason: ${plural(shown.total, 'time')}`
        + (most ? `, most often: ${most.words}, ${exact(most.count)}.` : '.'));
    },
  };

  function tabulate(times: number) {
    card.table.fill(reasons.map(({ words, code, count }) =>
      [words, code, exact(count), `${((count / times) * 100).toFixed(1)}%`]));
    return { points: reasons.length, total: times };
  }
}

function reasonsOf(rejects: Rejects): Reason[] {
  return Object.entries(rejects.byCode)
    .filter(([, count]) => count > 0)
    .map(([code, count]) => ({ code, words: reason(code), count }))
    .sort((a, b) => b.count - a.count || a.code.localeCompare(b.code));
}

/** Ten bars at most; when there are more reasons the last bar is all the rest. */
function withRest(reasons: readonly Reason[]): readonly Reason[] {
  if (reasons.length <= MaxBars) return reasons;
  const rest = reasons.slice(MaxBars - 1);
  const count = rest.reduce((sum, each) => sum + each.count, 0);
  const words = `${rest.length} other reasons`;
  return [...reasons.slice(0, MaxBars - 1), { code: words, words, count }];
}
