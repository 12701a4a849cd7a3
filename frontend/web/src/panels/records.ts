import { csvFile, save, type CsvValue } from '../app/download.js';
import type { Feed } from '../live/feed.js';

/**
 * What a card writes into a file, with a header: the data themselves and not what the screen says
 * of them. Numbers are whole, currencies stand beside amounts, instants are ISO 8601 in UTC.
 */
export interface Records { feed: Feed; rows: () => CsvValue[][] }

/** `tradeprocessor-pairs-EUR-USD-DE-15m-20261121T233700Z.csv`: what it is of, and of when. */
export function fileName(
  card: string, { request, range, at }: Pick<Feed, 'request' | 'range' | 'at'>, ending: string,
): string {
  const { pair, focus, country, focusCountry, user } = request;
  const parts = ['tradeprocessor', card, pair, focus, country, focusCountry, user, range.name,
    new Date(at).toISOString().replace(/[-:]|\.\d+/g, '')];
  const name = parts.filter(Boolean).join('-').replaceAll('/', '-');
  return `${name.replace(/[^\w.-]/g, '_')}.${ending}`;
}

export function instant(ms: number): string { return new Date(ms).toISOString(); }

export function saveCsv(card: string, { feed, rows }: Records): void {
  save(fileName(card, feed, 'csv'), csvFile(rows()));
}
