import type { ConnectionState } from '../../protocol/stream/messages.js';
import { toGraphRunError } from '../../protocol/problems.js';
import type { ConnectionContext } from '../connection.js';
import { afterFailure } from './backoff.js';
import { WakeUp } from './wake-up.js';

/**
 * Reads for one connection (see `createConnection`), and again after a failure, until `read` ends. The pauses grow from 0.5 s to
 * 30 s as long as nothing comes; `retryNow` ends one. `describe` makes a batch of a state of the connection.
 *
 * @throws GraphRunError when another attempt would not change anything: the session is gone, the sender or the request is
 *   refused, or the error was none of `GraphRunError` (`internal`: a defect). Failures of `fetch` are no such errors: convert them with
 *   `toNetworkError`, as `JsonClient` does.
 */
export async function* withAttempts<Batch>(
  { signal, onRetryNow }: ConnectionContext,
  read: (signal: AbortSignal) => AsyncGenerator<Batch, void, undefined>,
  describe: (connection: ConnectionState) => Batch,
): AsyncGenerator<Batch, void, undefined> {
  const retry = new WakeUp();
  const forget = onRetryNow(() => retry.wake());
  try {
    yield describe({ phase: 'connecting', attempt: 0 });
    for (let attempt = 0; ; attempt += 1) {
      try {
        for await (const batch of read(signal)) {
          attempt = 0;
          yield batch;
        }
        return;
      } catch (error) {
        if (signal.aborted) return;
        const state = afterFailure(error, attempt, Date.now());
        yield describe(state);
        if (state.phase === 'failed') throw toGraphRunError(error);
        await retry.pause((state.retryAtMs ?? 0) - Date.now(), signal);
        if (signal.aborted) return;
      }
    }
  } finally {
    forget();
  }
}
