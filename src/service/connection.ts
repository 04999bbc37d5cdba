import type { Connection } from './graph-run-service.js';

/** Input of the generator behind a connection. */
export interface ConnectionContext {
  /** Aborted when the caller leaves the loop or aborts its own signal. */
  readonly signal: AbortSignal;
  /** Calls back on each `retryNow`, until the returned function is called. */
  onRetryNow(callback: () => void): () => void;
}

/**
 * Creates a connection from a generator function. The generator starts with the first read. Leaving the loop, at any
 * moment, aborts the context's signal first, so that a pending read cannot keep the generator running; a second loop
 * over the same connection ends the first.
 */
export function createConnection<Batch>(
  run: (context: ConnectionContext) => AsyncGenerator<Batch, void, undefined>,
  signal?: AbortSignal,
): Connection<Batch> {
  const callbacks = new Set<() => void>();
  let current: AbortController | undefined;
  return {
    retryNow() {
      for (const callback of callbacks) callback();
    },
    [Symbol.asyncIterator]() {
      current?.abort();
      const abort = new AbortController();
      current = abort;
      const ended = signal === undefined ? abort.signal : AbortSignal.any([signal, abort.signal]);
      const generator = run({
        signal: ended,
        onRetryNow(callback) {
          callbacks.add(callback);
          return () => callbacks.delete(callback);
        },
      });
      return {
        async next() {
          if (!ended.aborted) {
            try {
              const result = await generator.next();
              if (!ended.aborted) return result;
            } catch (error) {
              // After the end nothing is delivered, not even an error.
              if (!ended.aborted) throw error;
            }
          }
          return generator.return();
        },
        return() {
          abort.abort();
          return generator.return();
        },
        throw(error: unknown) {
          abort.abort();
          return generator.throw(error);
        },
      };
    },
  };
}
