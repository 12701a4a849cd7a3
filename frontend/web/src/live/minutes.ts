import type { Cell } from './cells.js';

/** The cells of one minute, merged. `highest` is its busiest second. */
export interface Minute extends Cell { highest: number }

/** Newest first. */
export function byMinute(cells: readonly Cell[]): Minute[] {
  const minutes: Minute[] = [];
  for (const cell of cells) {
    const start = Math.floor(cell.start / 60_000) * 60_000;
    const last = minutes.at(-1);
    if (last?.start === start) add(last, cell);
    else minutes.push({ ...cell, start, highest: cell.count });
  }
  return minutes.reverse();
}

function add(minute: Minute, cell: Cell): void {
  const sold = minute.amountSell + cell.amountSell;
  minute.vwap = (minute.vwap * minute.amountSell + cell.vwap * cell.amountSell) / sold;
  minute.count += cell.count;
  minute.amountSell = sold;
  minute.amountBuy += cell.amountBuy;
  minute.highest = Math.max(minute.highest, cell.count);
  minute.high = Math.max(minute.high, cell.high);
  minute.low = Math.min(minute.low, cell.low);
  minute.close = cell.close;
}
