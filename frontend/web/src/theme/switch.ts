import { element, svg } from '../page/dom.js';
import { applyChoice, onSystemChange, storeChoice, storedChoice, type Choice } from './choice.js';
import { readPalette } from './palette.js';

const Choices: readonly { choice: Choice; title: string; path: string }[] = [
  { choice: 'system', title: 'System theme', path: 'M2 3h12v8H2zM6 14h4M8 11v3' },
  {
    choice: 'dark', title: 'Dark theme',
    path: 'M13 9.5A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.5z',
  },
  {
    choice: 'light', title: 'Light theme',
    path: 'M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15'
      + 'M3 3l1 1M12 12l1 1M3 13l1-1M12 4l1-1',
  },
];

/** System, dark or light, remembered. `changed` is called when the tokens have changed. */
export function mountThemeSwitch(into: HTMLElement, changed: () => void): void {
  let current = storedChoice();
  const apply = (): void => {
    applyChoice(current);
    readPalette();
    changed();
  };

  const group = element(
    'fieldset', { class: 'choice theme' }, element('legend', { class: 'unseen' }, 'Theme'));
  for (const { choice, title, path } of Choices) {
    const input = element('input', { type: 'radio', name: 'theme', value: choice });
    input.checked = choice === current;
    input.addEventListener('change', () => {
      current = choice;
      storeChoice(choice);
      apply();
    });
    const icon = svg(
      'svg', { viewBox: '0 0 16 16', 'aria-hidden': 'true' }, svg('path', { d: path }));
    group.append(element(
      'label', { title }, input, icon, element('span', { class: 'unseen' }, title)));
  }
  into.append(group);
  onSystemChange(apply);
  readPalette();
}

/** From one to the next, as the switch does. */
export function nextTheme(): void {
  const inputs = [...document.querySelectorAll<HTMLInputElement>('.theme input')];
  const at = inputs.findIndex(({ checked }) => checked);
  inputs[(at + 1) % inputs.length]?.click();
}
