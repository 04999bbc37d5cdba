import type { Cursor, SessionBatch } from '../../protocol/stream/messages.js';
import { GraphRunError, isSessionGone } from '../../protocol/problems.js';
import type { ConnectionContext } from '../connection.js';
import { LogPublisher } from '../publish/log-publisher.js';
import { withAttempts } from './attempts.js';
import { DEFAULT_POLL_MS, type PollOptions } from './poll-options.js';
import { WakeUp } from './wake-up.js';

/** How a session of a backend without push is read. */
export interface PollSessionOptions extends PollOptions {
  /** Where the reader wants to continue; default: at the beginning. */
  readonly cursor?: Cursor | undefined;
}

/**
 * Reads a session for one connection (see `createConnection`) of a backend without push: `look` is called again and again,
 * until the session has ended. A look that throws is repeated as `withAttempts` says. One that throws `sessionGone` is not:
 * readers of a session that was deleted meanwhile get a cancellation as its end, others the error.
 *
 * @param look yields what `log` gives: `yield* log.publish({ events })` with all events so far.
 */
export async function* pollSession(
  context: ConnectionContext,
  { cursor, pollMs = DEFAULT_POLL_MS, wakeUp = new WakeUp() }: PollSessionOptions,
  look: (log: LogPublisher, signal: AbortSignal) => AsyncIterable<SessionBatch>,
): AsyncGenerator<SessionBatch, void, undefined> {
  const log = new LogPublisher(cursor);
  const looks = async function* (signal: AbortSignal) {
    while (!signal.aborted) {
      const { count } = wakeUp;
      try {
        yield* look(log, signal);
      } catch (error) {
        if (!(error instanceof GraphRunError) || !isSessionGone(error) || signal.aborted) throw error;
        yield* log.publishDeletion();
      }
      if (log.isEnded) return;
      await wakeUp.pause(pollMs, signal, count);
    }
  };
  yield* withAttempts(context, looks, (connection) => log.describe(connection));
}
