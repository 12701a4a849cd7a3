import { countryName } from '../format/country.js';
import { exact } from '../format/number.js';
import type { Panel } from './panel.js';
import { rankingPanel } from './ranking.js';

export function countriesPanel(redraw: () => void): Panel {
  return rankingPanel({
    card: {
      name: 'countries',
      title: 'Top countries',
      subtitle: 'Trades in the last 15 minutes',
      nothing: 'No trades in the last 15 minutes.',
      columns: [{ title: 'Code' }, { title: 'Country' }, { title: 'Trades', numeric: true }],
    },
    colour: 'purple',
    noun: 'countries',
    rankings: (view) => view.feed?.countries ?? [],
    picked: () => null,
    name: ({ country = '' }) => countryName(country),
    title: ({ country = '' }) => `${countryName(country)} (${country})`,
    cells: ({ country = '', count }) => [country, countryName(country), exact(count)],
  }, redraw);
}
