import { clockTime, span } from '../format/time.js';
import { silentMs } from '../live/state.js';
import { element, setAttribute, setShown, setText } from '../page/dom.js';
import type { Panel, View } from './panel.js';

/** A short break mends itself; past this it is worth a sentence. */
const PatienceMs = 4000;

/** What is wrong, since when, and what to do. */
export function noticePanel(): Panel {
  const what = element('strong');
  const advice = element('span');
  const node = element('div', { class: 'notice' }, what, ' ', advice);
  node.hidden = true;
  return {
    node,
    render: (view) => {
      const said = saidOf(view);
      setShown(node, said !== null);
      document.body.toggleAttribute('data-refused', view.state.refusal !== null);
      if (!said) return;
      setText(what, said.what);
      setText(advice, said.advice);
      setAttribute(node, 'title', view.state.problem ?? '');
    },
  };
}

interface Said { what: string; advice: string }

function saidOf(view: View): Said | null {
  const { refusal } = view.state;
  if (refusal) {
    return {
      what: `The server does not show this: ${refusal}`,
      advice: 'Change the filter, or go back to the overview.',
    };
  }
  if (view.word === 'live') return null;
  if (silentMs(view.state, view.monotonicNow) <= PatienceMs) return null;
  return view.word === 'stale' ? silence(view) : absence(view);
}

function silence({ feed }: View): Said {
  return {
    what: `The server has sent nothing since ${clockTime(feed?.at ?? 0)}.`,
    advice: 'The figures are from then. They catch up by themselves once it answers.',
  };
}

function absence({ feed, state, monotonicNow }: View): Said {
  const what = feed
    ? `No connection to the server since ${clockTime(feed.at)}.`
    : `No connection to the server for ${span(silentMs(state, monotonicNow))}.`;
  return {
    what,
    advice: `The page tries again every 3 s. Check that TradeProcessor runs at ${location.origin}.`,
  };
}
