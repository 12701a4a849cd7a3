import { barChart, type Bar } from '../charts/bars.js';
import { exact, plural, rounded, share } from '../format/number.js';
import { reason } from '../format/reason.js';
import type { Rejects } from '../live/protocol.js';
import { ChartCard } from './card.js';
import { changes, isFiltered, type Actions, type Panel } from './panel.js';
import { rejectSamples, samplesOf } from './reject-samples.js';

interface Reason { code: string; words: string; count: number }

export function rejectsPanel({ redraw }: Actions): Panel {
  const card = new ChartCard({
    name: 'rejects',
    title: 'Rejects by reason',
    subtitle: 'Trades that were refused',
    nothing: 'Nothing rejected.',
    columns: [
      { title: 'Reason' }, { title: 'Code' },
      { title: 'Times', numeric: true }, { title: 'Share', numeric: true },
    ],
  }, redraw);
  let bars: readonly Reason[] = [];
  let picked: string | null = null;
  const chart = barChart(card.canvas, {
    colour: 'orange',
    title: (index) => bars[index]?.words ?? '',
    tell: (index) => [plural(bars[index]?.count ?? 0, 'time'), bars[index]?.code ?? ''],
    pick: (index) => {
      const code = bars[index]?.code ?? null;
      picked = code === picked ? null : code;
      samples.close();
      redraw();
    },
  });
  const samples = rejectSamples();
  card.node.append(samples.node);
  const changed = changes();

  return {
    node: card.node,
    render: ({ feed, theme }) => {
      if (!feed || !changed(
        feed.rejects, feed.request, card.mode, card.sizes, theme, picked)) return;
      const reasons = reasonsOf(feed.rejects);
      bars = withRest(reasons, chart.most);
      if (!bars.some(({ code }) => code === picked)) picked = null;
      const times = reasons.reduce((sum, { count }) => sum + count, 0);
      card.records = {
        feed,
        rows: () => [['Code', 'Reason', 'Times', 'Share of all'],
          ...reasons.map(({ code, words, count }) => [code, words, count, rounded(count / times)])],
      };
      const shown = card.mode === 'chart'
        ? chart.show(bars.map(
          ({ code, words, count }): Bar => ({ label: words, count, picked: code === picked })))
        : tabulate(reasons, times);
      card.node.style.setProperty('--bars', String(bars.length));
      const most = reasons[0];
      const { total } = feed.rejects;
      card.subtitle(total === 0 ? 'Trades that were refused'
        : `${plural(total, 'trade')} refused${times > total ? ', some for several reasons' : ''}`
          + (isFiltered(feed) ? '; of all trades, whatever the filter' : ''));
      card.report(shown, `Rejects by reason: ${plural(shown.total, 'time')}`
        + (most ? `, most often: ${most.words}, ${exact(most.count)}.` : '.'));
      samples.show(samplesOf(feed.rejects.recent, picked));
    },
  };

  function tabulate(reasons: readonly Reason[], times: number) {
    card.table.fill(reasons.map(({ words, code, count }) =>
      [words, code, exact(count), share(count / times)]));
    return { points: reasons.length, total: times };
  }
}

function reasonsOf(rejects: Rejects): Reason[] {
  return Object.entries(rejects.byCode)
    .filter(([, count]) => count > 0)
    .map(([code, count]) => ({ code, words: reason(code), count }))
    .sort((a, b) => b.count - a.count || a.code.localeCompare(b.code));
}

/** When there are more reasons than bars the last bar is all the rest. */
function withRest(reasons: readonly Reason[], most: number): readonly Reason[] {
  if (reasons.length <= most) return reasons;
  const rest = reasons.slice(most - 1);
  const count = rest.reduce((sum, each) => sum + each.count, 0);
  const words = `${rest.length} other reasons`;
  return [...reasons.slice(0, most - 1), { code: words, words, count }];
}
