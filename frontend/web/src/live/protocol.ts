/**
 * What the hub at /live sends and takes, as JSON.
 *
 * 1. `Watch` answers a Snapshot; later `update` messages follow. A new `Watch` replaces the old.
 * 2. `sequence` grows by exactly one per update; the first after a snapshot is snapshot + 1.
 * 3. An update at or below the snapshot's sequence is old news and is ignored.
 * 4. A gap, or another epoch, means the picture is lost: `Watch` again.
 * 5. Points carry absolute values: a point replaces the one with the same start.
 * 6. At most one update per 250 ms, at least one per second.
 */

export interface WatchRequest { pair?: string; country?: string; focus?: string }

export interface Summary {
  aggregated: number;
  rejected: number;
  pairs: number;
  countries: number;
  lagSeconds: number;
  tradesPerSecond: number;
  since: string | null;
}

/** One pair or country over the last 15 minutes. `change` is close / open - 1, a fraction. */
export interface Ranking {
  pair?: string;
  country?: string;
  count: number;
  amountSell: number;
  amountBuy: number;
  vwap?: number;
  change?: number;
}

/** One second. Seconds without trades are absent. */
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

export interface Rejects { total: number; byCode: Record<string, number> }

export interface Snapshot {
  epoch: string;
  sequence: number;
  at: string;
  summary: Summary;
  pairs: Ranking[];
  countries: Ranking[];
  series: Point[];
  focus: Point[];
  trades: Trade[];
  rejects: Rejects;
}

/** What changed; a member that is absent (or null) did not. `trades` holds only the new ones. */
export interface Update {
  epoch: string;
  sequence: number;
  at: string;
  summary: Summary;
  series?: Point[] | null;
  focus?: Point[] | null;
  pairs?: Ranking[] | null;
  countries?: Ranking[] | null;
  trades?: Trade[] | null;
  rejects?: Rejects | null;
}
