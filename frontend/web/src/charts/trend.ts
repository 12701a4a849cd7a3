import { setAttribute, svg } from '../page/dom.js';

const Width = 72;
const Height = 16;

/** A bar for each part of a range, in a row of a table. */
export function trendBars(): SVGElement {
  return svg('svg', {
    class: 'trend', viewBox: `0 0 ${Width} ${Height}`, width: String(Width),
    height: String(Height), role: 'img',
  }, svg('path', { d: '' })) as SVGElement;
}

export function showTrend(node: Element, counts: readonly number[], words: string): void {
  const most = Math.max(1, ...counts);
  const step = Width / Math.max(1, counts.length);
  const bars = counts.map((count, at) => {
    const height = count === 0 ? 0 : Math.max(1, (count / most) * Height);
    const x = at * step;
    return `M${x.toFixed(1)} ${Height}v${(-height).toFixed(1)}h${(step - 1).toFixed(1)}V${Height}z`;
  });
  setAttribute(node.firstElementChild!, 'd', bars.join(''));
  setAttribute(node, 'aria-label', words);
}
