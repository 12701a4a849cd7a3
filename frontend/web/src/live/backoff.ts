const DelaysMs = [0, 500, 1000, 2000, 3000];

/** How long to wait after this many failed attempts in a row; for ever, 3 s at most. */
export function retryDelayMs(failures: number): number {
  return DelaysMs[Math.min(failures, DelaysMs.length - 1)]!;
}
