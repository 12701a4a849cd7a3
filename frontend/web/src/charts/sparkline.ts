import { setAttribute, svg } from '../page/dom.js';

export interface SparkPoint { at: number; value: number }

const Width = 100;
const Height = 28;

/** Of fewer points a line tells nothing. */
const FewestPoints = 5;

/** The time that a line goes over, in epoch ms; what is known of it may be less. */
export interface Span { from: number; to: number }

export interface Sparkline {
  node: Element;
  show: (points: readonly SparkPoint[], span: Span) => void;
}

/** A line without axes, for the shape only; the figure beside it is the value. */
export function sparkline(fromZero: boolean): Sparkline {
  const path = svg('path', { d: '' });
  const node = svg('svg', {
    class: 'spark', viewBox: `0 0 ${Width} ${Height}`, preserveAspectRatio: 'none',
    'aria-hidden': 'true',
  }, path);
  const show = (points: readonly SparkPoint[], span: Span): void =>
    setAttribute(path, 'd', sparkPath(points, span, fromZero));
  return { node, show };
}

export function sparkPath(
  points: readonly SparkPoint[], { from, to }: Span, fromZero: boolean,
): string {
  if (points.length < FewestPoints) return '';

  let low = fromZero ? 0 : Infinity;
  let high = -Infinity;
  for (const { value } of points) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  // A value that never changed is a line through the middle, not along an edge.
  const y = (value: number): number =>
    high === low ? Height / 2 : Height - 2 - ((value - low) / (high - low)) * (Height - 4);
  const x = (at: number): number => Math.min(1, Math.max(0, (at - from) / (to - from))) * Width;
  const steps = points.map(({ at, value }) => `${x(at).toFixed(1)} ${y(value).toFixed(1)}`);
  return `M${steps.join('L')}`;
}
