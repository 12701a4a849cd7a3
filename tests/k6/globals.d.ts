// k6 provides it; @types/k6 leaves it to a browser's or Node's library.
declare const console: { log(...values: unknown[]): void };
