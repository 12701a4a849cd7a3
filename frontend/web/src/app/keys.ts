/** What a key does, and how the help calls it. */
export interface Shortcut { key: string; shown: string; words: string; act: () => void }

/** Keys work where nothing is being typed and no other key is held. */
export function listenToKeys(shortcuts: readonly Shortcut[]): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const at = event.target as HTMLElement;
    if (at.closest('input, select, textarea, dialog[open]')) return;
    // The space bar presses a button that has the focus.
    if (event.key === ' ' && at.closest('button, summary, a')) return;
    const shortcut = shortcuts.find(({ key }) => key === event.key);
    if (!shortcut) return;
    event.preventDefault();
    shortcut.act();
  });
}
