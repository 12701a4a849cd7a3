import type { Figures, Point, Snapshot, Summary, Trade, Update } from '../src/live/protocol.js';

export const Noon = Date.parse('2025-01-24T12:00:00Z');

export const summary: Summary = {
  aggregated: 10, rejected: 1, pairs: 2, countries: 1, lagSeconds: 0.2, tradesPerSecond: 5,
  since: null,
};

export const figures: Figures = { ackP99Ms: 1.5, connections: 3, level: 'good' };

export function point(second: number, count: number): Point {
  return {
    start: new Date(Noon + second * 1000).toISOString(), count,
    amountSell: count * 100, amountBuy: count * 80,
    vwap: 0.8, open: 0.8, high: 0.81, low: 0.79, close: 0.8,
  };
}

export function trade(userId: string, second = 0): Trade {
  return {
    receivedAt: new Date(Noon + second * 1000).toISOString(), userId, currencyFrom: 'EUR', currencyTo: 'GBP',
    amountSell: 100, amountBuy: 80, rate: 0.8, timePlaced: '24-JAN-25 12:00:00',
    originatingCountry: 'FR',
  };
}

export function snapshot(over: Partial<Snapshot> = {}): Snapshot {
  return {
    epoch: 'a', sequence: 7, at: new Date(Noon).toISOString(), summary,
    range: '15m', pairs: [], countries: [], flows: [], series: [], focus: [], trades: [],
    rejects: { total: 0, byCode: {}, recent: [] }, figures, history: [], ...over,
  };
}

export function update(sequence: number, over: Partial<Update> = {}): Update {
  const at = new Date(Noon + 250).toISOString();
  return { epoch: 'a', sequence, at, summary, series: [], ...over };
}
