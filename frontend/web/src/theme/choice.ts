export type Choice = 'system' | 'dark' | 'light';
export type Theme = 'dark' | 'light';

const Key = 'tradeprocessor.theme';
const prefersLight = matchMedia('(prefers-color-scheme: light)');

/** What the reader chose earlier. Storage may be forbidden; then it is the system's theme. */
export function storedChoice(): Choice {
  try {
    const stored = localStorage.getItem(Key);
    return stored === 'dark' || stored === 'light' ? stored : 'system';
  } catch {
    return 'system';
  }
}

export function storeChoice(choice: Choice): void {
  try {
    localStorage.setItem(Key, choice);
  } catch {
    // The choice then lasts as long as the page.
  }
}

export function applyChoice(choice: Choice): void {
  const theme: Theme = choice === 'system' ? (prefersLight.matches ? 'light' : 'dark') : choice;
  document.documentElement.dataset.theme = theme;
}

export function onSystemChange(listener: () => void): void {
  prefersLight.addEventListener('change', listener);
}
