import { initialState, reduce, type LiveEvent, type LiveState } from './state.js';

/** Holds the state; every change goes through `dispatch`, every reader is told. */
export class LiveStore {
  #state = initialState(performance.now());
  readonly #readers: (() => void)[] = [];

  get state(): LiveState { return this.#state; }

  dispatch(event: LiveEvent): void {
    this.#state = reduce(this.#state, event);
    for (const reader of this.#readers) reader();
  }

  subscribe(reader: () => void): void { this.#readers.push(reader); }
}
