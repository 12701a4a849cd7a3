import { countryRoute, hrefOf } from '../app/route.js';
import { countryName } from '../format/country.js';
import { exact, share as shareText } from '../format/number.js';
import type { Actions, Panel } from './panel.js';
import { rankingPanel } from './ranking.js';

export function countriesPanel(_: Actions): Panel {
  return rankingPanel({
    name: 'countries',
    title: 'Top countries',
    noun: 'country',
    metric: 'countries',
    columns: [
      { title: 'Code' },
      { title: 'Country', name: 'country' },
      { title: 'Trades', numeric: true },
      { title: 'Over time', name: 'course' },
      { title: 'Share', numeric: true },
    ],
    rankings: (feed) => feed.countries,
    known: (feed) => feed.summary.countries,
    cells: ({ country = '', count, trend }, share, route, total) => [
      country === 'other'
        ? country
        : { text: country, href: hrefOf(countryRoute(route, country)) },
      { text: countryName(country), title: countryName(country) },
      { text: exact(count), share },
      { text: '', trend: trend ?? [] },
      shareText(count / total),
    ],
  });
}
