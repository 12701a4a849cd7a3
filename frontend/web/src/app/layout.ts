const Key = 'tradeprocessor.layout';

/** What a reader has made of one card. */
export interface CardLayout { table?: boolean; wide?: boolean; style?: string }

type Layout = Record<string, CardLayout>;

/** Storage may be forbidden or hold anything; then cards are as they come. */
function read(): Layout {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(Key) ?? '{}');
    return stored && typeof stored === 'object' ? stored as Layout : {};
  } catch {
    return {};
  }
}

export function layoutOf(card: string): CardLayout {
  const stored = read()[card];
  return stored && typeof stored === 'object' ? stored : {};
}

export function rememberLayout(card: string, change: CardLayout): void {
  try {
    const layout = read();
    layout[card] = { ...layout[card], ...change };
    localStorage.setItem(Key, JSON.stringify(layout));
  } catch {
    // It then lasts as long as the page.
  }
}

export function forgetLayout(): void {
  try {
    localStorage.removeItem(Key);
  } catch {
    // There was none.
  }
}
