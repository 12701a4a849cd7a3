import { hrefOf } from '../app/route.js';
import { element, setAttribute, setText } from '../page/dom.js';
import type { Level } from '../live/protocol.js';
import type { Panel } from './panel.js';

const marks: Record<Level, string> = { good: '', warn: '!', bad: '!!' };
const words: Record<Level, string> = {
  good: 'All is well', warn: 'Something wants a look', bad: 'Something is wrong',
};

/** The views that have a place in the bar; health tells from afar how it is. */
export function navigation(): Panel {
  const overview = element('a', {}, 'Overview');
  const mark = element('span', { class: 'health-mark', 'aria-hidden': 'true' });
  const said = element('span', { class: 'unseen' });
  const health = element('a', {}, 'Health', mark, said);
  return {
    node: element('nav', { 'aria-label': 'Views' }, overview, health),
    render: ({ route, feed }) => {
      const { filter } = route;
      setAttribute(overview, 'href', hrefOf({
        view: 'overview',
        filter: {
          ...filter,
          versus: null,
          pair: route.view === 'pair' ? null : filter.pair,
          country: route.view === 'country' ? null : filter.country,
        },
      }));
      setAttribute(health, 'href', hrefOf({
        view: 'health', filter: { ...filter, pair: null, country: null, user: null, versus: null },
      }));
      for (const [link, name] of [[overview, 'overview'], [health, 'health']] as const) {
        if (route.view === name) setAttribute(link, 'aria-current', 'page');
        else link.removeAttribute('aria-current');
      }
      const level = feed?.figures.level ?? 'good';
      setAttribute(health, 'data-level', level);
      setAttribute(health, 'title', feed?.figures.reason ?? words[level]);
      setText(mark, marks[level]);
      setText(said, level === 'good' ? '' : `: ${words[level]}`);
    },
  };
}
