import { countryOf, hrefOf, pairOf } from '../app/route.js';
import { countryName } from '../format/country.js';
import { compact, exact, percent, plural, price } from '../format/number.js';
import type { Feed } from '../live/feed.js';
import { element, setAttribute, setShown, setText } from '../page/dom.js';
import type { Actions, Panel, View } from './panel.js';

/** What the view is of, what became of it, and what it is compared with. */
export function subjectPanel(kind: 'pair' | 'country', { filter }: Actions): Panel {
  const title = element('h2', { class: 'subject-name' });
  const facts = element('p', { class: 'subject-facts', 'data-metric': 'subject' });
  const back = element('a', { href: '/' }, '← Overview');
  const choices = element('datalist', { id: `versus-${kind}` });
  const input = element('input', {
    name: 'versus', list: choices.id, size: '10', maxlength: '13', autocomplete: 'off',
    placeholder: kind === 'pair' ? 'USD/JPY' : 'GB',
    'aria-label': `Compare with another ${kind}`,
  });
  const end = element('button', { type: 'button', class: 'plain' }, 'Do not compare');
  const read = kind === 'pair' ? pairOf : countryOf;
  input.addEventListener('change', () => {
    const text = input.value.trim();
    const versus = text === '' ? null : read(text);
    input.setCustomValidity(text !== '' && !versus ? `That is no ${kind}.` : '');
    if (text === '' || versus) filter({ versus });
    else input.reportValidity();
  });
  input.addEventListener('input', () => input.setCustomValidity(''));
  end.addEventListener('click', () => filter({ versus: null }));
  const node = element('section', { class: 'card subject' },
    element('div', {}, back, title, facts),
    element('div', { class: 'versus' },
      element('label', {}, element('span', {}, 'Compare with '), input, choices), end));

  return {
    node,
    render: ({ feed, route }: View) => {
      const name = route.filter[kind] ?? '';
      const known = kind === 'country' ? countryName(name) : name;
      setText(title, known === name ? name : `${known} (${name})`);
      setAttribute(back, 'href',
        hrefOf({ view: 'overview', filter: { ...route.filter, [kind]: null, versus: null } }));
      const { versus } = route.filter;
      if (document.activeElement !== input) input.value = versus ?? '';
      input.toggleAttribute('data-set', versus !== null);
      setShown(end, versus !== null);
      if (!feed || feed.request[kind] !== name) return;
      setText(facts, kind === 'pair' ? pairFacts(feed, name) : countryFacts(feed));
      setAttribute(facts, 'data-value', String(countOf(feed)));
      offer(choices, feed, kind);
    },
  };
}

function countOf(feed: Feed): number {
  return feed.series.reduce((sum, { count }) => sum + count, 0);
}

function pairFacts(feed: Feed, pair: string): string {
  const row = feed.pairs.find((ranking) => ranking.pair === pair);
  const last = feed.series.at(-1);
  if (!row || !last) return `No trades in ${feed.range.words}.`;
  const [from = '', to = ''] = pair.split('/');
  return [
    `${price(last.close)} ${to}`,
    `${percent(row.change ?? 0)} in ${feed.range.title}`,
    plural(row.count, 'trade'),
    `${compact(row.amountSell)} ${from} for ${compact(row.amountBuy)} ${to}`,
  ].join(' · ');
}

function countryFacts(feed: Feed): string {
  const count = countOf(feed);
  if (count === 0) return `No trades in ${feed.range.words}.`;
  const top = feed.pairs[0]?.pair;
  return [
    `${plural(count, 'trade')} in ${feed.range.words}`,
    `${exact(feed.pairs.length)} ${feed.pairs.length === 1 ? 'pair' : 'pairs'}`,
    ...(top ? [`most in ${top}`] : []),
  ].join(' · ');
}

// On a pair's view the ranking has this pair alone, so what was seen before is kept.
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
