import type { Point } from './protocol.js';
import type { Range } from './range.js';

/** One interval of trades; `start` in epoch ms. */
export interface Cell extends Omit<Point, 'start'> { start: number }

export function toCells(points: readonly Point[], nowMs: number, range: Range): Cell[] {
  return mergeCells([], points, nowMs, range);
}

/** Replaces or inserts the changed points and drops what left the window. Ascending by start. */
export function mergeCells(
  cells: readonly Cell[], changed: readonly Point[], nowMs: number, range: Range,
): Cell[] {
  const merged = cells.slice();
  for (const point of changed) put(merged, { ...point, start: Date.parse(point.start) });

  const oldest = nowMs - range.windowMs;
  const kept = merged.findIndex((cell) => cell.start > oldest);
  const most = range.windowMs / range.stepMs;
  return kept < 0 ? [] : merged.slice(Math.max(kept, merged.length - most));
}

// Changes come at the newest end, so the walk from there is a step or two.
function put(cells: Cell[], cell: Cell): void {
  let at = cells.length;
  while (at > 0 && cells[at - 1]!.start > cell.start) at--;
  const replaces = at > 0 && cells[at - 1]!.start === cell.start;
  if (replaces) cells[at - 1] = cell;
  else cells.splice(at, 0, cell);
}
