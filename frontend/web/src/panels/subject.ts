import {
  countryOf, countryRoute, hrefOf, pairOf, pairRoute, type Route,
} from '../app/route.js';
import { countryName } from '../format/country.js';
import { compact, exact, percent, plural, price } from '../format/number.js';
import type { Cell } from '../live/cells.js';
import type { Feed } from '../live/feed.js';
import { element, setAttribute, setShown, setText } from '../page/dom.js';
import { swatch } from './legend.js';
import type { Actions, Panel, View } from './panel.js';

/** What the view is of, what became of it, and the same of what it is compared with. */
export function subjectPanel(kind: 'pair' | 'country', { filter }: Actions): Panel {
  const title = element('h2', { class: 'subject-name' });
  const facts = element('p', { class: 'subject-facts', 'data-metric': 'subject' });
  const turned = element('a', { href: '/', hidden: '' });
  const first = swatch('blue');
  const otherName = element('a', { href: '/', class: 'subject-name' });
  const otherFacts = element('p', { class: 'subject-facts', 'data-metric': 'versus' });
  const other = element('div', { class: 'subject-line' },
    swatch('orange'), otherName, otherFacts);
  const back = element('a', { href: '/' }, '← Overview');
  const choices = element('datalist', { id: `versus-${kind}` });
  const input = element('input', {
    name: 'versus', list: choices.id, size: '10', maxlength: '13', autocomplete: 'off',
    placeholder: `a ${kind}`, title: kind === 'pair' ? 'like USD/JPY' : 'like GB',
    'aria-label': `Compare with another ${kind}`,
  });
  const end = element('button', { type: 'button', class: 'plain' }, 'Do not compare');
  const read = kind === 'pair' ? pairOf : countryOf;
  let name = '';
  input.addEventListener('change', () => {
    const text = input.value.trim();
    const versus = text === '' ? null : read(text);
    input.setCustomValidity(text === '' ? '' : !versus ? `That is no ${kind}.`
      : versus === name ? `That is the ${kind} shown.` : '');
    if (input.validity.valid) filter({ versus });
    else input.reportValidity();
  });
  input.addEventListener('input', () => input.setCustomValidity(''));
  end.addEventListener('click', () => filter({ versus: null }));
  const node = element('section', { class: 'card subject' },
    element('div', { class: 'subject-lines' }, back,
      element('div', { class: 'subject-line' }, first, title, facts, turned), other),
    element('div', { class: 'versus' },
      element('label', {}, element('span', {}, 'Compare with '), input, choices), end));

  return {
    node,
    render: ({ feed, route }: View) => {
      name = route.filter[kind] ?? '';
      setText(title, fullName(kind, name));
      setAttribute(back, 'href',
        hrefOf({ view: 'overview', filter: { ...route.filter, [kind]: null, versus: null } }));
      const { versus } = route.filter;
      if (document.activeElement !== input) input.value = versus ?? '';
      input.toggleAttribute('data-set', versus !== null);
      setShown(end, versus !== null);
      setShown(first, versus !== null);
      setShown(other, versus !== null);
      setText(otherName, fullName(kind, versus ?? ''));
      setAttribute(otherName, 'href', versus === null ? '/'
        : hrefOf(kind === 'pair' ? pairRoute(route, versus) : countryRoute(route, versus)));
      if (!feed) return;
      offer(choices, feed, kind);
      if (feed.request[kind] !== name) return;
      const isEmpty = kind === 'pair' && countOf(feed.series) === 0;
      setShown(turned, isEmpty);
      if (isEmpty) leadBack(feed, route);
      else {
        tell(facts, feed.series, kind === 'pair'
          ? pairFacts(feed, feed.series, name) : countryFacts(feed));
      }
      const shown = kind === 'pair' ? feed.request.focus : feed.request.focusCountry;
      if (shown !== versus) return;
      tell(otherFacts, feed.focus, kind === 'pair'
        ? pairFacts(feed, feed.focus, shown ?? '') : countOnly(feed, feed.focus));
    },
  };

  // The same two currencies, sold and bought the other way round.
  function leadBack(feed: Feed, route: Route): void {
    const reverse = reversed(name);
    const isKnown = [...choices.options].some(({ value }) => value === reverse);
    tell(facts, [], nothingWords(feed, isKnown));
    setText(turned, reverse);
    setAttribute(turned, 'href', hrefOf(pairRoute(route, reverse)));
  }
}

export function reversed(pair: string): string { return pair.split('/').reverse().join('/'); }

/** Followed by a link to the other direction. */
export function nothingWords({ range }: Feed, isOtherKnown: boolean): string {
  return isOtherKnown
    ? 'No trades in this direction; see' : `No trades in ${range.words}. The other direction is`;
}

function fullName(kind: 'pair' | 'country', code: string): string {
  const name = kind === 'country' && code ? countryName(code) : code;
  return name === code ? code : `${name} (${code})`;
}

function tell(facts: HTMLElement, cells: readonly Cell[], words: string): void {
  setText(facts, words);
  setAttribute(facts, 'data-value', String(countOf(cells)));
}

function countOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, { count }) => sum + count, 0);
}

/** `0.853100 GBP · +0.30% in 15 min · 12 trades · 12 k EUR for 10.2 k GBP`. */
export function pairFacts(feed: Feed, cells: readonly Cell[], pair: string): string {
  const first = cells[0];
  const last = cells.at(-1);
  if (!first || !last) return `No trades in ${feed.range.words}.`;
  const [from = '', to = ''] = pair.split('/');
  const sold = cells.reduce((sum, { amountSell }) => sum + amountSell, 0);
  const bought = cells.reduce((sum, { amountBuy }) => sum + amountBuy, 0);
  return [
    `${price(last.close)} ${to}`,
    `${percent(last.close / first.open - 1)} in ${feed.range.title}`,
    plural(countOf(cells), 'trade'),
    `${compact(sold)} ${from} for ${compact(bought)} ${to}`,
  ].join(' · ');
}

function countryFacts(feed: Feed): string {
  const top = feed.pairs[0]?.pair;
  if (countOf(feed.series) === 0 || !top) return countOnly(feed, feed.series);
  return [
    countOnly(feed, feed.series),
    `${exact(feed.pairs.length)} ${feed.pairs.length === 1 ? 'pair' : 'pairs'}`,
    `most in ${top}`,
  ].join(' · ');
}

function countOnly(feed: Feed, cells: readonly Cell[]): string {
  const count = countOf(cells);
  return count === 0
    ? `No trades in ${feed.range.words}.`
    : `${plural(count, 'trade')} in ${feed.range.words}`;
}

// On a pair's view the ranking has this pair alone, so what was seen before it is kept.
function offer(list: HTMLDataListElement, feed: Feed, kind: 'pair' | 'country'): void {
  const rows = kind === 'pair' ? feed.pairs : feed.countries;
  const names = new Set([...list.options].map(({ value }) => value));
  for (const row of rows) {
    const name = row[kind];
    if (name && name !== 'other' && !names.has(name)) {
      list.append(element('option', { value: name }));
    }
  }
}
