import { clockTime } from '../format/time.js';
import type { Level } from '../live/protocol.js';
import { element, setAttribute, setText } from '../page/dom.js';
import { changes, type Panel } from './panel.js';

const words: Record<Level, string> = { good: 'Good', warn: 'Look', bad: 'Bad' };

const titles: Record<Level, (count: number) => string> = {
  good: () => 'All is well',
  warn: (count) => (count === 1 ? 'One thing wants a look' : `${count} things want a look`),
  bad: (count) => (count === 1 ? 'One thing is wrong' : `${count} things are not well`),
};
const order: Record<Level, number> = { bad: 0, warn: 1, good: 2 };

/** What is well and what is not, the worst first, each with the reason in words. */
export function findingsPanel(): Panel {
  const list = element('ul', { class: 'findings' });
  const title = element('h2', { id: 'title-findings' }, 'How it is');
  const node = element('section', {
    class: 'card', 'data-panel': 'findings', 'aria-labelledby': 'title-findings',
  }, title, list);
  const changed = changes();
  return {
    node,
    render: ({ feed }) => {
      const findings = feed?.health?.findings;
      if (!findings || !changed(findings)) return;
      const sorted = [...findings].sort((a, b) => order[a.level] - order[b.level]);
      const wrong = sorted.filter(({ level }) => level !== 'good').length;
      setText(title, titles[sorted[0]?.level ?? 'good'](wrong));
      while (list.children.length < sorted.length) {
        list.append(element('li', {}, element('span', { class: 'level' }),
          element('strong'), element('span', { class: 'why' })));
      }
      for (const [index, { name, level, reason, since }] of sorted.entries()) {
        const item = list.children[index]!;
        const [mark, what, why] = item.children as unknown as [Element, Element, Element];
        setAttribute(item, 'data-level', level);
        setAttribute(item, 'data-finding', name);
        setText(mark, words[level]);
        setText(what, name);
        setText(why, since ? `${reason} Since ${clockTime(Date.parse(since))}.` : reason);
      }
    },
  };
}
