const formats = new Map<string, Intl.NumberFormat>();

/** An amount with its currency's own decimals; small ones keep the digits that matter. */
export function amount(value: number, currency: string): string {
  if (Math.abs(value) < 1) return value.toLocaleString('en', { maximumSignificantDigits: 6 });
  let format = formats.get(currency);
  if (!format) {
    const digits = decimals(currency);
    format = new Intl.NumberFormat(
      'en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
    formats.set(currency, format);
  }
  return format.format(value);
}

function decimals(currency: string): number {
  try {
    const { maximumFractionDigits } =
      new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions();
    return maximumFractionDigits ?? 2;
  } catch {
    return 2; // An asset that is no ISO currency.
  }
}
