const exactFormat = new Intl.NumberFormat('en', { maximumFractionDigits: 8 });
const priceFormat = new Intl.NumberFormat(
  'en', { minimumSignificantDigits: 6, maximumSignificantDigits: 6 });
const oneDigit = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const signedPercent = new Intl.NumberFormat('en', {
  style: 'percent', minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: 'exceptZero',
});

const Scales: readonly [number, string][] = [[1e12, 'tn'], [1e9, 'bn'], [1e6, 'M'], [1e3, 'k']];

export function exact(value: number): string { return exactFormat.format(value); }

/** 1234567 as `1.2 M`; below ten thousand the number itself. */
export function compact(value: number): string {
  if (Math.abs(value) < 10_000) return oneDigit.format(value);
  return scaled(value);
}

/** For an axis: `5 k` rather than `5,000`, so that every tick is as short. */
export function scaled(value: number): string {
  const scale = Scales.find(([size]) => Math.abs(value) >= size);
  return scale ? `${oneDigit.format(value / scale[0])} ${scale[1]}` : exact(value);
}

export function rate(perSecond: number): string {
  return perSecond < 10 ? oneDigit.format(perSecond) : exact(Math.round(perSecond));
}

export function price(value: number): string { return priceFormat.format(value); }

/** A signed change of two decimals always, with a minus sign rather than a hyphen. */
export function percent(fraction: number): string {
  return signedPercent.format(fraction).replace('-', '−');
}

export function plural(count: number, noun: string): string {
  return `${exact(count)} ${noun}${count === 1 ? '' : 's'}`;
}

const Bytes: readonly [number, string][] = [[2 ** 30, 'GiB'], [2 ** 20, 'MiB'], [2 ** 10, 'KiB']];

/** `1.5 MiB`. */
export function bytes(value: number): string {
  const scale = Bytes.find(([size]) => value >= size);
  return scale ? `${oneDigit.format(value / scale[0])} ${scale[1]}` : `${exact(value)} B`;
}

/** For a file: a fraction without digits that mean nothing. */
export function rounded(fraction: number): number { return Number(fraction.toFixed(6)); }

/** A part of a whole: `12.3%`. */
export function share(fraction: number): string {
  return `${(fraction * 100).toFixed(fraction < 0.0995 ? 1 : 0)}%`;
}
