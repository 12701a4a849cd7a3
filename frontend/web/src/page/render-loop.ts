/**
 * Every second tick of the server, whose 250 ms set the pace; less than twice that, as a tick that
 * comes a frame early must not wait, or charts fall behind until each is a whole one late. Half the
 * processor time of drawing at each tick, and no eye misses it in a chart of 15 minutes.
 */
const ChartsEveryMs = 450;

/** Of each frame, for charts that somebody waits for; a longer task would keep the page from all else. */
const UrgentMs = 40;

/** Asks for a drawing; does nothing while the tab is hidden. */
export interface RenderLoop {
  /** Something has come: figures in the next frame, charts in their turn. */
  news: () => void;
  /** Somebody has done something: charts at once, too. */
  act: () => void;
}

/**
 * Draws the figures in the next frame, and the charts, which take longer, one in each of the frames
 * behind it, so that news never wait for all of them; those that somebody waits for, several.
 */
export function renderLoop(
  figures: () => void, charts: () => Iterator<unknown>,
): RenderLoop {
  let figuresWait = false;
  let chartsAt = -ChartsEveryMs;
  let isWanted = false;
  let isUrgent = false;
  let isDrawing = false;
  let timer: number | undefined;

  const step = (left: Iterator<unknown>, sliceMs: number): void => {
    const until = performance.now() + sliceMs;
    let done = true;
    try {
      do done = left.next().done ?? false;
      while (!done && performance.now() < until);
    } finally {
      if (done) {
        isDrawing = false;
        arrange();
      }
    }
    if (!done) requestAnimationFrame(() => step(left, sliceMs));
  };
  const begin = (): void => {
    if (isDrawing || !isWanted) return;
    const sliceMs = isUrgent ? UrgentMs : 0;
    isWanted = isUrgent = false;
    isDrawing = true;
    chartsAt = performance.now();
    step(charts(), sliceMs);
  };
  const arrange = (): void => {
    if (isDrawing || !isWanted) return;
    const wait = isUrgent ? 0 : Math.max(0, chartsAt + ChartsEveryMs - performance.now());
    clearTimeout(timer);
    timer = setTimeout(() => requestAnimationFrame(begin), wait);
  };
  const drawFigures = (): void => {
    figuresWait = false;
    figures();
  };
  const request = (urgent: boolean): void => {
    if (document.hidden) return;
    if (!figuresWait) requestAnimationFrame(drawFigures);
    figuresWait = isWanted = true;
    isUrgent ||= urgent;
    arrange();
  };
  const loop = { news: () => request(false), act: () => request(true) };
  document.addEventListener('visibilitychange', loop.act);
  return loop;
}
