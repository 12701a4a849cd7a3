import type { Filter, Route } from '../app/route.js';
import type { Feed } from '../live/feed.js';
import type { Sold, WatchRequest } from '../live/protocol.js';
import type { LiveState, LiveWord } from '../live/state.js';

/** What a panel may draw from. `now` is the server's clock, in epoch ms. */
export interface View {
  state: LiveState;
  feed: Feed | null;
  word: LiveWord;
  now: number;
  monotonicNow: number;
  theme: string;
  route: Route;
  /** The path of an address at which there is nothing. */
  unknown: string | null;
  /** What the address asked for and could not be understood. */
  ignored: readonly string[];
  /** The server's time at which the reader stopped the picture; null while it runs. */
  pausedAt: number | null;
}

/** A part of the page. It is made once and then told to draw: a card some five times a second at most. */
export interface Panel {
  node: HTMLElement;
  render: (view: View) => void;
  /** All cards of the view are drawn: time for what nobody should wait for. */
  settled?: () => void;
}

/** What a panel may do to the page. */
export interface Actions {
  redraw: () => void;
  filter: (change: Partial<Filter>) => void;
  go: (route: Route) => void;
  /** What was sold in a view; null where nobody can tell just now. */
  sold: (request: WatchRequest) => Promise<Sold | null>;
}

/** Says whether any of the values is another than the last time it was asked. */
export function changes(): (...values: unknown[]) => boolean {
  let last: unknown[] | null = null;
  return (...values) => {
    const same = last?.every((value, index) => Object.is(value, values[index])) ?? false;
    last = values;
    return !same;
  };
}

/** Whether only a part of all trades is shown. */
export function isFiltered({ request }: Feed): boolean {
  return Boolean(request.pair ?? request.country ?? request.user);
}

/**
 * `EUR/GBP from France by u7, of the newest trades`; empty for all trades. Sums are kept by pair and
 * country; of one user there is what the store still has trade by trade. `withCompared`: the panel
 * also shows what the view is compared with.
 */
export function filterWords(
  feed: Feed, countryName: (code: string) => string, withCompared = false,
): string {
  const { pair, country, user } = feed.request;
  const focus = withCompared ? feed.request.focus : undefined;
  const focusCountry = withCompared ? feed.request.focusCountry : undefined;
  return [
    pair ? pair + (focus ? ` and ${focus}` : '') : '',
    country
      ? `from ${countryName(country)}${focusCountry ? ` and ${countryName(focusCountry)}` : ''}`
      : '',
    user ? `by ${user}, of the newest trades` : '',
  ].filter(Boolean).join(' ');
}
