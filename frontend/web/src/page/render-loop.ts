/**
 * Less than the server's tick of 250 ms, which sets the pace: a draw that comes a frame early must
 * not wait, or charts fall behind the ticks until each is a whole one late.
 */
const ChartsEveryMs = 200;

/**
 * Draws on request, never while the tab is hidden: the figures in the next frame, and the charts,
 * which take longer, in a frame behind it.
 */
export function renderLoop(figures: () => void, charts: () => void): () => void {
  let chartsAt = -ChartsEveryMs;
  let figuresWait = false;
  let chartsWait = false;

  const drawCharts = (): void => {
    chartsWait = false;
    chartsAt = performance.now();
    charts();
  };
  const drawFigures = (): void => {
    figuresWait = false;
    figures();
    if (chartsWait) return;
    chartsWait = true;
    const wait = Math.max(0, chartsAt + ChartsEveryMs - performance.now());
    setTimeout(() => requestAnimationFrame(drawCharts), wait);
  };
  const request = (): void => {
    if (figuresWait || document.hidden) return;
    figuresWait = true;
    requestAnimationFrame(drawFigures);
  };
  document.addEventListener('visibilitychange', request);
  return request;
}
