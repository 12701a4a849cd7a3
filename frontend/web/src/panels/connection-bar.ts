import { countryName } from '../format/country.js';
import { clockTime, span } from '../format/time.js';
import { silentMs, type LiveWord } from '../live/state.js';
import { element, setAttribute, setShown, setText } from '../page/dom.js';
import type { Panel, View } from './panel.js';

const words: Record<LiveWord, string> = {
  connecting: 'Connecting',
  live: 'Live',
  reconnecting: 'Reconnecting',
  stale: 'Not updating',
  refused: 'Not shown',
};

/** The state as a dot and a word. Only the word is read aloud: the rest changes every second. */
export function connectionBar(): Panel {
  const word = element('span', { class: 'link-word', role: 'status', 'aria-live': 'polite' });
  const detail = element('span', { class: 'link-detail' });
  const node = element('div', { class: 'link' },
    element('span', { class: 'link-dot', 'aria-hidden': 'true' }), word, detail);
  return {
    node,
    render: (view) => {
      const paused = view.pausedAt !== null;
      setText(word, paused && view.word === 'live' ? 'Paused' : words[view.word]);
      const text = detailOf(view);
      setText(detail, text);
      setShown(detail, text !== '');
      document.body.toggleAttribute('data-paused', paused);
      setAttribute(document.body, 'data-state', view.word);
      document.title = titleOf(view);
    },
  };
}

function titleOf({ word, feed, route }: View): string {
  const alarm = feed && feed.figures.level !== 'good' ? '⚠ ' : '';
  const { pair, country, versus } = route.filter;
  const beside = (name: string): string => (versus === null ? '' : ` and ${name}`);
  const place = {
    overview: '', health: 'Health – ', pair: `${pair}${beside(versus ?? '')} – `,
    country: `${countryName(country ?? '')}${beside(countryName(versus ?? ''))} – `,
  }[route.view];
  return `${alarm}${word === 'live' ? '' : `${words[word]} – `}${place}TradeProcessor`;
}

function detailOf({ state, word, monotonicNow, pausedAt }: View): string {
  const tries = `try ${state.tries}`;
  const last = `${span(silentMs(state, monotonicNow))} ago`;
  switch (word) {
    case 'refused': return '';
    case 'live': return pausedAt === null ? '' : `at ${clockTime(pausedAt)}`;
    case 'connecting': return state.tries > 1 ? tries : '';
    case 'stale': return `last update ${last}`;
    case 'reconnecting': return `${tries} · ${last}`;
  }
}
