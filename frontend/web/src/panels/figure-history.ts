import type { SparkPoint } from '../charts/sparkline.js';
import { rate as rateText } from '../format/number.js';
import { clockMinute, dayTime, span } from '../format/time.js';
import { HistoryMs, knownFrom, type Feed, type Sample } from '../live/feed.js';

/** A small line is drawn of so many points at most; more are noise at its size. */
const MostBins = 60;
const BinSteps = [1, 5, 15, 30];
const MinuteMs = 60_000;

/** "No change in 0 s" says nothing. */
export const ShortestSpanMs = 5_000;

/** Trades per second, the mean of each bin since the first known trade. */
export function rateHistory(feed: Feed): SparkPoint[] {
  return bins(feed).map(({ at, count, ms }) => ({ at, value: count / (ms / 1000) }));
}

/** The running total, walked back from the present one. */
export function countHistory(feed: Feed): SparkPoint[] {
  const filled = bins(feed);
  let total = feed.summary.aggregated - filled.reduce((sum, { count }) => sum + count, 0);
  return filled.map(({ at, count }) => ({ at, value: (total += count) }));
}

/** What was told of a figure; nothing where it was not known. */
export function sampleHistory(feed: Feed, name: keyof Sample): SparkPoint[] {
  return feed.samples.flatMap((sample) => {
    const value = sample[name];
    return value === null ? [] : [{ at: sample.at, value }];
  });
}

/** `in 15 min`, or `since 23:58` where they are not known for so long; empty in the beginning. */
export function sampleSpan(feed: Feed): string {
  const first = feed.samples[0];
  if (!first || feed.at - first.at < ShortestSpanMs) return '';
  return feed.at - first.at > HistoryMs - MinuteMs
    ? `in ${span(HistoryMs)}` : `since ${clockMinute(first.at)}`;
}

/** The rate that is shown against the mean over the range, once there are two minutes of it. */
export function rateNote(feed: Feed, shown: number): string {
  const first = feed.series[0];
  const { windowMs, stepMs, title } = feed.range;
  const from = knownFrom(feed);
  if (!first) return `none in ${title}`;
  if (shown === 0) return 'nothing arriving now';
  const knownMs = Math.max(1000, feed.at - from);
  const all = feed.series.reduce((sum, { count }) => sum + count, 0);
  const average = all / (knownMs / 1000);
  if (stepMs >= MinuteMs) {
    const when = knownMs < windowMs ? `since ${dayTime(from, feed.at)}` : `in ${title}`;
    return `${rateText(average)} on average ${when}`;
  }
  if (knownMs < 2 * MinuteMs) return '';
  const times = shown / average;
  if (times >= 2) return `now ${times.toFixed(1)} × the average`;
  const percent = Math.round(Math.abs(times - 1) * 100);
  if (percent === 0) return 'now as on average';
  return `now ${percent}% ${times > 1 ? 'above' : 'below'} average`;
}

// Whole bins only: the one that is filling would look like a fall.
function bins(feed: Feed): { at: number; count: number; ms: number }[] {
  const first = feed.series[0];
  if (!first) return [];
  const ms = binMs(feed.at - first.start, feed.range.stepMs);
  const begin = Math.floor(first.start / ms) + 1;
  const end = Math.floor(feed.at / ms);
  const filled = Array.from(
    { length: Math.max(0, end - begin) },
    (_, index) => ({ at: (begin + index) * ms, count: 0, ms }));
  for (const { start, count } of feed.series) {
    const bin = filled[Math.floor(start / ms) - begin];
    if (bin) bin.count += count;
  }
  return filled;
}

function binMs(knownMs: number, stepMs: number): number {
  const steps = BinSteps.find((each) => knownMs / (each * stepMs) <= MostBins);
  return (steps ?? BinSteps.at(-1)!) * stepMs;
}
