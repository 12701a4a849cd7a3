/** One interval in so many may lie off the scale, and one of a few. */
const OddOneIn = 50;
const FewestToJudge = 5;

/**
 * From where to where rates are drawn: over all of them, but without an odd one further off than
 * the others reach, beside which they would be a flat line.
 */
export function rateScale(lows: readonly number[], highs: readonly number[]): [number, number] {
  const low = lows.toSorted((a, b) => a - b);
  const high = highs.toSorted((a, b) => b - a);
  const [least = 0] = low;
  const [most = 1] = high;
  if (low.length < FewestToJudge) return [least, most];
  const odd = Math.ceil(low.length / OddOneIn);
  const [bottom, top] = [low[odd]!, high[odd]!];
  const reach = Math.max(top - bottom, Math.abs(top) * 1e-6);
  return [least < bottom - reach ? bottom : least, most > top + reach ? top : most];
}

/** With room above and below; a scale of one value has some, too. */
export function withRoom([low, high]: readonly [number, number]): [number, number] {
  const room = Math.max((high - low) * 0.08, Math.abs(high) * 1e-5, 1e-12);
  return [low - room, high + room];
}

/** The lowest part of the chart, which the volume has for itself. */
export const VolumePart = 0.2;

/** With that part below the rates. */
export function aboveVolume([low, high]: readonly [number, number]): [number, number] {
  return [low - (high - low) * VolumePart / (1 - VolumePart), high];
}
