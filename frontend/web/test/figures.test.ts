import assert from 'node:assert/strict';
import { test } from 'node:test';
import { feedFrom, type Feed } from '../src/live/feed.js';
import { sparkPath } from '../src/charts/sparkline.js';
import { nothingWords, reversed } from '../src/panels/subject.js';
import { rateNote, sampleSpan } from '../src/panels/figure-history.js';
import { Noon, point, snapshot, summary } from './samples.js';

function steady(perSecond: number): Feed {
  const series = Array.from({ length: 300 }, (_, second) => point(second, perSecond));
  return feedFrom(
    snapshot({
      at: new Date(Noon + 300_000).toISOString(),
      series,
      summary: { ...summary, since: new Date(Noon).toISOString() },
    }), {}, 0);
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

test('an average is over the time that is known', () => {
  const feed = feedFrom(snapshot({
    at: new Date(Noon + 1_900_000).toISOString(),
    range: '30d',
    series: [point(0, 1000)],
    summary: { ...summary, since: new Date(Noon + 1_800_000).toISOString() },
  }), {}, 0);
  assert.match(rateNote(feed, 10), /^10 on average since \d\d:\d\d$/);
  assert.equal(rateNote({ ...feed, searchedFrom: Noon }, 10).slice(0, 14), '0.5 on average');
});

test('the lines of all figures go over the same time, known or not', () => {
  const span = { from: 0, to: 100 };
  const points = [3, 1, 1, 1, 1].map((value, step) => ({ at: 60 + 10 * step, value }));
  assert.equal(sparkPath(points, span, false),
    'M60.0 2.0L70.0 26.0L80.0 26.0L90.0 26.0L100.0 26.0');
  assert.equal(sparkPath(points.slice(1), span, false), '');
});

test('the span of the samples is the whole one, or since when they are known', () => {
  const known = (minutes: number) => feedFrom(snapshot({
    history: [{ at: new Date(Noon - minutes * 60_000).toISOString(), rejected: 0, lagSeconds: 0 }],
  }), {}, 0);
  assert.equal(sampleSpan(known(14.5)), 'in 15 min');
  assert.match(sampleSpan(known(4)), /^since \d\d:\d\d$/);
  assert.equal(sampleSpan(known(0)), '');
});

test('where nothing is traded the way to the other direction is shown', () => {
  const feed = feedFrom(snapshot(), {}, 0);
  assert.equal(reversed('USD/EUR'), 'EUR/USD');
  assert.equal(nothingWords(feed, true), 'No trades in this direction; see');
  assert.equal(nothingWords(feed, false),
    'No trades in the last 15 minutes. The other direction is');
});
