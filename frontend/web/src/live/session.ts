import {
  HttpTransportType,
  HubConnectionBuilder,
  LogLevel,
  type HubConnection,
} from '@microsoft/signalr';
import type { Snapshot, Sold, Update, WatchRequest } from './protocol.js';
import type { LiveStore } from './store.js';

/** A snapshot is some hundred kB; without it in this time the connection is of no use. */
const WatchTimeoutMs = 10_000;

/** A network that swallows everything would otherwise hold the page in its first try. */
const StartTimeoutMs = 10_000;

/** A server whose sequences keep breaking is not asked more often than this. */
const RewatchAfterMs = 1000;

/** What was refused may be granted later: another browser may have left. */
const RefusedAgainAfterMs = 10_000;

/** The life of one connection: start, watch, follow, watch again when lost, end. */
export class LiveSession {
  readonly #hub: HubConnection;
  readonly #ended: Promise<string>;
  #problem: string | null = null;
  #watching = false;
  #again = false;
  #askedAt = -RewatchAfterMs;

  constructor(url: string, private readonly store: LiveStore) {
    // Straight to a WebSocket: a connection negotiated with one frontend could open at another.
    this.#hub = new HubConnectionBuilder()
      .withUrl(url, { skipNegotiation: true, transport: HttpTransportType.WebSockets })
      .configureLogging(LogLevel.None)
      .build();
    this.#hub.on('update', (update: Update) => {
      store.dispatch({ type: 'update', update, at: performance.now() });
      if (store.state.lost && !store.state.held) void this.watch();
    });
    this.#ended = new Promise((resolve) => {
      this.#hub.onclose((error) => {
        resolve(this.#problem ?? error?.message ?? 'The server closed the connection.');
      });
    });
  }

  /** Resolves with the reason once the connection has ended; throws when it never began. */
  async run(): Promise<string> {
    try {
      await within(StartTimeoutMs, this.#hub.start());
    } catch (error) {
      void this.#hub.stop(); // Ends as soon as the start does, which may take long.
      throw error;
    }
    void this.watch();
    return this.#ended;
  }

  /** Asks for a new snapshot; while one is on its way, for one more after it. */
  async watch(): Promise<void> {
    this.#again = true;
    if (this.#watching) return;
    this.#watching = true;
    try {
      while (this.#again) await this.#ask();
    } catch (error) {
      const refusal = messageOf(error).split('HubException: ')[1];
      if (refusal) this.#refused(refusal);
      else await this.#end(messageOf(error));
    } finally {
      this.#watching = false;
    }
  }

  #refused(reason: string): void {
    this.store.dispatch({ type: 'refused', reason, at: performance.now() });
    setTimeout(() => { if (this.store.state.refusal) void this.watch(); }, RefusedAgainAfterMs);
  }

  async #end(problem: string): Promise<void> {
    this.#problem = problem;
    await this.#hub.stop();
  }

  /** No updates until the next watch. */
  async rest(): Promise<void> {
    if (this.#watching || this.store.state.link !== 'up') return;
    this.store.dispatch({ type: 'rested' });
    await this.#hub.invoke('Rest').catch(() => undefined); // A broken link is told by its end.
  }

  sold(request: WatchRequest): Promise<Sold> {
    return this.#hub.invoke<Sold>('Sold', request);
  }

  async #ask(): Promise<void> {
    const early = this.#askedAt + RewatchAfterMs - performance.now();
    if (this.store.state.lost && early > 0) await pause(early);

    this.#again = false;
    this.#askedAt = performance.now();
    const request: WatchRequest = this.store.state.wanted;
    this.store.dispatch({ type: 'watching' });
    const snapshot = await within(
      WatchTimeoutMs, this.#hub.invoke<Snapshot>('Watch', request));
    this.store.dispatch({ type: 'snapshot', snapshot, request, at: performance.now() });
    if (this.store.state.lost) this.#again = true;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: number | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The server did not answer.')), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
