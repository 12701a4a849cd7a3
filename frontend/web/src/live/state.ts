import { feedAfter, feedFrom, isSameStore, type Feed } from './feed.js';
import type { Snapshot, Update, WatchRequest } from './protocol.js';

/** Updates that may arrive before the answer to `Watch`: 16 s of them at four a second. */
export const MaxHeld = 64;

/** The server speaks at least once a second; three missed words are silence. */
export const StaleAfterMs = 3000;

export interface LiveState {
  link: 'down' | 'up';
  /** The number of the attempt under way while the link is down, from 1. */
  tries: number;
  problem: string | null;
  /** Monotonic time of the last word from the server, or of the start. */
  heardAt: number;
  feed: Feed | null;
  /** What the reader wants to see; `feed.request` is what is shown. */
  wanted: WatchRequest;
  /** While an answer to `Watch` is awaited, updates are held here. */
  held: readonly Update[] | null;
  /** The sequence broke: nothing is applied until the next snapshot. */
  lost: boolean;
  /** Nobody looks: the server sends nothing, and silence is no fault. */
  resting: boolean;
  /** Why the server does not show what is wanted. */
  refusal: string | null;
  /** The server's time at which the store was found emptied; null once the reader knows. */
  emptiedAt: number | null;
}

export type LiveEvent =
  | { type: 'dialing'; tries: number }
  | { type: 'dropped'; problem: string }
  | { type: 'wanted'; request: WatchRequest }
  | { type: 'rested' }
  | { type: 'dismissed' }
  | { type: 'watching' }
  | { type: 'refused'; reason: string; at: number }
  | { type: 'snapshot'; snapshot: Snapshot; request: WatchRequest; at: number }
  | { type: 'update'; update: Update; at: number };

export function initialState(now: number): LiveState {
  return {
    link: 'down', tries: 1, problem: null, heardAt: now,
    feed: null, wanted: {}, held: null, lost: false, resting: false,
    refusal: null, emptiedAt: null,
  };
}

export function reduce(state: LiveState, event: LiveEvent): LiveState {
  switch (event.type) {
    case 'dialing': return { ...state, tries: event.tries };
    case 'dropped':
      return {
        ...state,
        link: 'down', problem: event.problem, held: null, lost: false, resting: false,
      };
    case 'wanted': return { ...state, wanted: event.request, refusal: null };
    case 'rested': return { ...state, resting: true, lost: true };
    case 'dismissed': return { ...state, emptiedAt: null };
    case 'watching': return { ...state, held: [] };
    case 'refused':
      return { ...state, link: 'up', heardAt: event.at, held: null, refusal: event.reason };
    case 'snapshot': return onSnapshot(state, event.snapshot, event.request, event.at);
    case 'update': return onUpdate({ ...state, heardAt: event.at }, event.update, event.at);
  }
}

function onSnapshot(
  state: LiveState, snapshot: Snapshot, request: WatchRequest, at: number,
): LiveState {
  const feed = feedFrom(snapshot, request, at);
  const isEmptied = state.feed !== null && !isSameStore(state.feed.epoch, feed.epoch);
  const begun: LiveState = {
    ...state,
    link: 'up', resting: false, refusal: null, tries: 1, problem: null, heardAt: at, held: null,
    lost: false,
    feed,
    emptiedAt: isEmptied ? feed.at : state.emptiedAt,
  };
  return (state.held ?? []).reduce((next, update) => onUpdate(next, update, at), begun);
}

function onUpdate(state: LiveState, update: Update, at: number): LiveState {
  if (state.held) return { ...state, held: [...state.held, update].slice(-MaxHeld) };
  if (state.lost || !state.feed) return state;
  if (update.epoch !== state.feed.epoch) return { ...state, lost: true };
  if (update.sequence <= state.feed.sequence) return state;
  if (update.sequence !== state.feed.sequence + 1) return { ...state, lost: true };
  return { ...state, feed: feedAfter(state.feed, update, at) };
}

export type LiveWord = 'connecting' | 'live' | 'reconnecting' | 'stale' | 'refused';

export function liveWord(state: LiveState, monotonicMs: number): LiveWord {
  if (state.refusal && state.link === 'up') return 'refused';
  if (!state.feed) return 'connecting';
  if (state.link === 'down') return 'reconnecting';
  if (state.resting) return 'live';
  return silentMs(state, monotonicMs) > StaleAfterMs ? 'stale' : 'live';
}

export function silentMs(state: LiveState, monotonicMs: number): number {
  return monotonicMs - state.heardAt;
}
