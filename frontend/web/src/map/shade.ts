/** Between two `#rrggbb` colours, at a part from 0 to 1. */
export function mixed(from: string, to: string, part: number): string {
  const channel = (colour: string, at: number): number =>
    Number.parseInt(colour.slice(1 + 2 * at, 3 + 2 * at), 16);
  const channels = [0, 1, 2].map((at) => {
    const start = channel(from, at);
    return Math.round(start + (channel(to, at) - start) * part);
  });
  return `rgb(${channels.join(',')})`;
}
