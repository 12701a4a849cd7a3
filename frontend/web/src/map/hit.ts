/** Within so much of the globe, in radians, a dot is hit: a little more than is drawn of it. */
const Reach = 0.03;

export type Place = readonly [number, number];

/**
 * The country at a place of the map, as its index; -1 for none. The nearest dot wins over the
 * shapes it lies on. Of the map `scale` is the pixels of a radian.
 */
export function countryAt(
  [x, y]: Place, dots: readonly (Place | null)[], scale: number,
  isInside: (index: number) => boolean,
): number {
  let found = -1;
  let least = Reach * scale;
  for (const [index, dot] of dots.entries()) {
    if (!dot) continue;
    const distance = Math.hypot(dot[0] - x, dot[1] - y);
    if (distance <= least) [found, least] = [index, distance];
  }
  return found >= 0 ? found : dots.findIndex((_, index) => isInside(index));
}
