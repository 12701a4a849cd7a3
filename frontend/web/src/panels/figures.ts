import { rate as rateText, compact, exact } from '../format/number.js';
import { clockTime, duration } from '../format/time.js';
import { HistoryMs, type Feed } from '../live/feed.js';
import { element } from '../page/dom.js';
import {
  countHistory, rateHistory, rateNote, sampleHistory, sampleSpan,
} from './figure-history.js';
import { figure, type FigureLook } from './figure.js';
import { changes, isFiltered, type Panel } from './panel.js';

const RateSeconds = 5;

const count = (value: number): readonly [string] =>
  [value < 10_000_000 ? exact(value) : compact(value)];

const ofRange = ({ range }: Feed): number => range.windowMs;
const ofSamples = (): number => HistoryMs;

const time = (ms: number): readonly [string, string?] => {
  const [number = '', unit = '', ...more] = duration(ms).split(' ');
  return more.length > 0 ? [`${number} ${unit} ${more.join(' ')}`] : [number, unit];
};

const looks: readonly FigureLook[] = [
  {
    name: 'accepted', label: 'Trades accepted', colour: 'blue', fromZero: false,
    value: (feed) => (isFiltered(feed) ? inRange(feed) : feed.summary.aggregated),
    text: count,
    history: countHistory,
    historyMs: ofRange,
    note: (feed) => {
      if (feed.request.user) return searchedWords(feed);
      if (isFiltered(feed)) return `of the filter, in ${feed.range.title}`;
      const recent = inRange(feed);
      return `${recent > 0 ? `+${exact(recent)}` : 'none'} in ${feed.range.title}`;
    },
  },
  {
    name: 'rejected', label: 'Rejected', colour: 'orange', fromZero: false,
    isOfAll: true,
    value: (feed) => feed.summary.rejected,
    text: count,
    history: (feed) => sampleHistory(feed, 'rejected'),
    historyMs: ofSamples,
    note: (feed) => {
      const more = feed.summary.rejected - (feed.samples[0]?.rejected ?? 0);
      const span = sampleSpan(feed);
      return span && `${more > 0 ? `+${exact(more)}` : 'no change'} ${span}`;
    },
  },
  {
    name: 'rate', label: 'Trades per second', colour: 'blue', fromZero: true,
    value: (feed) => (isFiltered(feed) ? rateOf(feed) : feed.summary.tradesPerSecond),
    text: (perSecond) => [rateText(perSecond)],
    history: rateHistory,
    historyMs: ofRange,
    note: rateNote,
  },
  {
    name: 'lag', label: 'Behind by', colour: 'purple', fromZero: true,
    isOfAll: true,
    value: (feed) => feed.summary.lagSeconds,
    text: (seconds) => time(seconds * 1000),
    history: (feed) => sampleHistory(feed, 'lagSeconds'),
    historyMs: ofSamples,
    note: (feed) => {
      const most = Math.max(feed.summary.lagSeconds, ...feed.samples.map((s) => s.lagSeconds));
      const span = sampleSpan(feed);
      return span && `at most ${duration(most * 1000)} ${span}`;
    },
  },
  {
    name: 'ack', label: 'Answer time, p99', colour: 'green', fromZero: true,
    isOfAll: true,
    value: (feed) => feed.figures.ackP99Ms ?? NaN,
    text: (ms) => (Number.isNaN(ms) ? ['–'] : ms < 10 ? [ms.toFixed(1), 'ms'] : time(ms)),
    history: (feed) => sampleHistory(feed, 'ackP99Ms'),
    historyMs: ofSamples,
    hint: 'The slowest of 100 answers, in the last 10 s',
    note: (feed) => {
      if (typeof feed.figures.ackP99Ms !== 'number') return 'nothing accepted in 10 s';
      const most = Math.max(
        feed.figures.ackP99Ms, ...feed.samples.map(({ ackP99Ms }) => ackP99Ms ?? 0));
      const span = sampleSpan(feed);
      return span && `at most ${duration(most)} ${span}`;
    },
  },
  {
    name: 'connections', label: 'Open connections', colour: 'brown', fromZero: true,
    value: (feed) => feed.figures.connections ?? NaN,
    text: (value) => (Number.isNaN(value) ? ['–'] : count(value)),
    history: (feed) => sampleHistory(feed, 'connections'),
    historyMs: ofSamples,
    note: (feed) => {
      const most = Math.max(...feed.samples.map(({ connections }) => connections ?? 0), 0);
      const span = sampleSpan(feed);
      return span && `at most ${exact(most)} ${span}`;
    },
  },
];

export function figuresPanel(): Panel {
  const figures = looks.map(figure);
  const changed = changes();
  return {
    node: element('div', { class: 'figures' }, ...figures.map(({ node }) => node)),
    render: ({ feed }) => {
      if (!feed || !changed(feed)) return;
      for (const each of figures) each.show(feed);
    },
  };
}

/** Of one user's trades only the newest are there. */
function searchedWords({ searchedFrom }: Feed): string {
  return searchedFrom === null ? 'none to search' : `found, since ${clockTime(searchedFrom)}`;
}

function inRange(feed: Feed): number {
  return feed.series.reduce((sum, cell) => sum + cell.count, 0);
}

/** Of the filter: the last five whole seconds, or the mean over the range. */
function rateOf(feed: Feed): number {
  const { stepMs, windowMs } = feed.range;
  if (stepMs > 1000) return inRange(feed) / (windowMs / 1000);
  const end = Math.floor(feed.at / 1000) * 1000;
  const recent = feed.series.filter(
    ({ start }) => start >= end - RateSeconds * 1000 && start < end);
  return recent.reduce((sum, cell) => sum + cell.count, 0) / RateSeconds;
}
