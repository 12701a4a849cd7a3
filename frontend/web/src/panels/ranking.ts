import type { CsvValue } from '../app/download.js';
import type { Route } from '../app/route.js';
import { countryName } from '../format/country.js';
import { exact } from '../format/number.js';
import type { Feed } from '../live/feed.js';
import type { Ranking } from '../live/protocol.js';
import type { Column, TableCell } from '../page/data-table.js';
import { element, setAttribute, setText } from '../page/dom.js';
import { changes, filterWords, isFiltered, type Panel } from './panel.js';
import { tableCard } from './table-card.js';

export interface RankingLook {
  name: string;
  title: string;
  noun: string;
  /** Of the number of all that were ever seen. */
  metric: string;
  columns: readonly Column[];
  rankings: (feed: Feed) => readonly Ranking[];
  known: (feed: Feed) => number;
  /** Of a file. */
  records: (feed: Feed) => CsvValue[][];
  cells: (ranking: Ranking, share: number, route: Route, total: number) => TableCell[];
}

/** A ranking by number of trades: bars in its cells, and the course of the largest. */
export function rankingPanel(look: RankingLook): Panel {
  const card = tableCard({
    name: look.name,
    title: look.title,
    subtitle: '',
    nothing: 'No trades in this time.',
    columns: look.columns,
    attributes: { 'data-chart': look.name },
  });
  const known = element('span', { class: 'badge', 'data-metric': look.metric });
  card.tools.prepend(known);
  const changed = changes();

  return {
    node: card.node,
    render: ({ feed, route }) => {
      if (!feed) return;
      const seen = look.known(feed);
      setAttribute(known, 'data-value', String(seen));
      const rankings = look.rankings(feed);
      setText(known, isFiltered(feed)
        ? `${exact(rankings.length)} of ${exact(seen)} seen` : `${exact(seen)} seen`);
      if (!changed(rankings, route)) return;
      card.records({ feed, rows: () => look.records(feed) });
      const total = rankings.reduce((sum, { count }) => sum + count, 0);
      const most = rankings[0]?.count ?? 1;
      card.fill(
        rankings.map((ranking) => look.cells(ranking, ranking.count / most, route, total)), total);
      const filter = filterWords(feed, countryName);
      card.subtitle(`Trades in ${feed.range.words}${filter ? `, ${filter}` : ''}`);
    },
  };
}
