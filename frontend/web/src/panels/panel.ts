import type { Feed } from '../live/feed.js';
import type { LiveState, LiveWord } from '../live/state.js';

/** What a panel may draw from. `now` is the server's clock, in epoch ms. */
export interface View {
  state: LiveState;
  feed: Feed | null;
  word: LiveWord;
  now: number;
  monotonicNow: number;
  theme: string;
}

/** A part of the page. It is mounted once and then told to draw, at most four times a second. */
export interface Panel {
  mount: (into: HTMLElement) => void;
  render: (view: View) => void;
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
