import { span } from '../format/time.js';
import { silentMs, type LiveWord } from '../live/state.js';
import { element, setShown, setText } from '../page/dom.js';
import type { Panel, View } from './panel.js';

const words: Record<LiveWord, string> = {
  connecting: 'Connecting',
  live: 'Live',
  reconnecting: 'Reconnecting',
  stale: 'Not updating',
};

/** The state as a dot and a word. Only the word is read aloud: the rest changes every second. */
export function connectionBar(): Panel {
  const word = element('span', { class: 'link-word', role: 'status', 'aria-live': 'polite' });
  const detail = element('span', { class: 'link-detail' });
  return {
    mount: (into) => into.append(
      element('span', { class: 'link-dot', 'aria-hidden': 'true' }), word, detail),
    render: (view) => {
      setText(word, words[view.word]);
      const text = detailOf(view);
      setText(detail, text);
      setShown(detail, text !== '');
      if (document.body.dataset.state !== view.word) {
        document.body.dataset.state = view.word;
        document.title = `${words[view.word]} – TradeProcessor`;
      }
    },
  };
}

function detailOf({ state, word, monotonicNow }: View): string {
  const tries = `try ${state.tries}`;
  const last = `last update ${span(silentMs(state, monotonicNow))} ago`;
  switch (word) {
    case 'live': return '';
    case 'connecting': return state.tries > 1 ? tries : '';
    case 'stale': return last;
    case 'reconnecting': return `${tries}, ${last}`;
  }
}
