import { barChart, MaxBars } from '../charts/bars.js';
import { exact, percent, plural, price } from '../format/number.js';
import type { Ranking } from '../live/protocol.js';
import type { TableCell } from '../page/data-table.js';
import type { Colour } from '../theme/palette.js';
import { ChartCard, type CardOptions } from './card.js';
import { changes, type Panel, type View } from './panel.js';

export interface RankingLook {
  card: CardOptions;
  colour: Colour;
  noun: string;
  rankings: (view: View) => readonly Ranking[];
  picked: (view: View) => string | null;
  name: (ranking: Ranking) => string;
  title: (ranking: Ranking) => string;
  cells: (ranking: Ranking) => TableCell[];
  pick?: (ranking: Ranking) => void;
}

/** A ranking by count: ten bars, or all of it as a table. */
export function rankingPanel(look: RankingLook, redraw: () => void): Panel {
  let rankings: readonly Ranking[] = [];
  const pick = look.pick && ((index: number): void => {
    const ranking = rankings[index];
    if (ranking) look.pick?.(ranking);
  });
  const card = new ChartCard({ ...look.card, rows: MaxBars, ...(pick && { pick }) }, redraw);
  const chart = barChart(card.canvas, {
    colour: look.colour,
    title: (index) => (rankings[index] ? look.title(rankings[index]) : ''),
    tell: (index) => (rankings[index] ? tell(rankings[index]) : []),
    ...(pick && { pick }),
  });
  const changed = changes();

  return {
    mount: (into) => into.append(card.node),
    render: (view) => {
      const picked = look.picked(view);
      if (!view.feed || !changed(look.rankings(view), picked, card.mode, view.theme)) return;
      rankings = look.rankings(view);
      const most = rankings[0];
      const shown = card.mode === 'chart' ? draw(picked) : tabulate();
      card.report(shown, `${look.card.title}, last 15 minutes: `
        + `${shown.points} ${look.noun}, ${plural(shown.total, 'trade')}`
        + (most ? `, most in ${look.title(most)} with ${exact(most.count)}.` : '.'));
    },
  };

  function draw(picked: string | null) {
    return chart.show(rankings.slice(0, MaxBars).map((ranking) => ({
      label: look.name(ranking),
      count: ranking.count,
      picked: picked !== null && look.name(ranking) === picked,
    })));
  }

  function tabulate() {
    card.table.fill(rankings.map(look.cells));
    return {
      points: rankings.length,
      total: rankings.reduce((sum, ranking) => sum + ranking.count, 0),
    };
  }
}

function tell(ranking: Ranking): string[] {
  const lines = [plural(ranking.count, 'trade')];
  if (ranking.vwap) lines.push(`${price(ranking.vwap)} on average`);
  if (ranking.change !== undefined) lines.push(`${percent(ranking.change)} in 15 min`);
  return lines;
}
