/** What a key does, and how the help calls it. */
export interface Shortcut { key: string; shown: string; words: string; act: () => void }

/** Keys work where nothing is being typed and no other key is held. */
export function listenToKeys(shortcuts: readonly Shortcut[]): void {
  // What has the focus because it was clicked, not because somebody came to it by keys.
  let clicked: Element | null = null;
  document.addEventListener('click', ({ detail }) => {
    if (detail > 0) clicked = document.activeElement;
  });
  document.addEventListener('focusout', () => { clicked = null; });
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const at = event.target as HTMLElement;
    if (at.closest('input:not([type=radio]), select, textarea, dialog[open]')) return;
    // The space bar presses the button that somebody came to.
    if (event.key === ' ' && at !== clicked && at.closest('button, summary, a, input')) return;
    const shortcut = shortcuts.find(({ key }) => key === event.key);
    if (!shortcut) return;
    event.preventDefault();
    shortcut.act();
  });
}
