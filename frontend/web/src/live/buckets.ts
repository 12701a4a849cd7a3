import type { Cell } from './cells.js';

/** Cells merged into longer intervals. `highest` is the most trades that one cell had. */
export interface Bucket extends Cell { highest: number }

/** Ascending; the cells must be. */
export function bucketsOf(cells: readonly Cell[], stepMs: number): Bucket[] {
  const buckets: Bucket[] = [];
  for (const cell of cells) {
    const start = Math.floor(cell.start / stepMs) * stepMs;
    const last = buckets.at(-1);
    if (last?.start === start) add(last, cell);
    else buckets.push({ ...cell, start, highest: cell.count });
  }
  return buckets;
}

function add(bucket: Bucket, cell: Cell): void {
  const sold = bucket.amountSell + cell.amountSell;
  bucket.vwap = (bucket.vwap * bucket.amountSell + cell.vwap * cell.amountSell) / sold;
  bucket.count += cell.count;
  bucket.amountSell = sold;
  bucket.amountBuy += cell.amountBuy;
  bucket.highest = Math.max(bucket.highest, cell.count);
  bucket.high = Math.max(bucket.high, cell.high);
  bucket.low = Math.min(bucket.low, cell.low);
  bucket.close = cell.close;
}
