import { mergeCells, toCells, type Cell } from './cells.js';
import type {
  Figures, Flow, Health, HistoryPoint, Ranking, Rejects, Snapshot, Summary, Trade, Update,
  WatchRequest,
} from './protocol.js';
import { rangeOf, type Range } from './range.js';
import { MaxTrades, mergeTrades } from './tape.js';

/**
 * Of figures that have no history in cells: one each 5 s over a quarter of an hour, each the most
 * that there was in the time.
 */
const SampleEveryMs = 5000;
export const HistoryMs = 15 * 60_000;

export interface Sample {
  at: number;
  rejected: number;
  lagSeconds: number;
  ackP99Ms: number | null;
  connections: number | null;
}

/** One consistent picture of the server, and when it was true. */
export interface Feed {
  /** What it is a picture of. */
  request: WatchRequest;
  range: Range;
  epoch: string;
  sequence: number;
  /** The server's clock in epoch ms, and the monotonic time here when it arrived. */
  at: number;
  arrivedAt: number;
  summary: Summary;
  pairs: readonly Ranking[];
  countries: readonly Ranking[];
  flows: readonly Flow[];
  /** Told already, and shown once the countries and flows of the same reading are. */
  pairsAhead: readonly Ranking[] | null;
  series: readonly Cell[];
  focus: readonly Cell[];
  trades: readonly Trade[];
  rejects: Rejects;
  figures: Figures;
  samples: readonly Sample[];
  health: Health | null;
  /** Epoch ms, of one user's view: trades since then were searched. */
  searchedFrom: number | null;
}

export function feedFrom(snapshot: Snapshot, request: WatchRequest, arrivedAt: number): Feed {
  const at = Date.parse(snapshot.at);
  const range = rangeOf(snapshot.range);
  return {
    request,
    range,
    epoch: snapshot.epoch,
    sequence: snapshot.sequence,
    at,
    arrivedAt,
    summary: snapshot.summary,
    pairs: snapshot.pairs,
    countries: snapshot.countries,
    flows: snapshot.flows,
    pairsAhead: null,
    series: toCells(snapshot.series, at, range),
    focus: toCells(snapshot.focus, at, range),
    trades: snapshot.trades.slice(0, MaxTrades),
    rejects: snapshot.rejects,
    figures: snapshot.figures,
    samples: addSample(snapshot.history.map(toSample), snapshot.summary, snapshot.figures, at),
    health: snapshot.health ?? null,
    searchedFrom: snapshot.searchedFrom ? Date.parse(snapshot.searchedFrom) : null,
  };
}

/** The caller has checked epoch and sequence. */
export function feedAfter(feed: Feed, update: Update, arrivedAt: number): Feed {
  const at = Date.parse(update.at);
  const figures = update.figures ?? feed.figures;
  return {
    ...feed,
    sequence: update.sequence,
    at,
    arrivedAt,
    summary: update.summary,
    ...rankingsAfter(feed, update),
    series: mergeCells(feed.series, update.series ?? [], at, feed.range),
    focus: mergeCells(feed.focus, update.focus ?? [], at, feed.range),
    trades: mergeTrades(feed.trades, update.trades ?? []),
    rejects: update.rejects ?? feed.rejects,
    figures,
    samples: addSample(feed.samples, update.summary, figures, at),
    health: update.health ?? feed.health,
    searchedFrom: update.searchedFrom ? Date.parse(update.searchedFrom) : feed.searchedFrom,
  };
}

// Rankings of one reading come in two updates, and are shown together. The second half of a reading
// whose first came before the snapshot is older than that.
function rankingsAfter(
  { pairs, countries, flows, pairsAhead }: Feed, update: Update,
): Pick<Feed, 'pairs' | 'countries' | 'flows' | 'pairsAhead'> {
  const ahead = update.pairs ?? pairsAhead;
  return ahead && update.countries && update.flows
    ? { pairs: ahead, countries: update.countries, flows: update.flows, pairsAhead: null }
    : { pairs, countries, flows, pairsAhead: ahead };
}

/**
 * Epoch ms: the beginning of the range, or the first trade of all where that came later; of one
 * user's view since when his trades were searched.
 */
export function knownFrom({ at, range, summary, searchedFrom }: Feed): number {
  const first = searchedFrom ?? (summary.since ? Date.parse(summary.since) : 0);
  return Math.max(at - range.windowMs, first);
}

function toSample(point: HistoryPoint): Sample {
  const { rejected, lagSeconds, ackP99Ms = null, connections = null } = point;
  return { at: Date.parse(point.at), rejected, lagSeconds, ackP99Ms, connections };
}

function addSample(
  samples: readonly Sample[], summary: Summary, figures: Figures, at: number,
): readonly Sample[] {
  const last = samples.at(-1);
  const { rejected, lagSeconds } = summary;
  const { ackP99Ms = null, connections = null } = figures;
  if (last && at - last.at < SampleEveryMs) {
    const worst: Sample = {
      ...last,
      lagSeconds: Math.max(last.lagSeconds, lagSeconds),
      ackP99Ms: larger(last.ackP99Ms, ackP99Ms),
      connections: larger(last.connections, connections),
    };
    return [...samples.slice(0, -1), worst];
  }
  return [...samples, { at, rejected, lagSeconds, ackP99Ms, connections }]
    .filter((sample) => sample.at > at - HistoryMs)
    .slice(-HistoryMs / SampleEveryMs);
}

function larger(one: number | null, other: number | null): number | null {
  return one === null || other === null ? one ?? other : Math.max(one, other);
}

/** An epoch is `store.run`: a restart of the frontend changes the run alone, a reset the store. */
export function isSameStore(one: string, other: string): boolean {
  return storeOf(one) === storeOf(other);
}

function storeOf(epoch: string): string { return epoch.slice(0, epoch.lastIndexOf('.')); }
