import { mergeCells, toCells, WindowMs, WindowSeconds, type Cell } from './cells.js';
import type { Ranking, Rejects, Snapshot, Summary, Trade, Update } from './protocol.js';

export const MaxTrades = 50;

/** The figures that have no history on the server, as seen here: one a second. */
export interface Sample {
  at: number;
  rejected: number;
  lagSeconds: number;
  pairs: number;
  countries: number;
}

/** One consistent picture of the server, and when it was true. */
export interface Feed {
  epoch: string;
  sequence: number;
  /** The server's clock in epoch ms, and the monotonic time here when it arrived. */
  at: number;
  arrivedAt: number;
  summary: Summary;
  pairs: readonly Ranking[];
  countries: readonly Ranking[];
  series: readonly Cell[];
  focusPair: string | null;
  focus: readonly Cell[];
  trades: readonly Trade[];
  rejects: Rejects;
  samples: readonly Sample[];
}

export function feedFrom(
  snapshot: Snapshot, focusPair: string | null, arrivedAt: number, before: Feed | null,
): Feed {
  const at = Date.parse(snapshot.at);
  const known = before?.epoch === snapshot.epoch ? before.samples : [];
  return {
    epoch: snapshot.epoch,
    sequence: snapshot.sequence,
    at,
    arrivedAt,
    summary: snapshot.summary,
    pairs: snapshot.pairs,
    countries: snapshot.countries,
    series: toCells(snapshot.series, at),
    focusPair,
    focus: toCells(snapshot.focus, at),
    trades: snapshot.trades.slice(0, MaxTrades),
    rejects: snapshot.rejects,
    samples: addSample(known, snapshot.summary, at),
  };
}

/** The caller has checked epoch and sequence. */
export function feedAfter(feed: Feed, update: Update, arrivedAt: number): Feed {
  const at = Date.parse(update.at);
  const news = update.trades ?? [];
  return {
    ...feed,
    sequence: update.sequence,
    at,
    arrivedAt,
    summary: update.summary,
    pairs: update.pairs ?? feed.pairs,
    countries: update.countries ?? feed.countries,
    series: mergeCells(feed.series, update.series ?? [], at),
    focus: mergeCells(feed.focus, update.focus ?? [], at),
    trades: news.length > 0 ? [...news, ...feed.trades].slice(0, MaxTrades) : feed.trades,
    rejects: update.rejects ?? feed.rejects,
    samples: addSample(feed.samples, update.summary, at),
  };
}

function addSample(samples: readonly Sample[], summary: Summary, at: number): readonly Sample[] {
  const last = samples.at(-1);
  if (last && at - last.at < 1000) return samples;
  const { rejected, lagSeconds, pairs, countries } = summary;
  return [...samples, { at, rejected, lagSeconds, pairs, countries }]
    .filter((sample) => sample.at > at - WindowMs)
    .slice(-WindowSeconds);
}
