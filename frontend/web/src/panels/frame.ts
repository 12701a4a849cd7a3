import { layoutOf, rememberLayout } from '../app/layout.js';
import { element, setAttribute, setText } from '../page/dom.js';

export interface MenuItem { words: string; act: () => void }

export interface Frame {
  node: HTMLElement;
  tools: HTMLElement;
  body: HTMLElement;
  subtitle: (text: string) => void;
  title: (text: string) => void;
}

/** The frame of every card: title, tools and a menu, and what it holds. */
export function frame(
  name: string, title: string, subtitle: string, items: readonly MenuItem[],
  attributes: Record<string, string>,
): Frame {
  const titleId = `title-${name}`;
  const heading = element('h2', { id: titleId }, title);
  const line = element('p', { class: 'card-subtitle' }, subtitle);
  const tools = element('div', { class: 'card-tools' });
  const body = element('div', { class: 'plot' });
  const node = element(
    'section', { class: 'card', ...attributes, 'aria-labelledby': titleId },
    element('div', { class: 'card-head' },
      element('div', { class: 'card-titles' }, heading, line), tools),
    body);
  node.classList.toggle('wide', layoutOf(name).wide ?? false);
  tools.append(menu(name, title, [...items, widening(name, node)]));
  return {
    node,
    tools,
    body,
    subtitle: (text) => setText(line, text),
    title: (text) => setText(heading, text),
  };
}

function widening(name: string, node: HTMLElement): MenuItem {
  return {
    words: 'Wider or narrower',
    act: () => {
      const wide = node.classList.toggle('wide');
      rememberLayout(name, { wide });
    },
  };
}

function menu(name: string, title: string, items: readonly MenuItem[]): HTMLElement {
  const summary = element('summary', { 'aria-label': `Export ${title}`, title: 'Export' }, '⋯');
  const list = element('div', { class: 'menu-items' });
  const details = element('details', { class: 'menu' }, summary, list);
  for (const { words, act } of items) {
    const button = element('button', { type: 'button' }, words);
    button.addEventListener('click', () => {
      details.open = false;
      summary.focus();
      act();
    });
    list.append(button);
  }
  details.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !details.open) return;
    details.open = false;
    summary.focus();
    event.preventDefault();
  });
  details.addEventListener('focusout', (event) => {
    if (!details.contains(event.relatedTarget as Node | null)) details.open = false;
  });
  setAttribute(details, 'data-menu', name);
  return details;
}
