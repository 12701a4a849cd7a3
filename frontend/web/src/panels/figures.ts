import { rate as rateText, compact, exact } from '../format/number.js';
import { duration, span } from '../format/time.js';
import {
  countHistory, rateHistory, rateNote, sampleHistory, sampleNote, ShortestSpanMs,
} from './figure-history.js';
import { figure, type FigureLook } from './figure.js';
import { changes, type Panel } from './panel.js';

const count = (value: number): readonly [string] =>
  [value < 10_000_000 ? exact(value) : compact(value)];

const looks: readonly FigureLook[] = [
  {
    name: 'accepted', label: 'Trades accepted', colour: 'blue', fromZero: false,
    value: (feed) => feed.summary.aggregated,
    text: count,
    history: countHistory,
    note: (feed) => {
      const recent = feed.series.reduce((sum, cell) => sum + cell.count, 0);
      return `${recent > 0 ? `+${exact(recent)}` : 'none'} in 15 min`;
    },
  },
  {
    name: 'rejected', label: 'Rejected', colour: 'orange', fromZero: false,
    value: (feed) => feed.summary.rejected,
    text: count,
    history: (feed) => sampleHistory(feed, 'rejected'),
    note: (feed) => sampleNote(feed, 'rejected'),
  },
  {
    name: 'rate', label: 'Trades per second', colour: 'blue', fromZero: true,
    value: (feed) => feed.summary.tradesPerSecond,
    text: (perSecond) => [rateText(perSecond)],
    history: rateHistory,
    note: rateNote,
  },
  {
    name: 'lag', label: 'Behind by', colour: 'purple', fromZero: true,
    value: (feed) => feed.summary.lagSeconds,
    text: (seconds) => {
      const [number = '', unit = '', ...more] = duration(seconds * 1000).split(' ');
      return more.length > 0 ? [`${number} ${unit} ${more.join(' ')}`] : [number, unit];
    },
    history: (feed) => sampleHistory(feed, 'lagSeconds'),
    note: (feed) => {
      const most = Math.max(feed.summary.lagSeconds, ...feed.samples.map((s) => s.lagSeconds));
      const seenMs = feed.at - (feed.samples[0]?.at ?? feed.at);
      if (seenMs < ShortestSpanMs) return '';
      return `at most ${duration(most * 1000)} in ${span(seenMs)}`;
    },
  },
  {
    name: 'pairs', label: 'Pairs seen', colour: 'green', fromZero: false,
    value: (feed) => feed.summary.pairs,
    text: count,
    history: (feed) => sampleHistory(feed, 'pairs'),
    note: (feed) => sampleNote(feed, 'pairs'),
  },
  {
    name: 'countries', label: 'Countries seen', colour: 'purple', fromZero: false,
    value: (feed) => feed.summary.countries,
    text: count,
    history: (feed) => sampleHistory(feed, 'countries'),
    note: (feed) => sampleNote(feed, 'countries'),
  },
];

export function figuresPanel(): Panel {
  const figures = looks.map(figure);
  const changed = changes();
  return {
    mount: (into) => into.append(...figures.map(({ node }) => node)),
    render: ({ feed }) => {
      if (!feed || !changed(feed)) return;
      for (const each of figures) each.show(feed);
    },
  };
}
