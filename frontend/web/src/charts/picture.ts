import { palette } from '../theme/palette.js';

const Margin = 16;
const TitleHeight = 40;

/** The canvases of a card, one over the other, on its surface under its title; a PNG. */
export function picture(title: string, layers: readonly HTMLCanvasElement[]): Promise<Blob | null> {
  const first = layers[0];
  if (!first || first.width === 0) return Promise.resolve(null);
  const scale = first.width / first.clientWidth;
  const whole = document.createElement('canvas');
  whole.width = first.width + 2 * Margin * scale;
  whole.height = first.height + (TitleHeight + Margin) * scale;
  const ctx = whole.getContext('2d')!;
  ctx.fillStyle = palette.surface;
  ctx.fillRect(0, 0, whole.width, whole.height);
  ctx.fillStyle = palette.text;
  ctx.font = `600 ${14 * scale}px ${getComputedStyle(document.body).fontFamily}`;
  ctx.textBaseline = 'middle';
  ctx.fillText(title, Margin * scale, (TitleHeight / 2) * scale);
  for (const layer of layers) {
    ctx.drawImage(layer, Margin * scale, TitleHeight * scale, first.width, first.height);
  }
  return new Promise((resolve) => whole.toBlob(resolve, 'image/png'));
}
