import { countryOf, pairOf } from '../app/route.js';
import { countryName } from '../format/country.js';
import type { Ranking } from '../live/protocol.js';
import { ranges } from '../live/range.js';
import { element, setAttribute, setShown } from '../page/dom.js';
import type { Actions, Panel, View } from './panel.js';

interface Field { node: HTMLElement; input: HTMLInputElement; list: HTMLDataListElement }

/** What all panels obey: pair, country, user and time. It is what the address says. */
export function filterBar({ filter }: Actions): Panel {
  const pair = field('pair', 'Pair', 'EUR/GBP', 13);
  const country = field('country', 'Country', 'FR', 6);
  const user = field('user', 'User', 'any', 64);
  user.node.title = 'Of one user the page shows what is among the newest trades, which the store'
    + ' keeps one by one; by default 10,000 of them.';
  const range = rangeChoice((name) => filter({ range: name }));
  const clear = element('button', { type: 'button', class: 'plain' }, 'Clear');
  clear.addEventListener('click', () => filter({
    ...(isFree(pair) && { pair: null }), ...(isFree(country) && { country: null }), user: null,
  }));

  take(pair, (text) => (text === '' ? null : pairOf(text) ?? undefined),
    (value) => filter({ pair: value }), 'A pair is like EUR/GBP.');
  take(country, (text) => (text === '' ? null : countryOf(text) ?? undefined),
    (value) => filter({ country: value }), 'A country is a code of two letters, like FR.');
  take(user, (text) => text || null, (value) => filter({ user: value }), '');

  const node = element(
    'form', { class: 'filter', role: 'search', 'aria-label': 'Filter' },
    pair.node, country.node, user.node, range.node, clear);
  node.addEventListener('submit', (event) => {
    event.preventDefault();
    (document.activeElement as HTMLElement | null)?.blur(); // takes what was typed
  });

  return {
    node,
    render: ({ route, feed }: View) => {
      const { filter: now, view } = route;
      setShown(pair.node, view !== 'pair');
      setShown(country.node, view !== 'country');
      put(pair, now.pair);
      put(country, now.country);
      put(user, now.user);
      range.put(now.range);
      const any = (view !== 'pair' && now.pair) || (view !== 'country' && now.country) || now.user;
      setShown(clear, Boolean(any));
      if (!feed) return;
      offer(pair, feed.pairs, ({ pair: name = '' }) => [name, '']);
      offer(country, feed.countries, ({ country: code = '' }) => [code, countryName(code)]);
    },
  };
}

function isFree({ node }: Field): boolean { return !node.hidden; }

function field(name: string, label: string, example: string, longest: number): Field {
  const list = element('datalist', { id: `known-${name}` });
  const input = element('input', {
    name, placeholder: example, maxlength: String(longest), list: list.id, autocomplete: 'off',
    spellcheck: 'false', 'aria-label': label, size: String(Math.min(longest, 10)),
  });
  return { node: element('label', {}, element('span', {}, label), input, list), input, list };
}

/** Undefined from `read` is what cannot be understood. */
function take(
  { input }: Field, read: (text: string) => string | null | undefined,
  apply: (value: string | null) => void, rule: string,
): void {
  input.addEventListener('change', () => {
    const value = read(input.value.trim());
    input.setCustomValidity(value === undefined ? rule : '');
    if (value === undefined) input.reportValidity();
    else apply(value);
  });
  input.addEventListener('input', () => input.setCustomValidity(''));
}

// What is being typed is the reader's.
function put({ input }: Field, value: string | null): void {
  if (document.activeElement === input) return;
  const text = value ?? '';
  if (input.value !== text && input.validity.valid) input.value = text;
  input.toggleAttribute('data-set', text !== '');
}

function offer(
  { input, list }: Field, rankings: readonly Ranking[],
  say: (ranking: Ranking) => readonly [string, string],
): void {
  if (document.activeElement === input && list.children.length > 0) return;
  const known = rankings.map(say).filter(([name]) => name && name !== 'other').sort();
  const names = known.map(([name]) => name).join(' ');
  if (list.dataset.names === names) return;
  list.dataset.names = names;
  list.replaceChildren(...known.map(([value, label]) => element('option', { value }, label)));
}

function rangeChoice(choose: (name: (typeof ranges)[number]['name']) => void) {
  const node = element('fieldset', { class: 'choice range' },
    element('legend', { class: 'unseen' }, 'Time'));
  const inputs = ranges.map(({ name, title }) => {
    const input = element('input', { type: 'radio', name: 'range', value: name });
    input.addEventListener('change', () => choose(name));
    node.append(element('label', {}, input, element('span', {}, title)));
    return input;
  });
  const put = (name: string): void => {
    for (const input of inputs) {
      if (input.checked !== (input.value === name)) input.checked = input.value === name;
      setAttribute(input, 'data-range', input.value);
    }
  };
  return { node, put };
}
