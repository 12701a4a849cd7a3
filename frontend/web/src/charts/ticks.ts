const Fewest = 5;
const Most = 7;

/** The rounder a step, the earlier it is tried. */
const Rounds = [1, 2, 5, 2.5, 4, 3, 1.5, 6, 8];

/** Five to seven round values from `low` to `high`. */
export function roundTicks(low: number, high: number): number[] {
  const power = 10 ** Math.floor(Math.log10((high - low) / Fewest));
  const steps = [power, power / 10, power * 10].flatMap(
    (size) => Rounds.map((round) => round * size));
  const step = steps.find((each) => {
    const count = countOf(low, high, each);
    return count >= Fewest && count <= Most;
  }) ?? power;
  const first = Math.ceil(low / step);
  return Array.from({ length: countOf(low, high, step) }, (_, index) => (first + index) * step);
}

/** As many decimals as tell two ticks apart. */
export function decimalsOf(step: number): number {
  if (!(step > 0)) return 4;
  const digits = Math.min(10, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
  const isWhole = Math.abs(step * 10 ** digits - Math.round(step * 10 ** digits)) < 1e-6;
  return isWhole ? digits : digits + 1;
}

function countOf(low: number, high: number, step: number): number {
  return Math.max(0, Math.floor(high / step) - Math.ceil(low / step) + 1);
}
