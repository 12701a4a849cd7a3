/** The server's clock in epoch ms: its last word plus the monotonic time since it came. */
export function serverNow(last: { at: number; arrivedAt: number }, monotonicMs: number): number {
  return last.at + (monotonicMs - last.arrivedAt);
}
