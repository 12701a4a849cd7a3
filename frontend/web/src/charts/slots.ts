import { WindowMs, WindowSeconds, type Cell } from '../live/cells.js';

/** One second on a line; `y` is NaN where there is nothing to draw. */
export interface Slot { x: number; y: number }

export interface Shown { points: number; total: number }

/** A line has as many slots as the window has seconds, made once and written over for ever. */
export function makeSlots(): Slot[] {
  return Array.from({ length: WindowSeconds }, () => ({ x: 0, y: NaN }));
}

/** The newest second told in full. One that was still filling would look like a fall. */
export function lastFullSecond(toldMs: number, lagMs: number): number {
  return Math.floor((toldMs - Math.min(lagMs, 1000)) / 1000) * 1000 - 1000;
}

/**
 * Writes the cells into the slots, the last slot being the second `last`. A second without a
 * cell gets `absent(second)`.
 */
export function fillSlots(
  slots: Slot[], cells: readonly Cell[], last: number,
  value: (cell: Cell) => number, absent: (second: number) => number,
): Shown {
  let points = 0;
  let total = 0;
  let next = 0;
  let second = last - WindowMs;
  for (const slot of slots) {
    second += 1000;
    while (next < cells.length && cells[next]!.start < second) next++;
    const cell = cells[next];
    const present = cell?.start === second;
    slot.x = second;
    slot.y = present ? value(cell) : absent(second);
    if (present) total += cell.count;
    if (!Number.isNaN(slot.y)) points++;
  }
  return { points, total };
}
