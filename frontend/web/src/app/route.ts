import { codeOfCountry } from '../format/country.js';
import type { RangeName, WatchRequest } from '../live/protocol.js';
import { quarterHour, rangeOf } from '../live/range.js';

export type ViewName = 'overview' | 'pair' | 'country' | 'health';

/** What all panels obey. Absent members let everything through. */
export interface Filter {
  pair: string | null;
  country: string | null;
  user: string | null;
  range: RangeName;
  /** On a pair's view another pair to compare with; on a country's another country. */
  versus: string | null;
}

/** What the address says. */
export interface Route { view: ViewName; filter: Filter }

const Known = ['pair', 'country', 'user', 'range', 'vs'];
const PairShape = /^([A-Z0-9]{2,6})[-/]([A-Z0-9]{2,6})$/;
const PairLetters = /^([A-Z]{3})([A-Z]{3})$/;
const CountryShape = /^[A-Z]{2}$/;

/** Null where the address is none of this page. */
export function parseRoute(path: string, search: string): Route | null {
  const query = new URLSearchParams(search);
  const filter: Filter = {
    pair: pairOf(query.get('pair')),
    country: countryOf(query.get('country')),
    user: query.get('user')?.trim().slice(0, 64) || null,
    range: rangeOf(query.get('range')).name,
    versus: null,
  };
  const [, place = '', name = '', ...more] = path.split('/');
  if (more.length > 0) return null;
  if (place === '' && name === '') return { view: 'overview', filter };
  // Health is of the whole system.
  if (place === 'health' && name === '') {
    return { view: 'health', filter: { ...filter, pair: null, country: null, user: null } };
  }
  if (place === 'pairs') {
    const pair = pairOf(decodeURIComponent(name));
    const versus = otherThan(pair, pairOf(query.get('vs')));
    return pair === null ? null : { view: 'pair', filter: { ...filter, pair, versus } };
  }
  if (place === 'countries') {
    const country = countryOf(decodeURIComponent(name));
    const versus = otherThan(country, countryOf(query.get('vs')));
    return country === null ? null : { view: 'country', filter: { ...filter, country, versus } };
  }
  return null;
}

/** Members of the query that the route does not hold: `range=99y`, or a pair beside itself. */
export function ignoredOf(search: string, route: Route): string[] {
  const held = new URL(hrefOf(route), 'http://page').searchParams;
  return [...new URLSearchParams(search)]
    .filter(([name, value]) => Known.includes(name) && value && !held.has(name)
      && !(name === 'range' && value === quarterHour.name))
    .map(([name, value]) => `${name}=${value}${isItself(name, value, route) ? ' (itself)' : ''}`);
}

function isItself(name: string, value: string, { view, filter }: Route): boolean {
  if (name !== 'vs') return false;
  return view === 'pair' ? pairOf(value) === filter.pair
    : view === 'country' && countryOf(value) === filter.country;
}

export function hrefOf({ view, filter }: Route): string {
  const query = new URLSearchParams();
  if (filter.pair && view !== 'pair') query.set('pair', dashed(filter.pair));
  if (filter.country && view !== 'country') query.set('country', filter.country);
  if (filter.user) query.set('user', filter.user);
  if (filter.range !== quarterHour.name) query.set('range', filter.range);
  if (filter.versus) query.set('vs', dashed(filter.versus));
  const text = query.toString();
  return pathOf(view, filter) + (text && `?${text}`);
}

/** As a reader changes the pair or the country: on a view of its own, without one, the overview. */
export function filtered(
  { view, filter }: Route, name: 'pair' | 'country', value: string | null,
): Route {
  const versus = view === name && value !== null ? otherThan(value, filter.versus) : filter.versus;
  return view === name && value === null
    ? { view: 'overview', filter: { ...filter, [name]: null, versus: null } }
    : { view, filter: { ...filter, [name]: value, versus } };
}

/** What a reader clears: all but what the view is of. */
export function cleared({ view }: Route): Partial<Filter> {
  return {
    ...(view !== 'pair' && { pair: null }),
    ...(view !== 'country' && { country: null }),
    user: null,
  };
}

/** The view of a pair, with the rest of the filter as it is. */
export function pairRoute(from: Route, pair: string): Route {
  const country = from.view === 'country' ? null : from.filter.country;
  return { view: 'pair', filter: { ...from.filter, country, pair, versus: null } };
}

export function countryRoute(from: Route, country: string): Route {
  const pair = from.view === 'pair' ? null : from.filter.pair;
  return { view: 'country', filter: { ...from.filter, pair, country, versus: null } };
}

/** What the server is asked for. */
export function requestOf({ view, filter }: Route): WatchRequest {
  const { pair, country, user, range, versus } = filter;
  return {
    ...(pair && { pair }),
    ...(country && { country }),
    ...(user && { user }),
    ...(range !== quarterHour.name && { range }),
    ...(view === 'pair' && versus && { focus: versus }),
    ...(view === 'country' && versus && { focusCountry: versus }),
    ...(view === 'health' && { health: true }),
  };
}

function pathOf(view: ViewName, filter: Filter): string {
  switch (view) {
    case 'overview': return '/';
    case 'health': return '/health';
    case 'pair': return `/pairs/${dashed(filter.pair ?? '')}`;
    case 'country': return `/countries/${filter.country}`;
  }
}

/** `eur-gbp` and `eurgbp` as `EUR/GBP`; null for what is no pair. */
export function pairOf(text: string | null): string | null {
  const name = (text ?? '').trim().toUpperCase();
  const found = PairShape.exec(name) ?? PairLetters.exec(name);
  return found && found[1] !== found[2] ? `${found[1]}/${found[2]}` : null;
}

/** `FR` of `fr` and of `France`; null for what is no country. */
export function countryOf(text: string | null): string | null {
  const code = (text ?? '').trim().toUpperCase();
  return CountryShape.test(code) ? code : codeOfCountry(code);
}

function otherThan(shown: string | null, other: string | null): string | null {
  return other === shown ? null : other;
}

function dashed(pair: string): string { return pair.replace('/', '-'); }
