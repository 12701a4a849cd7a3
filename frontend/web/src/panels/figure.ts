import { sparkline, type SparkPoint } from '../charts/sparkline.js';
import { exact } from '../format/number.js';
import type { Feed } from '../live/feed.js';
import { element, setAttribute, setShown, setText } from '../page/dom.js';
import type { Colour } from '../theme/palette.js';
import { isFiltered } from './panel.js';

export interface FigureLook {
  name: string;
  label: string;
  colour: Colour;
  fromZero: boolean;
  value: (feed: Feed) => number;
  /** The number as text and, where it has one, its unit. */
  text: (value: number) => readonly [string, string?];
  history: (feed: Feed) => readonly SparkPoint[];
  /** How far back that goes. */
  historyMs: (feed: Feed) => number;
  /** Of all trades, whatever the filter is. */
  isOfAll?: boolean;
  /** What exactly it is, where the label is short. */
  hint?: string;
  /** What became of it over the window; `now` is what is shown. */
  note: (feed: Feed, now: number) => string;
}

export interface Figure { node: HTMLElement; show: (feed: Feed) => void }

export function figure(look: FigureLook): Figure {
  const number = element('span', { class: 'figure-number' });
  const unit = element('span', { class: 'figure-unit' });
  const value = element('p', { class: 'figure-value', 'data-metric': look.name }, number, unit);
  const note = element('p', { class: 'figure-note' });
  const scope = element(
    'span', { class: 'figure-scope', hidden: '', title: 'Whatever the filter is' }, ' · of all');
  const spark = sparkline(look.fromZero);
  spark.node.classList.add(`in-${look.colour}`);
  const node = element(
    'div', { class: 'card figure', role: 'group', 'aria-label': look.label },
    element('h2', look.hint ? { title: look.hint } : {}, look.label, scope), value, spark.node, note);

  return {
    node,
    show: (feed) => {
      const now = look.value(feed);
      const [text, unitText = ''] = look.text(now);
      setText(number, text);
      setText(unit, unitText);
      setAttribute(value, 'data-value', String(now));
      setAttribute(value, 'title', Number.isNaN(now) ? 'not known' : exact(now));
      setText(note, look.note(feed, now));
      setShown(scope, Boolean(look.isOfAll) && isFiltered(feed));
      spark.show(look.history(feed), { from: feed.at - look.historyMs(feed), to: feed.at });
    },
  };
}
