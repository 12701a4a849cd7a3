import { compact } from '../format/number.js';
import type { Sold, WatchRequest } from '../live/protocol.js';

/** A pointer that only passes asks nothing. */
const RestsMs = 120;
const FreshMs = 2000;

type Ask = (request: WatchRequest) => Promise<Sold | null>;

/**
 * What was sold in the view under the pointer, in words: what is known now, or that it is asked
 * for. `tell` is called once there is more to say.
 */
export function soldWords(ask: Ask, tell: () => void): (request: WatchRequest) => string {
  let about = '';
  let words = '';
  let askedAt = -FreshMs;
  let timer: ReturnType<typeof setTimeout> | undefined;

  return (request) => {
    const name = JSON.stringify(request);
    const now = performance.now();
    if (name !== about) [about, words, askedAt] = [name, 'Sold: …', -FreshMs];
    else if (now - askedAt < FreshMs) return words;
    askedAt = now;
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const sold = await ask(request);
      if (name !== about || !sold) return;
      words = inWords(sold);
      tell();
    }, RestsMs);
    return words;
  };
}

function inWords({ currencies, others }: Sold): string {
  if (currencies.length === 0) return 'Sold: nothing with a known currency';
  const list = currencies.map(({ currency, amount }) => `${compact(amount)} ${currency}`);
  const rest = others > 0 ? ` and ${others} more` : '';
  return `Sold: ${list.join(', ')}${rest}`;
}
