import assert from 'node:assert/strict';
import { test } from 'node:test';
import { feedFrom, type Feed } from '../src/live/feed.js';
import { rateNote } from '../src/panels/figure-history.js';
import { Noon, point, snapshot } from './samples.js';

function steady(perSecond: number): Feed {
  const series = Array.from({ length: 300 }, (_, second) => point(second, perSecond));
  return feedFrom(
    snapshot({ at: new Date(Noon + 300_000).toISOString(), series }), {}, 0);
}

test('the note of the rate speaks of the rate that is shown', () => {
  const feed = steady(1000);
  assert.equal(rateNote(feed, 4060), 'now 4.1 × the average');
  assert.equal(rateNote(feed, 1500), 'now 50% above average');
  assert.equal(rateNote(feed, 460), 'now 54% below average');
  assert.equal(rateNote(feed, 1001), 'now as on average');
  assert.equal(rateNote(feed, 0), 'nothing arriving now');
  assert.equal(rateNote(feedFrom(snapshot(), {}, 0), 0), 'none in 15 min');
});
