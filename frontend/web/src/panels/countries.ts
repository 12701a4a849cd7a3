import type { CsvValue } from '../app/download.js';
import { countryRoute, hrefOf } from '../app/route.js';
import { countryName } from '../format/country.js';
import { exact, rounded, share as shareText } from '../format/number.js';
import type { Feed } from '../live/feed.js';
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
    records: countryRows,
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

export function countryRows({ countries }: Feed): CsvValue[][] {
  const total = countries.reduce((sum, { count }) => sum + count, 0);
  return [
    ['Code', 'Country', 'Trades', 'Share of all'],
    ...countries.map(({ country = '', count }) =>
      [country, countryName(country), count, rounded(count / total)]),
  ];
}
