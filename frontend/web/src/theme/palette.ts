/** The tokens of the theme in force, for what is drawn on a canvas. */
export const palette = {
  page: '',
  surface: '', line: '', text: '', muted: '',
  blue: '', orange: '', green: '', purple: '', brown: '', grey: '',
  accent: '', good: '', warn: '', bad: '',
};

export type Colour = keyof typeof palette;

export function readPalette(): void {
  const style = getComputedStyle(document.documentElement);
  for (const name of Object.keys(palette) as Colour[]) {
    palette[name] = style.getPropertyValue(`--${name}`).trim();
  }
}

/** A `#rrggbb` token at an opacity from 0 to 1. */
export function faded(colour: Colour, opacity: number): string {
  return palette[colour] + Math.round(opacity * 255).toString(16).padStart(2, '0');
}
