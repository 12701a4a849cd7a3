import { palette, type Colour } from '../theme/palette.js';

interface Painted {
  borderColor?: unknown;
  pointBackgroundColor?: unknown;
  pointHoverBackgroundColor?: unknown;
  pointRadius?: unknown;
}

/** A line in the theme's colour. A function in place of one would be asked for each point. */
export function paintLine(line: Painted, colour: Colour, radius: number | number[]): void {
  line.borderColor = line.pointBackgroundColor = line.pointHoverBackgroundColor = palette[colour];
  line.pointRadius = radius;
}
