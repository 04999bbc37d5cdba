import type { SessionHistoryController } from '../../controller/session-history-controller.js';
import { watch } from '../../controller/watch.js';

/** Codes of errors whose reason lies between the page and the server, where only its developer can look. */
const CODES_OF_THE_WAY: ReadonlySet<string> = new Set(['network', 'timeout', 'foreign-answer', 'no-server']);

/**
 * Says in the console, once, what a developer should look at when the first connection to a server does not succeed. The
 * browser tells the page no more than “failed”, also when the server refuses its origin. Ends with the first connection.
 */
export function explainFirstConnection(history: SessionHistoryController, address: string): void {
  let isOver = false;
  const stop = watch(
    () => history.monitor,
    ({ phase, error }) => {
      isOver = phase === 'live' || phase === 'terminal';
      if (
        (phase === 'backoff' || phase === 'failed') &&
        error !== undefined &&
        CODES_OF_THE_WAY.has(error.code)
      ) {
        isOver = true;
        // oxlint-disable-next-line no-console -- for the developer of the page; people read the panel
        console.warn(
          `graph-sessions: no connection to ${address} so far (${error.message}) Check the address; that the server allows ` +
            `pages of ${location.origin} (--allow-origin, allowedOrigins); and that no proxy between them answers itself.`,
        );
      }
      if (isOver) queueMicrotask(() => stop());
    },
  );
}
