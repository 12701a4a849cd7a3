import { retryDelayMs } from './backoff.js';
import type { Sold, WatchRequest } from './protocol.js';
import { LiveSession, messageOf } from './session.js';
import { silentMs, StaleAfterMs } from './state.js';
import type { LiveStore } from './store.js';

/** Keeps one session going for as long as the page is open. */
export class LiveConnection {
  #session: LiveSession | null = null;
  #hurry: (() => void) | null = null;

  constructor(private readonly url: string, private readonly store: LiveStore) {}

  async run(): Promise<never> {
    for (let failures = 0; ;) {
      this.store.dispatch({ type: 'dialing', tries: failures + 1 });
      this.#session = new LiveSession(this.url, this.store);
      const problem = await this.#session.run().catch(messageOf);
      const wasUp = this.store.state.link === 'up';
      this.#session = null;
      this.store.dispatch({ type: 'dropped', problem });

      failures = wasUp ? 0 : failures + 1;
      await this.#wait(retryDelayMs(failures));
    }
  }

  /** Shows something else. */
  show(request: WatchRequest): void {
    if (JSON.stringify(request) === JSON.stringify(this.store.state.wanted)) return;
    this.store.dispatch({ type: 'wanted', request });
    void this.#session?.watch();
  }

  /** Null where nobody can tell just now. */
  async sold(request: WatchRequest): Promise<Sold | null> {
    return await this.#session?.sold(request).catch(() => null) ?? null;
  }

  /** The tab went to sleep: nothing is sent to it any more. */
  rest(): void { void this.#session?.rest(); }

  /** The tab is back, or the network is: do not sit out the delay, do not trust an old picture. */
  wake(): void {
    this.#hurry?.();
    const { link, resting } = this.store.state;
    const silent = silentMs(this.store.state, performance.now()) >= StaleAfterMs;
    if (link === 'up' && (resting || silent)) void this.#session?.watch();
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#hurry = () => { clearTimeout(timer); resolve(); };
    });
  }
}
