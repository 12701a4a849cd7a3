import type { Shape } from '../charts/picture.js';
import { element } from '../page/dom.js';
import type { Colour } from '../theme/palette.js';

/** How one thing that is drawn looks, and what it is. */
export interface Key {
  colour: Colour;
  shape: Shape;
  words: string;
  title?: string;
}

export interface Legend { node: HTMLElement; show: (keys: readonly Key[], note?: string) => void }

/** Under a chart: a sample of each colour beside its words. */
export function legend(): Legend {
  const node = element('p', { class: 'legend' });
  let shown = '';
  return {
    node,
    show: (keys, note = '') => {
      const wanted = JSON.stringify([keys, note]);
      if (wanted === shown) return;
      shown = wanted;
      node.replaceChildren(...keys.map(({ colour, shape, words, title }) =>
        element('span', title ? { title } : {}, swatch(colour, shape), words)), note);
    },
  };
}

export function swatch(colour: Colour, shape: Shape = 'line'): HTMLElement {
  return element('i', { class: `swatch ${shape} of-${colour}`, 'aria-hidden': 'true' });
}
