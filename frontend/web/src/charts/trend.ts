import { setAttribute, svg } from '../page/dom.js';

const Width = 72;
const Height = 16;

/** A bar for each part of a range, in a row of a table; a shape only, so it is not read aloud. */
export function trendBars(): SVGElement {
  return svg('svg', {
    class: 'trend', viewBox: `0 0 ${Width} ${Height}`, width: String(Width),
    height: String(Height), 'aria-hidden': 'true',
  }, svg('path', { d: '' })) as SVGElement;
}

export function showTrend(node: Element, counts: readonly number[]): void {
  setAttribute(node.firstElementChild!, 'd', trendPath(counts));
}

/** On a line over the whole range, so that a bar alone is seen to be alone. */
export function trendPath(counts: readonly number[]): string {
  const most = Math.max(1, ...counts);
  const step = Width / Math.max(1, counts.length);
  const bars = counts.flatMap((count, at) => {
    if (count === 0) return [];
    const height = Math.max(2, (count / most) * Height).toFixed(1);
    const width = Math.max(2, step - 1).toFixed(1);
    return [`M${(at * step).toFixed(1)} ${Height}v-${height}h${width}V${Height}z`];
  });
  return `M0 ${Height}v-1h${Width}v1z${bars.join('')}`;
}
