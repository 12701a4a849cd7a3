/** Pixels that a text takes in a font. */
export function textWidth(canvas: HTMLCanvasElement, font: string, text: string): number {
  const ctx = canvas.getContext('2d')!;
  ctx.save();
  ctx.font = font;
  const { width } = ctx.measureText(text);
  ctx.restore();
  return width;
}
