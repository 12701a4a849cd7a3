import type { Ranking } from '../live/protocol.js';
import { element, setShown } from '../page/dom.js';

export interface PairSelect {
  node: HTMLElement;
  show: (pairs: readonly Ranking[], wanted: string | null) => void;
}

/** The pairs seen, in the order of the alphabet: the ranking would move under the pointer. */
export function pairSelect(pick: (pair: string) => void): PairSelect {
  const select = element('select', { 'aria-label': 'Pair to show' });
  select.hidden = true;
  select.addEventListener('change', () => pick(select.value));
  let listed = '';

  return {
    node: select,
    show: (rankings, wanted) => {
      const pairs = new Set(rankings.map((ranking) => ranking.pair ?? ''));
      if (wanted) pairs.add(wanted);
      pairs.delete('');
      const names = [...pairs].sort();
      const list = names.join(' ');
      // An open list must not change while the reader looks for a name in it.
      const open = document.activeElement === select && select.options.length > 1;
      if (list !== listed && !open) {
        listed = list;
        select.replaceChildren(...names.map((name) => element('option', { value: name }, name)));
        setShown(select, names.length > 0);
      }
      if (wanted && select.value !== wanted) select.value = wanted;
    },
  };
}
