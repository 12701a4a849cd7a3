import './style/index.css';
import { setUpCharts } from './charts/setup.js';
import { serverNow } from './live/clock.js';
import { LiveConnection } from './live/connection.js';
import { liveWord } from './live/state.js';
import { LiveStore } from './live/store.js';
import { renderLoop } from './page/render-loop.js';
import { connectionBar } from './panels/connection-bar.js';
import { countriesPanel } from './panels/countries.js';
import { figuresPanel } from './panels/figures.js';
import { firstTradePanel } from './panels/first-trade.js';
import { noticePanel } from './panels/notice.js';
import { pairsPanel } from './panels/pairs.js';
import type { Panel, View } from './panels/panel.js';
import { rejectsPanel } from './panels/rejects.js';
import { throughputPanel } from './panels/throughput.js';
import { tradesPanel } from './panels/trades.js';
import { vwapPanel } from './panels/vwap.js';
import { mountThemeSwitch } from './theme/switch.js';

const store = new LiveStore();
const connection = new LiveConnection('/live', store);
const redraw = renderLoop(draw);
const pick = (pair: string): void => connection.focusOn(pair);

setUpCharts();
mountThemeSwitch(slot('theme'), redraw);

const panels: readonly [Panel, string][] = [
  [connectionBar(), 'connection'],
  [noticePanel(), 'notice'],
  [figuresPanel(), 'figures'],
  [firstTradePanel(), 'first-trade'],
  [throughputPanel(redraw), 'charts'],
  [vwapPanel(redraw, pick), 'charts'],
  [pairsPanel(redraw, pick), 'charts'],
  [countriesPanel(redraw), 'charts'],
  [rejectsPanel(redraw), 'charts'],
  [tradesPanel(), 'charts'],
];
for (const [panel, where] of panels) panel.mount(slot(where));

store.subscribe(() => {
  focusOnTopPair();
  redraw();
});
setInterval(redraw, 1000); // "Last update 12 s ago" has to count when nothing comes.
document.addEventListener('visibilitychange', () => { if (!document.hidden) connection.wake(); });
addEventListener('online', () => connection.wake());
redraw();
void connection.run();

function draw(): void {
  const { state } = store;
  const monotonicNow = performance.now();
  const view: View = {
    state,
    feed: state.feed,
    word: liveWord(state, monotonicNow),
    now: state.feed ? serverNow(state.feed, monotonicNow) : 0,
    monotonicNow,
    theme: document.documentElement.dataset.theme ?? '',
  };
  for (const [panel] of panels) panel.render(view);
  if (state.feed) document.body.dataset.loaded = '';
}

function focusOnTopPair(): void {
  const { feed, wanted } = store.state;
  const top = feed?.pairs[0]?.pair;
  if (top && wanted === null) connection.focusOn(top);
}

function slot(name: string): HTMLElement {
  return document.querySelector<HTMLElement>(`[data-slot="${name}"]`)!;
}
