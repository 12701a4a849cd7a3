import { palette, type Colour } from '../theme/palette.js';

const Margin = 16;
const HeadHeight = 60;
const LegendHeight = 28;

export type Shape = 'line' | 'dashes' | 'box' | 'frame';

export interface PictureWords {
  title: string;
  /** Range and filter. */
  subtitle: string;
  /** When it was so. */
  time: string;
  keys: readonly { colour: Colour; shape: Shape; words: string }[];
}

/** The canvases of a card, one over the other, on its surface with all its words; a PNG. */
export function picture(
  words: PictureWords, layers: readonly HTMLCanvasElement[],
): Promise<Blob | null> {
  const first = layers[0];
  if (!first || first.width === 0) return Promise.resolve(null);
  const scale = first.width / first.clientWidth;
  const [width, height] = [first.clientWidth, first.clientHeight];
  const end = words.keys.length > 0 ? LegendHeight : 0;
  const whole = document.createElement('canvas');
  whole.width = (width + 2 * Margin) * scale;
  whole.height = (HeadHeight + height + end + Margin) * scale;
  const ctx = whole.getContext('2d')!;
  ctx.scale(scale, scale);
  ctx.fillStyle = palette.surface;
  ctx.fillRect(0, 0, width + 2 * Margin, HeadHeight + height + end + Margin);
  ctx.textBaseline = 'middle';
  const write = (
    text: string, x: number, y: number, font: string, align: CanvasTextAlign,
  ): void => {
    ctx.font = `${font} ${getComputedStyle(document.body).fontFamily}`;
    ctx.textAlign = align;
    ctx.fillText(text, x, y, width);
  };
  ctx.fillStyle = palette.text;
  write(words.title, Margin, 20, '600 14px', 'left');
  ctx.fillStyle = palette.muted;
  write(words.time, Margin + width, 20, '12px', 'right');
  write(words.subtitle, Margin, 40, '12px', 'left');
  for (const layer of layers) ctx.drawImage(layer, Margin, HeadHeight, width, height);
  let x = Margin;
  for (const { colour, shape, words: text } of words.keys) {
    const y = HeadHeight + height + LegendHeight / 2;
    drawSwatch(ctx, palette[colour], shape, x, y);
    ctx.fillStyle = palette.muted;
    write(text, x + 20, y, '12px', 'left');
    x += 36 + ctx.measureText(text).width;
  }
  return new Promise((resolve) => whole.toBlob(resolve, 'image/png'));
}

/** As beside the words of the page's legend; 14 pixels wide at most. */
function drawSwatch(
  ctx: CanvasRenderingContext2D, colour: string, shape: Shape, x: number, y: number,
): void {
  ctx.fillStyle = ctx.strokeStyle = colour;
  ctx.lineWidth = 1.5;
  switch (shape) {
    case 'line': ctx.fillRect(x, y - 1.5, 14, 3); break;
    case 'dashes': for (const at of [0, 5, 10]) ctx.fillRect(x + at, y - 1.5, 4, 3); break;
    case 'box': ctx.fillRect(x + 2, y - 5, 10, 10); break;
    case 'frame': ctx.strokeRect(x + 2.75, y - 4.25, 8.5, 8.5); break;
  }
}
