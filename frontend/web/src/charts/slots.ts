import type { Cell } from '../live/cells.js';
import type { Range } from '../live/range.js';

/** One interval on a line; `y` is NaN where there is nothing to draw. */
export interface Slot { x: number; y: number }

export interface Shown { points: number; total: number }

/** Steps that a reader can name. */
const StepsMs = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800,
  43_200, 86_400].map((seconds) => seconds * 1000);

/** The shortest step of whole cells at which there are no more points than there is room for. */
export function stepFor(range: Range, mostPoints: number): number {
  return StepsMs.find((step) => step % range.stepMs === 0
    && range.windowMs / step <= Math.max(1, mostPoints)) ?? StepsMs.at(-1)!;
}

/** Made anew only where the number is another one. */
export function slotsOf(slots: Slot[], count: number): Slot[] {
  return slots.length === count ? slots : Array.from({ length: count }, () => ({ x: 0, y: NaN }));
}

/**
 * Up to when all was told that will be. Cells of a second count only when they are over; of longer
 * ones the last is told up to the moment.
 */
export function toldUntil(atMs: number, lagMs: number, cellMs: number): number {
  const told = atMs - Math.min(lagMs, 1000);
  return cellMs === 1000 ? Math.floor(told / 1000) * 1000 : told;
}

/** The start of the newest interval of which a second or more has been told. */
export function lastToldStart(toldMs: number, stepMs: number): number {
  return Math.floor((toldMs - 1000) / stepMs) * stepMs;
}

/**
 * How much of the interval has been told, in seconds: the newest one is still filling, and nothing
 * is known of the time before the first trade.
 */
export function toldSeconds(
  start: number, stepMs: number, { fromMs, toMs }: { fromMs: number; toMs: number },
): number {
  return Math.max(1, (Math.min(start + stepMs, toMs) - Math.max(start, fromMs)) / 1000);
}

/** Without the cells that have only begun: what is in them is not of a known time. */
export function toldCells<C extends Cell>(cells: readonly C[], toldMs: number): readonly C[] {
  let end = cells.length;
  while (end > 0 && cells[end - 1]!.start >= toldMs) end--;
  return end === cells.length ? cells : cells.slice(0, end);
}

/**
 * Writes the cells into the slots, the last slot being the one that starts at `last`. An interval
 * without a cell gets `absent(start)`.
 */
export function fillSlots<C extends Cell>(
  slots: Slot[], cells: readonly C[], stepMs: number, last: number,
  value: (cell: C) => number, absent: (start: number) => number,
): Shown {
  let points = 0;
  let total = 0;
  let next = 0;
  let start = last - slots.length * stepMs;
  for (const slot of slots) {
    start += stepMs;
    while (next < cells.length && cells[next]!.start < start) next++;
    const cell = cells[next];
    const present = cell?.start === start;
    slot.x = start;
    slot.y = present ? value(cell) : absent(start);
    if (present) total += cell.count;
    if (!Number.isNaN(slot.y)) points++;
  }
  return { points, total };
}
