import { cleared, countryOf, filtered, pairOf, type Route } from '../app/route.js';
import { countryName } from '../format/country.js';
import { zone } from '../format/time.js';
import type { Ranking } from '../live/protocol.js';
import { ranges } from '../live/range.js';
import { element, setAttribute, setShown, setText } from '../page/dom.js';
import type { Actions, Panel, View } from './panel.js';

const LongestUser = 64;

interface Field {
  node: HTMLElement;
  input: HTMLInputElement;
  list: HTMLDataListElement;
  fault: HTMLElement;
}

/** What all panels obey: pair, country, user and time. It is what the address says. */
export function filterBar({ filter, go }: Actions): Panel {
  let shown: Route | null = null;
  const apply = (name: 'pair' | 'country') => (value: string | null): void => {
    if (shown) go(filtered(shown, name, value));
  };
  const pair = field('pair', 'Pair', 'any pair', 'like EUR/GBP');
  const country = field('country', 'Country', 'any country', 'like FR or France');
  const user = field('user', 'User', 'any user');
  const fields = [pair, country, user];
  const range = rangeChoice((name) => filter({ range: name }));
  const times = element('span', { class: 'zone', title: 'All times are of this zone' });
  const clear = element('button', { type: 'button', class: 'plain' }, 'Clear');
  clear.addEventListener('click', () => { if (shown) filter(cleared(shown)); });

  take(pair, (text) => (text === '' ? null : pairOf(text) ?? undefined),
    apply('pair'), 'A pair is like EUR/GBP.');
  take(country, (text) => (text === '' ? null : countryOf(text) ?? undefined),
    apply('country'), 'A country is like FR or France.');
  take(user, (text) => (text.length <= LongestUser ? text || null : undefined),
    (value) => filter({ user: value }), `A user has ${LongestUser} characters at most.`);

  const node = element(
    'form', { class: 'filter', role: 'search', 'aria-label': 'Filter', novalidate: '' },
    pair.node, country.node, user.node, range.node, times, clear);
  node.addEventListener('submit', (event) => event.preventDefault());

  return {
    node,
    render: ({ route, feed }: View) => {
      const { filter: now, view } = route;
      for (const { node: each } of fields) setShown(each, view !== 'health');
      // What was asked for anew takes the place of what could not be understood.
      if (route !== shown) fields.forEach(forgive);
      shown = route;
      put(pair, now.pair);
      put(country, now.country);
      put(user, now.user);
      range.put(now.range);
      const any = (view !== 'pair' && now.pair) || (view !== 'country' && now.country) || now.user
        || fields.some(({ input }) => !input.validity.valid);
      setShown(clear, Boolean(any));
      if (!feed) return;
      setText(times, zone(feed.at));
      offer(pair, feed.pairs, ({ pair: name = '' }) => [name, '']);
      offer(country, feed.countries, ({ country: code = '' }) => [code, countryName(code)]);
    },
  };
}

function field(name: string, label: string, unset: string, example?: string): Field {
  const list = element('datalist', { id: `known-${name}` });
  const fault = element('span', { class: 'fault', id: `fault-${name}`, role: 'alert' });
  fault.hidden = true;
  const input = element('input', {
    name, placeholder: unset, list: list.id, autocomplete: 'off', spellcheck: 'false',
    'aria-label': label, 'aria-describedby': fault.id, ...(example && { title: example }),
  });
  const node = element('label', {}, element('span', {}, label), input, list, fault);
  return { node, input, list, fault };
}

/** Undefined from `read` is what cannot be understood. */
function take(
  field: Field, read: (text: string) => string | null | undefined,
  apply: (value: string | null) => void, rule: string,
): void {
  const { input } = field;
  input.addEventListener('change', () => {
    const value = read(input.value.trim());
    if (value === undefined) blame(field, rule);
    else apply(value);
  });
  input.addEventListener('input', () => forgive(field));
  input.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') {
      forgive(field);
      input.value = input.dataset.shown ?? '';
    }
    if (key === 'Escape' || key === 'Enter') input.blur(); // takes what was typed
  });
}

function blame({ input, fault }: Field, rule: string): void {
  input.setCustomValidity(rule);
  setAttribute(input, 'aria-invalid', 'true');
  setText(fault, rule);
  setShown(fault, true);
}

function forgive({ input, fault }: Field): void {
  input.setCustomValidity('');
  input.removeAttribute('aria-invalid');
  setShown(fault, false);
}

// What is being typed is the reader's.
function put({ input }: Field, value: string | null): void {
  const text = value ?? '';
  setAttribute(input, 'data-shown', text);
  if (document.activeElement === input) return;
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
