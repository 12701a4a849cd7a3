import { hrefOf, type Route } from '../app/route.js';
import { clockTime, span } from '../format/time.js';
import { silentMs } from '../live/state.js';
import { element, setAttribute, setShown, setText } from '../page/dom.js';
import type { Panel, View } from './panel.js';

/** A short break mends itself; past this it is worth a sentence. */
const PatienceMs = 4000;

type Tone = 'bad' | 'warn' | 'note';

interface Said {
  tone: Tone;
  what: string;
  advice: string;
  link?: { words: string; to: Route };
  /** Stands until the reader has seen it. */
  isPast?: boolean;
}

/** What is wrong, since when, and what to do: the worst alone. */
export function noticePanel(dismiss: () => void): Panel {
  const what = element('strong');
  const advice = element('span');
  const link = element('a');
  const end = element('button', { type: 'button', class: 'plain' }, 'Dismiss');
  end.addEventListener('click', dismiss);
  const node = element('div', { class: 'notice' }, what, ' ', advice, ' ', link, ' ', end);
  node.hidden = true;
  return {
    node,
    render: (view) => {
      const said = saidOf(view);
      setShown(node, said !== null);
      document.body.toggleAttribute('data-refused', isRefused(view));
      if (!said) return;
      setAttribute(node, 'data-tone', said.tone);
      setAttribute(node, 'role', said.tone === 'bad' ? 'alert' : said.isPast ? 'status' : 'note');
      setText(what, said.what);
      setText(advice, said.advice);
      setShown(link, said.link !== undefined);
      setText(link, said.link?.words ?? '');
      setAttribute(link, 'href', said.link ? hrefOf(said.link.to) : '/');
      setShown(end, said.isPast ?? false);
      setAttribute(node, 'title', view.state.problem ?? '');
    },
  };
}

function isRefused({ unknown, state }: View): boolean {
  return unknown !== null || state.refusal !== null;
}

function saidOf(view: View): Said | null {
  if (view.unknown !== null) {
    return {
      tone: 'warn', what: `There is nothing at ${view.unknown}.`, advice: '',
      link: { words: 'Go to the overview', to: withoutFilter(view.route) },
    };
  }
  const { refusal } = view.state;
  if (refusal) {
    return {
      tone: 'warn', what: refusal, advice: '',
      link: { words: 'Show all trades', to: withoutFilter(view.route) },
    };
  }
  return breakOf(view) ?? troubleOf(view) ?? emptied(view) ?? limitOf(view);
}

/** Figures that stand still. */
function breakOf(view: View): Said | null {
  if (view.word === 'live') return null;
  if (silentMs(view.state, view.monotonicNow) <= PatienceMs) return null;
  return view.word === 'stale' ? silence(view) : absence(view);
}

/** Figures that move, of a system that does not do its work. */
function troubleOf({ feed, route }: View): Said | null {
  if (feed?.figures.level !== 'bad') return null;
  const { reason, since } = feed.figures;
  return {
    tone: 'bad',
    what: reason ?? 'Something is wrong.',
    advice: since ? `Since ${clockTime(Date.parse(since))}.` : '',
    ...(route.view !== 'health' && {
      link: {
        words: 'See Health',
        to: { view: 'health', filter: withoutFilter(route).filter } as const,
      },
    }),
  };
}

/** Why all figures began at zero. */
function emptied({ state: { emptiedAt } }: View): Said | null {
  if (emptiedAt === null) return null;
  return {
    tone: 'note', what: 'The store was emptied; the page begins anew.',
    advice: `Noticed at ${clockTime(emptiedAt)}.`, isPast: true,
  };
}

/** What the picture leaves out. */
function limitOf({ ignored, feed }: View): Said | null {
  if (ignored.length > 0) {
    return {
      tone: 'note', what: `Left out of the address: ${ignored.join(', ')}.`,
      advice: ignored.every((part) => part.endsWith('(itself)'))
        ? 'What is shown is compared with another only.'
        : 'A pair is like EUR-GBP, a country like FR, a range 15m, 24h or 30d.',
    };
  }
  if (!feed?.request.user) return null;
  return {
    tone: 'note',
    what: feed.searchedFrom === null
      ? 'There are no trades to search for this user’s.'
      : `Only trades since ${clockTime(feed.searchedFrom)} are searched for this user’s.`,
    advice: 'The newest trades are kept one by one, older ones as sums by pair and country.',
  };
}

function withoutFilter({ filter }: Route): Route {
  return {
    view: 'overview',
    filter: { ...filter, pair: null, country: null, user: null, versus: null },
  };
}

function silence({ feed }: View): Said {
  return {
    tone: 'warn',
    what: `The server has sent nothing since ${clockTime(feed?.at ?? 0)}.`,
    advice: 'The figures are from then. They catch up by themselves once it answers.',
  };
}

function absence({ feed, state, monotonicNow }: View): Said {
  const what = feed
    ? `No connection to the server since ${clockTime(feed.at)}.`
    : `No connection to the server for ${span(silentMs(state, monotonicNow))}.`;
  return {
    tone: 'bad',
    what,
    advice: `The page tries again every 3 s. Check that TradeProcessor runs at ${location.origin}.`,
  };
}
