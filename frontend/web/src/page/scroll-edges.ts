import { setAttribute } from './dom.js';

/** Pixels of rounding that are no way to scroll. */
const Slack = 1;

type Scrolled = Pick<HTMLElement,
  'scrollLeft' | 'scrollTop' | 'scrollWidth' | 'scrollHeight' | 'clientWidth' | 'clientHeight'>;

/** `right`, `below`, both or neither: where there is more to scroll to. */
export function moreOf(box: Scrolled): string {
  const right = box.scrollWidth - box.clientWidth - box.scrollLeft > Slack;
  const below = box.scrollHeight - box.clientHeight - box.scrollTop > Slack;
  return [right ? 'right' : '', below ? 'below' : ''].filter(Boolean).join(' ');
}

/** Keeps `data-more` of a box that scrolls, from which its edges fade. */
export function markEdges(box: HTMLElement, content: HTMLElement): void {
  const mark = (): void => setAttribute(box, 'data-more', moreOf(box));
  box.addEventListener('scroll', mark, { passive: true });
  const sizes = new ResizeObserver(mark);
  sizes.observe(box);
  sizes.observe(content);
}
