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
    mount: (into) => into.append(node),
    render: (view) => {
      const wrong = view.word !== 'live' && silentMs(view.state, view.monotonicNow) > PatienceMs;
      setShown(node, wrong);
      if (!wrong) return;
      const said = view.word === 'stale' ? silence(view) : absence(view);
      setText(what, said.what);
      setText(advice, said.advice);
      setAttribute(node, 'title', view.state.problem ?? '');
    },
  };
}

interface Said { what: string; advice: string }

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
  // A refusal comes from the hub in words that were written to be read.
  const refusal = state.problem?.split('HubException: ')[1];
  if (refusal) return { what, advice: `The server says: ${refusal} The page tries again.` };
  return {
    what,
    advice: `The page tries again every 3 s. Check that TradeProcessor runs at ${location.origin}.`,
  };
}
