import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Update } from '../src/live/protocol.js';
import { initialState, liveWord, MaxHeld, reduce, type LiveState } from '../src/live/state.js';
import { figures, Noon, point, snapshot, summary, trade, update } from './samples.js';

const watching = reduce(initialState(0), { type: 'watching' });
const begun = reduce(
  watching, { type: 'snapshot', snapshot: snapshot(), request: {}, at: 100 });

function after(state: LiveState, ...updates: Update[]): LiveState {
  return updates.reduce(
    (next, each) => reduce(next, { type: 'update', update: each, at: 350 }), state);
}

test('the next update is applied', () => {
  const state = after(begun, update(8, { series: [point(0, 3)] }));
  assert.equal(state.feed?.sequence, 8);
  assert.equal(state.feed?.series[0]?.count, 3);
  assert.equal(state.lost, false);
});

test('an update the snapshot already holds is ignored', () => {
  const state = after(begun, update(7, { series: [point(0, 3)] }), update(6));
  assert.equal(state.feed, begun.feed);
  assert.equal(state.lost, false);
});

test('a gap loses the picture, and nothing is applied until the next snapshot', () => {
  const state = after(begun, update(9, { series: [point(0, 3)] }));
  assert.equal(state.lost, true);
  assert.equal(state.feed, begun.feed);
  assert.equal(after(state, update(8)).feed, begun.feed);

  const again = reduce(
    state, { type: 'snapshot', snapshot: snapshot({ sequence: 20 }), request: {}, at: 400 });
  assert.equal(again.lost, false);
  assert.equal(again.feed?.sequence, 20);
});

test('another epoch loses the picture', () => {
  assert.equal(after(begun, update(8, { epoch: 'b' })).lost, true);
});

test('updates that overtake the snapshot are applied after it', () => {
  const held = after(watching, update(7), update(8), update(9));
  assert.equal(held.feed, null);
  const state = reduce(held, { type: 'snapshot', snapshot: snapshot(), request: {}, at: 400 });
  assert.equal(state.feed?.sequence, 9);
  assert.equal(state.held, null);
});

test('while another pair is on its way the old picture stands still', () => {
  const state = after(reduce(begun, { type: 'watching' }), update(8, { focus: [point(0, 1)] }));
  assert.equal(state.feed, begun.feed);
});

test('held updates are bounded, and what fell out is found as a gap', () => {
  const many = Array.from({ length: MaxHeld + 5 }, (_, index) => update(8 + index));
  const held = after(watching, ...many);
  assert.equal(held.held?.length, MaxHeld);
  const state = reduce(held, { type: 'snapshot', snapshot: snapshot(), request: {}, at: 400 });
  assert.equal(state.lost, true);
});

test('rankings of one reading are shown together', () => {
  const pairs = [{ pair: 'EUR/GBP', count: 2 }];
  const rest = { countries: [{ country: 'FR', count: 2 }], flows: [] };
  const ahead = after(begun, update(8, { pairs }));
  assert.deepEqual(ahead.feed?.pairs, []);
  const whole = after(ahead, update(9, rest));
  assert.deepEqual(whole.feed?.pairs, pairs);
  assert.deepEqual(whole.feed?.countries, rest.countries);
  // The snapshot is newer than a reading of which it has missed the first half.
  assert.deepEqual(after(begun, update(8, rest)).feed?.countries, []);
});

test('of each five seconds the worst is kept', () => {
  const slow = { ...figures, ackP99Ms: 90, connections: 7 };
  const state = after(begun,
    update(8, { figures: slow, summary: { ...summary, lagSeconds: 3 } }),
    update(9, { figures, summary }));
  assert.equal(state.feed?.samples.length, 1);
  const [sample] = state.feed!.samples;
  assert.deepEqual(
    [sample?.lagSeconds, sample?.ackP99Ms, sample?.connections], [3, 90, 7]);
});

test('trades that the snapshot already had are not told twice', () => {
  const had = [trade('c'), trade('b'), trade('a')];
  const full = reduce(
    begun, { type: 'snapshot', snapshot: snapshot({ trades: had }), request: {}, at: 100 });
  const state = after(full,
    update(8, { trades: [trade('d', 1), trade('c'), trade('b')] }),
    update(9, { trades: [trade('late', 0.5)] }));
  assert.deepEqual(
    state.feed?.trades.map((each) => each.userId), ['d', 'late', 'c', 'b', 'a']);
});

test('trades that are alike are shown as often as they came', () => {
  const full = reduce(begun, {
    type: 'snapshot', snapshot: snapshot({ trades: [trade('a'), trade('a')] }), request: {}, at: 100,
  });
  assert.equal(
    after(full, update(8, { trades: [trade('a'), trade('a'), trade('a')] })).feed?.trades.length, 3);
  assert.equal(after(full, update(8, { trades: [trade('a')] })).feed?.trades.length, 2);
});

test('new trades go first and twenty-five are kept', () => {
  const trades = Array.from({ length: 60 }, (_, index) => trade(`old${index}`));
  const full = reduce(
    begun, { type: 'snapshot', snapshot: snapshot({ trades }), request: {}, at: 100 });
  const state = after(full, update(8, { trades: [trade('newest'), trade('newer')] }));
  assert.equal(state.feed?.trades.length, 25);
  assert.deepEqual(
    state.feed?.trades.slice(0, 3).map((each) => each.userId), ['newest', 'newer', 'old0']);
});

test('absent and null members mean unchanged', () => {
  const state = after(begun, update(8, { pairs: null, series: null, trades: null, rejects: null }));
  assert.equal(state.feed?.pairs, begun.feed?.pairs);
  assert.equal(state.feed?.rejects, begun.feed?.rejects);
  assert.equal(state.feed?.trades, begun.feed?.trades);
});

test('silence for more than three seconds is stale; a drop is reconnecting', () => {
  assert.equal(liveWord(initialState(0), 0), 'connecting');
  assert.equal(liveWord(begun, 3100), 'live');
  assert.equal(liveWord(begun, 3101), 'stale');
  const dropped = reduce(begun, { type: 'dropped', problem: 'gone' });
  assert.equal(liveWord(dropped, 200), 'reconnecting');
  assert.equal(reduce(dropped, { type: 'dialing', tries: 4 }).tries, 4);
});

test('the history comes with the snapshot and goes on every 5 s', () => {
  const history = [{ at: '2025-01-24T11:59:50Z', rejected: 1, lagSeconds: 0 }];
  const first = reduce(watching, {
    type: 'snapshot', snapshot: snapshot({ history }), request: {}, at: 100,
  });
  assert.deepEqual(first.feed?.samples.map(({ connections }) => connections), [null, 3]);
  const soon = after(first, update(8, { at: '2025-01-24T12:00:04Z' }));
  assert.equal(soon.feed?.samples.length, 2);
  const later = after(soon, update(9, { at: '2025-01-24T12:00:05Z' }));
  assert.equal(later.feed?.samples.length, 3);
});

test('a view that rests is not stale, and applies nothing until it is watched again', () => {
  const resting = reduce(begun, { type: 'rested' });
  assert.equal(liveWord(resting, 1_000_000), 'live');
  assert.equal(after(resting, update(8)).feed, begun.feed);
  const again = reduce(reduce(resting, { type: 'watching' }), {
    type: 'snapshot', snapshot: snapshot({ sequence: 90 }), request: {}, at: 1_000_000,
  });
  assert.equal(again.resting, false);
  assert.equal(again.feed?.sequence, 90);
});

test('a refusal stands until something else is wanted', () => {
  const refused = reduce(begun, { type: 'refused', reason: 'no such pair', at: 200 });
  assert.equal(refused.refusal, 'no such pair');
  assert.equal(reduce(refused, { type: 'wanted', request: {} }).refusal, null);
});

test('an emptied store is told until the reader knows, a restart is not', () => {
  const shown = (state: LiveState, epoch: string): LiveState => reduce(
    state, { type: 'snapshot', snapshot: snapshot({ epoch }), request: {}, at: 400 });
  const first = shown(watching, 'store1.run1');
  assert.equal(first.emptiedAt, null);
  assert.equal(shown(first, 'store1.run2').emptiedAt, null);
  const emptied = shown(first, 'store2.run1');
  assert.equal(emptied.emptiedAt, Noon);
  assert.equal(shown(emptied, 'store2.run2').emptiedAt, Noon);
  assert.equal(reduce(emptied, { type: 'dismissed' }).emptiedAt, null);
});
