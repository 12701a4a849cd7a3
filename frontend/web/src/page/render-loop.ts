const LeastIntervalMs = 250;

/** Draws at most four times a second, never while the tab is hidden. */
export function renderLoop(draw: () => void): () => void {
  let drawnAt = -LeastIntervalMs;
  let waiting = false;

  const run = (): void => {
    waiting = false;
    drawnAt = performance.now();
    draw();
  };
  const request = (): void => {
    if (waiting || document.hidden) return;
    waiting = true;
    const wait = Math.max(0, drawnAt + LeastIntervalMs - performance.now());
    setTimeout(() => requestAnimationFrame(run), wait);
  };
  document.addEventListener('visibilitychange', request);
  return request;
}
