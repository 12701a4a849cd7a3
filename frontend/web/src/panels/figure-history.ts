import type { SparkPoint } from '../charts/sparkline.js';
import { exact } from '../format/number.js';
import { span } from '../format/time.js';
import { WindowMs } from '../live/cells.js';
import type { Feed, Sample } from '../live/feed.js';

/** A small line is drawn of so many points at most; more are noise at its size. */
const MostBins = 60;
const BinSizesMs = [1000, 5000, 15_000];
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

/** The highest sample of each bin: the last of a count, the worst of a delay. */
export function sampleHistory(feed: Feed, name: keyof Sample): SparkPoint[] {
  const first = feed.samples[0];
  if (!first) return [];
  const ms = binMs(feed.at - first.at);
  const points: SparkPoint[] = [];
  let bin = NaN;
  for (const sample of feed.samples) {
    const last = points.at(-1);
    const at = Math.floor(sample.at / ms);
    if (last && at === bin) last.value = Math.max(last.value, sample[name]);
    else points.push({ at: sample.at, value: sample[name] });
    bin = at;
  }
  return points;
}

export function sampleNote(feed: Feed, name: 'rejected' | 'pairs' | 'countries'): string {
  const first = feed.samples[0];
  if (!first) return '';
  if (feed.at - first.at < ShortestSpanMs) return '';
  const more = feed.summary[name] - first[name];
  return `${more > 0 ? `+${exact(more)}` : 'no change'} in ${span(feed.at - first.at)}`;
}

/** The last minute against the whole window, once there is more than the minute. */
export function rateNote(feed: Feed): string {
  const first = feed.series[0];
  if (!first) return 'none in 15 min';
  const knownMs = Math.min(WindowMs, feed.at - first.start);
  if (knownMs < 2 * MinuteMs) return '';
  let all = 0;
  let recent = 0;
  for (const { start, count } of feed.series) {
    all += count;
    if (start > feed.at - MinuteMs) recent += count;
  }
  const times = (recent / MinuteMs) / (all / knownMs);
  if (times >= 2) return `last minute ${times.toFixed(1)} × average`;
  const change = times - 1;
  const percent = Math.round(Math.abs(change) * 100);
  if (percent === 0) return 'last minute as on average';
  return `last minute ${percent}% ${change > 0 ? 'above' : 'below'} average`;
}

// Whole bins only: the one that is filling would look like a fall.
function bins(feed: Feed): { at: number; count: number; ms: number }[] {
  const first = feed.series[0];
  if (!first) return [];
  const ms = binMs(feed.at - first.start);
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

function binMs(knownMs: number): number {
  return BinSizesMs.find((ms) => knownMs / ms <= MostBins) ?? BinSizesMs.at(-1)!;
}
