import { element } from '../page/dom.js';

export type CsvValue = string | number;

const plainFormat = new Intl.NumberFormat(
  'en', { useGrouping: false, maximumFractionDigits: 20 });

/**
 * RFC 4180; numbers in full, never as 1e-7; a text that a spreadsheet would take for a formula
 * begins with an apostrophe.
 */
export function csvOf(rows: readonly (readonly CsvValue[])[]): string {
  return `${rows.map((row) => row.map(field).join(',')).join('\r\n')}\r\n`;
}

export function csvFile(rows: readonly (readonly CsvValue[])[]): Blob {
  return new Blob([csvOf(rows)], { type: 'text/csv' });
}

function field(value: CsvValue): string {
  if (typeof value === 'number') return Number.isFinite(value) ? plainFormat.format(value) : '';
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Hands a file to the reader. */
export function save(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = element('a', { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
