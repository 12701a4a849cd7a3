import { forgetLayout } from '../app/layout.js';
import type { Shortcut } from '../app/keys.js';
import { element } from '../page/dom.js';

export interface Help { button: HTMLElement; dialog: HTMLDialogElement; toggle: () => void }

/** The keys, and the way back to the layout as it came. */
export function help(shortcuts: () => readonly Shortcut[]): Help {
  const list = element('dl', { class: 'keys' });
  const close = element('button', { type: 'button', class: 'primary', autofocus: '' }, 'Close');
  const reset = element('button', { type: 'button', class: 'plain' }, 'Reset the layout');
  const dialog = element(
    'dialog', { class: 'card help', 'aria-labelledby': 'title-help' },
    element('h2', { id: 'title-help' }, 'Keys'), list,
    element('p', {}, 'Pages remember which cards are wide or shown as a table.'),
    element('div', { class: 'help-end' }, reset, close));
  close.addEventListener('click', () => dialog.close());
  reset.addEventListener('click', () => { forgetLayout(); location.reload(); });

  const toggle = (): void => {
    if (dialog.open) {
      dialog.close();
      return;
    }
    list.replaceChildren(...shortcuts().flatMap(({ shown, words }) =>
      [element('dt', {}, element('kbd', {}, shown)), element('dd', {}, words)]));
    dialog.showModal();
  };
  const button = element(
    'button', { type: 'button', class: 'icon', 'aria-label': 'Keys and help', title: 'Help (?)' },
    '?');
  button.addEventListener('click', toggle);
  return { button, dialog, toggle };
}
