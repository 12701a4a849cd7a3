import { setAttribute, svg } from '../page/dom.js';

export interface SparkPoint { at: number; value: number }

const Width = 100;
const Height = 28;

export interface Sparkline { node: Element; show: (points: readonly SparkPoint[]) => void }

/** A line without axes, for the shape only; the figure beside it is the value. */
export function sparkline(fromZero: boolean): Sparkline {
  const path = svg('path', { d: '' });
  const node = svg('svg', {
    class: 'spark', viewBox: `0 0 ${Width} ${Height}`, preserveAspectRatio: 'none',
    'aria-hidden': 'true',
  }, path);
  const show = (points: readonly SparkPoint[]): void =>
    setAttribute(path, 'd', pathOf(points, fromZero));
  return { node, show };
}

function pathOf(points: readonly SparkPoint[], fromZero: boolean): string {
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last || last.at === first.at) return '';

  let low = fromZero ? 0 : Infinity;
  let high = -Infinity;
  for (const { value } of points) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  // A value that never changed is a line through the middle, not along an edge.
  const y = (value: number): number =>
    high === low ? Height / 2 : Height - 2 - ((value - low) / (high - low)) * (Height - 4);
  const x = (at: number): number => ((at - first.at) / (last.at - first.at)) * Width;
  const steps = points.map(({ at, value }) => `${x(at).toFixed(1)} ${y(value).toFixed(1)}`);
  return `M${steps.join('L')}`;
}
