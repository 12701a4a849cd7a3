import type { Trade } from './protocol.js';

export const MaxTrades = 25;

/**
 * The newest of both, newest first. What is told may have been told before: the snapshot holds what
 * was accepted since the update before it, and so does the next update. Trades that are alike in
 * all are as many as the side has that knows more of them.
 */
export function mergeTrades(known: readonly Trade[], told: readonly Trade[]): readonly Trade[] {
  const counts = new Map<string, number>();
  for (const trade of known) {
    const key = keyOf(trade);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const added = told.filter((trade) => {
    const key = keyOf(trade);
    const left = counts.get(key) ?? 0;
    counts.set(key, left - 1);
    return left <= 0;
  });
  if (added.length === 0) return known;
  return [...added, ...known]
    .sort((one, other) => compare(other.receivedAt, one.receivedAt))
    .slice(0, MaxTrades);
}

function keyOf(trade: Trade): string {
  return [
    trade.receivedAt, trade.userId, trade.currencyFrom, trade.currencyTo, trade.amountSell,
    trade.amountBuy, trade.rate, trade.timePlaced, trade.originatingCountry,
  ].join('\n');
}

// The server writes instants alike, to a ten-millionth of a second, without zeros at the end.
function compare(one: string, other: string): number {
  const [a, b] = [one.replace('Z', ''), other.replace('Z', '')];
  return a < b ? -1 : a > b ? 1 : 0;
}
