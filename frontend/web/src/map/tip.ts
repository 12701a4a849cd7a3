import type { Chart, TooltipModel } from 'chart.js';
import { element, setText } from '../page/dom.js';

const Gap = 14;
const coarse = matchMedia('(pointer: coarse)');

/**
 * The words on a country, above all layers of the map. Beside the pointer; under a finger, which
 * covers what it points at, in the corner that is further away.
 */
export function mapTip(canvas: HTMLCanvasElement): {
  node: HTMLElement;
  show: (at: { chart: Chart; tooltip: TooltipModel<'choropleth'> }) => void;
  hide: () => void;
} {
  const title = element('strong');
  const lines = element('span');
  const node = element('div', { class: 'map-tip', 'aria-hidden': 'true' }, title, lines);
  node.hidden = true;
  // The chart hovers again where it last did whenever it is drawn; only the pointer opens it.
  let isDone = false;
  for (const type of ['pointermove', 'pointerdown']) {
    canvas.addEventListener(type, () => { isDone = false; });
  }
  return {
    node,
    hide: () => { node.hidden = isDone = true; },
    show: ({ chart, tooltip }) => {
      node.hidden = isDone || tooltip.opacity === 0;
      if (node.hidden) return;
      setText(title, tooltip.title.join(' '));
      setText(lines, tooltip.body.flatMap(({ lines: each }) => each).join('\n'));
      const { caretX, caretY } = tooltip;
      const isRight = caretX > chart.width / 2;
      const isLow = caretY > chart.height / 2;
      const left = coarse.matches ? (isRight ? 0 : chart.width)
        : isRight ? caretX - Gap - node.offsetWidth : caretX + Gap;
      const top = coarse.matches ? (isLow ? 0 : chart.height)
        : isLow ? caretY - Gap - node.offsetHeight : caretY + Gap;
      node.style.left = `${clamped(left, chart.width - node.offsetWidth)}px`;
      node.style.top = `${clamped(top, chart.height - node.offsetHeight)}px`;
    },
  };
}

function clamped(value: number, most: number): number {
  return Math.max(0, Math.min(value, most));
}
