import { faded } from '../theme/palette.js';

const LastsMs = 900;
const Radius = 14;
const MostAtOnce = 60;

interface Pulse { code: string; since: number }

/** Rings that grow and fade where trades come from; a canvas of its own over the map. */
export function pulseLayer(
  under: HTMLCanvasElement, placeOf: (code: string) => readonly [number, number] | null,
): { node: HTMLCanvasElement; pulse: (codes: ReadonlySet<string>) => void } {
  const node = document.createElement('canvas');
  node.className = 'pulses';
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  let running: Pulse[] = [];
  let drawing = false;

  const draw = (now: number): void => {
    if (node.width !== under.width || node.height !== under.height) {
      node.width = under.width;
      node.height = under.height;
    }
    const ctx = node.getContext('2d')!;
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(0, 0, node.width, node.height);
    running = running.filter(({ since }) => now - since < LastsMs);
    drawing = running.length > 0 && under.clientWidth > 0;
    if (!drawing) return;
    const scale = under.width / under.clientWidth;
    ctx.setTransform(scale, 0, 0, scale, 0, 0);
    ctx.lineWidth = 2;
    for (const { code, since } of running) {
      const place = placeOf(code);
      if (!place) continue;
      const part = Math.max(0, (now - since) / LastsMs);
      ctx.strokeStyle = faded('orange', 1 - part);
      ctx.beginPath();
      ctx.arc(place[0], place[1], 2 + Radius * part, 0, 2 * Math.PI);
      ctx.stroke();
    }
    requestAnimationFrame(draw);
  };

  const pulse = (codes: ReadonlySet<string>): void => {
    if (still.matches || document.hidden) return;
    const now = performance.now();
    const busy = new Set(running.map(({ code }) => code));
    for (const code of codes) {
      if (!busy.has(code) && running.length < MostAtOnce) running.push({ code, since: now });
    }
    node.dataset.pulses = String(Number(node.dataset.pulses ?? 0) + codes.size);
    if (!drawing && running.length > 0) {
      drawing = true;
      requestAnimationFrame(draw);
    }
  };
  return { node, pulse };
}
