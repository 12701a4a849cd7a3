/**
 * What the hub at /live sends and takes, as JSON.
 *
 * 1. `Watch` answers a Snapshot; later `update` messages follow. A new `Watch` replaces the old.
 * 2. `sequence` grows by exactly one per update; the first after a snapshot is snapshot + 1.
 * 3. An update at or below the snapshot's sequence is old news and is ignored.
 * 4. A gap, or another epoch, means the picture is lost: `Watch` again.
 * 5. Points carry absolute values: a point replaces the one with the same start.
 * 6. At most one update per 250 ms, at least one per second.
 * 7. `Rest` ends the updates until the next `Watch`.
 * 8. Rankings of one reading come in two updates: first `pairs`, then `countries` and `flows`.
 * 9. `Sold` answers what was sold in a view, whatever is watched.
 */

export type RangeName = '15m' | '24h' | '30d';

export interface WatchRequest {
  pair?: string;
  country?: string;
  user?: string;
  range?: RangeName;
  /** A pair or country whose own points are sent as `focus`. */
  focus?: string;
  focusCountry?: string;
  health?: boolean;
}

export interface Summary {
  aggregated: number;
  rejected: number;
  pairs: number;
  countries: number;
  lagSeconds: number;
  tradesPerSecond: number;
  since?: string | null;
}

/**
 * One pair or country over the range. `change` is close / open - 1, a fraction. `trend` counts the
 * trades of each minute, hour or day of it.
 */
export interface Ranking {
  pair?: string;
  country?: string;
  count: number;
  /** Of trades of one pair only. */
  amountSell?: number;
  amountBuy?: number;
  vwap?: number;
  change?: number;
  trend?: readonly number[];
}

/**
 * Trades that sold one currency for the other. Either may be `other`, which then stands for so many
 * currencies, and whose amount is not told.
 */
export interface Flow {
  from: string;
  to: string;
  count: number;
  amountSell?: number;
  amountBuy?: number;
  fromOthers?: number;
  toOthers?: number;
}

/** What was sold over a range, by currency: those of the most trades, most first. */
export interface Sold {
  currencies: readonly { currency: string; amount: number }[];
  /** How many currencies more. */
  others: number;
}

/** One second, minute or hour. Intervals without trades are absent. */
export interface Point {
  start: string;
  count: number;
  amountSell: number;
  amountBuy: number;
  vwap: number;
  open: number;
  high: number;
  low: number;
  close: number;
}

export interface Trade {
  receivedAt: string;
  userId: string;
  currencyFrom: string;
  currencyTo: string;
  amountSell: number;
  amountBuy: number;
  rate: number;
  timePlaced: string;
  originatingCountry: string;
}

export interface Reject { at: string; errors: Record<string, string[]>; body: string }

export interface Rejects { total: number; byCode: Record<string, number>; recent: Reject[] }

export type Level = 'good' | 'warn' | 'bad';

export interface Figures {
  ackP99Ms?: number | null;
  connections?: number | null;
  level: Level;
  reason?: string | null;
  /** From when on it is as good or bad as that. */
  since?: string | null;
}

/** Figures as they were, the most of every 5 s. */
export interface HistoryPoint {
  at: string;
  rejected: number;
  lagSeconds: number;
  ackP99Ms?: number | null;
  connections?: number | null;
}

export interface Finding {
  name: string;
  level: Level;
  reason: string;
  /** From when on it is as good or bad as that, where it is not good. */
  since?: string | null;
}

export interface Shard {
  shard: number;
  owner?: string | null;
  waitingFrames?: number | null;
  waitingBytes?: number | null;
  behindSeconds: number;
  logBytes: number;
}

export interface ProcessReport {
  id: string;
  program: string;
  version: string;
  startedAt: string;
  at: string;
  residentBytes: number;
  cpuShare: number;
  connectionsOpen?: number | null;
  requestsWaiting?: number | null;
  ackP99Seconds?: number | null;
  shardsOwned?: number | null;
  viewers?: number | null;
}

export interface DeadFrame {
  id: string;
  diedAt: string;
  receivedAt?: string | null;
  trades: number;
  bytes: number;
  attempts: number;
  reason: string;
}

export interface Health {
  findings: Finding[];
  shards: Shard[];
  processes: ProcessReport[];
  dead: { total: number; trades: number; recent: DeadFrame[] };
}

export interface Snapshot {
  epoch: string;
  sequence: number;
  at: string;
  range: RangeName;
  summary: Summary;
  pairs: Ranking[];
  countries: Ranking[];
  flows: Flow[];
  series: Point[];
  focus: Point[];
  trades: Trade[];
  rejects: Rejects;
  figures: Figures;
  history: HistoryPoint[];
  health?: Health | null;
  /** Of one user: when the oldest trade was accepted that could be searched for his. */
  searchedFrom?: string | null;
}

/**
 * What changed; a member that is absent (or null) did not. `trades` holds the newest ones: all that
 * are new, as far as a page shows them, and maybe some that were told before.
 */
export interface Update {
  epoch: string;
  sequence: number;
  at: string;
  summary: Summary;
  series?: Point[] | null;
  focus?: Point[] | null;
  pairs?: Ranking[] | null;
  countries?: Ranking[] | null;
  flows?: Flow[] | null;
  trades?: Trade[] | null;
  rejects?: Rejects | null;
  figures?: Figures | null;
  health?: Health | null;
  searchedFrom?: string | null;
}
