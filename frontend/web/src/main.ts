import './style/index.css';
import { listenToKeys, type Shortcut } from './app/keys.js';
import { Router } from './app/router.js';
import { cleared, requestOf } from './app/route.js';
import { setUpCharts } from './charts/setup.js';
import { serverNow } from './live/clock.js';
import { LiveConnection } from './live/connection.js';
import { isSameStore, type Feed } from './live/feed.js';
import type { WatchRequest } from './live/protocol.js';
import { ranges } from './live/range.js';
import { liveWord } from './live/state.js';
import { LiveStore } from './live/store.js';
import { renderLoop } from './page/render-loop.js';
import { connectionBar } from './panels/connection-bar.js';
import { filterBar } from './panels/filter-bar.js';
import { help } from './panels/help.js';
import { navigation } from './panels/navigation.js';
import { noticePanel } from './panels/notice.js';
import type { Actions, Panel, View } from './panels/panel.js';
import { pauseButton } from './panels/pause.js';
import { mountThemeSwitch, nextTheme } from './theme/switch.js';
import { Views } from './views/views.js';

/** A tab that was not looked at for so long gets nothing until it is. */
const RestAfterMs = 45_000;

const store = new LiveStore();
const connection = new LiveConnection('/live', store);
const { news, act: redraw } = renderLoop(drawFigures, drawCharts);
let paused = false;
let stopped: { feed: Feed; at: number } | null = null;
let answered: WatchRequest | null = null;

const router = new Router((route) => {
  connection.show(requestOf(route));
  redraw();
});
const actions: Actions = {
  redraw,
  filter: (change) => router.filter(change),
  go: (route) => router.go(route),
  sold: (request) => connection.sold(request),
};

// First of all: the server answers while the page is built.
store.subscribe(heard);
connection.show(requestOf(router.route));
void connection.run();

setUpCharts();
mountThemeSwitch(slot('theme'), redraw);
const guide = help(() => shortcuts);
slot('help').append(guide.button);
document.body.append(guide.dialog);

const shell: readonly [Panel, string][] = [
  [navigation(), 'navigation'],
  [connectionBar(), 'connection'],
  [filterBar(actions), 'filter'],
  [pauseButton(pauseOrGo), 'pause'],
  [noticePanel(() => store.dispatch({ type: 'dismissed' })), 'notice'],
];
for (const [panel, where] of shell) slot(where).append(panel.node);
const views = new Views(slot('view'), actions);

const shortcuts: readonly Shortcut[] = [
  { key: ' ', shown: 'Space', words: 'Pause or resume', act: pauseOrGo },
  { key: '/', shown: '/', words: 'To the filter', act: () => focusFilter() },
  {
    key: 'Escape', shown: 'Esc', words: 'Clear pair, country and user',
    act: () => router.filter(cleared(router.route)),
  },
  ...ranges.map(({ name, words }, index) => ({
    key: String(index + 1), shown: String(index + 1), words: `Show ${words}`,
    act: () => router.filter({ range: name }),
  })),
  {
    key: 'o', shown: 'O', words: 'Overview',
    act: () => document.querySelector<HTMLElement>('nav a')?.click(),
  },
  {
    key: 'h', shown: 'H', words: 'Health',
    act: () => document.querySelector<HTMLElement>('nav a:last-child')?.click(),
  },
  { key: 't', shown: 'T', words: 'Next theme', act: nextTheme },
  { key: '?', shown: '?', words: 'This help', act: guide.toggle },
];
listenToKeys(shortcuts);

setInterval(news, 1000); // "Last update 12 s ago" has to count when nothing comes.
addEventListener('online', () => connection.wake());
watchSleep();
redraw();

/** The answer to what was asked for waits for no turn; what follows it does. */
function heard(): void {
  const { feed } = store.state;
  if (!feed || feed.request === answered) {
    news();
  } else {
    answered = feed.request;
    redraw();
  }
}

function look(): View {
  const { state } = store;
  const monotonicNow = performance.now();
  // Another store: what was stopped is no more.
  if (stopped && state.feed && !isSameStore(stopped.feed.epoch, state.feed.epoch)) paused = false;
  stopped = paused ? stopPicture(stopped, monotonicNow) : null;
  const feed = stopped?.feed ?? state.feed;
  return {
    state,
    feed,
    word: liveWord(state, monotonicNow),
    now: stopped?.at ?? (feed ? serverNow(feed, monotonicNow) : 0),
    monotonicNow,
    theme: document.documentElement.dataset.theme ?? '',
    route: router.route,
    unknown: router.isKnown ? null : location.pathname,
    ignored: router.ignored,
    pausedAt: stopped?.at ?? null,
  };
}

/** The picture stands still; one of something else that was asked for meanwhile takes its place. */
function stopPicture(before: typeof stopped, monotonicNow: number): typeof stopped {
  const { feed, wanted } = store.state;
  const isAnswer = feed !== null && feed.request === wanted && before?.feed.request !== wanted;
  return isAnswer ? { feed, at: serverNow(feed, monotonicNow) } : before;
}

function drawFigures(): void {
  const view = look();
  for (const [panel] of shell) panel.render(view);
  views.renderAbove(view);
  const { state, feed } = view;
  if (!feed) return;
  document.body.dataset.figures = '';
  document.body.toggleAttribute('data-loading', state.wanted !== feed.request);
}

function* drawCharts(): Generator {
  const view = look();
  if (!view.feed) return;
  yield* views.renderCards(view);
  document.body.dataset.loaded = '';
  views.settle(view);
}

function pauseOrGo(): void {
  paused = !paused && store.state.feed !== null;
  redraw();
}

function watchSleep(): void {
  let timer: number | undefined;
  document.addEventListener('visibilitychange', () => {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(() => connection.rest(), RestAfterMs);
    else connection.wake();
  });
}

function focusFilter(): void {
  document.querySelector<HTMLElement>('.filter label:not([hidden]) input')?.focus();
}

function slot(name: string): HTMLElement {
  return document.querySelector<HTMLElement>(`[data-slot="${name}"]`)!;
}
