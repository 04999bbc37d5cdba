import type { DraftsController } from '../controller/drafts-controller.js';
import type { RunController } from '../controller/run/run-controller.js';
import type { SessionMessage } from '../protocol/stream/messages.js';
import { toGraphRunError, type GraphRunError } from '../protocol/problems.js';
import type { Connection, GraphRunService } from '../service/graph-run-service.js';
import { dropClosedDrafts } from './closed-drafts.js';
import { LastAnswers } from './last-answers.js';
import { readConnection, type Reader } from './read-connection.js';

/** A connection that is being read, and the means to end it. */
export interface Watch {
  readonly connection: Connection<unknown>;
  readonly abort: AbortController;
}

/** Dependencies of `watchSession`. */
export interface WatchSessionOptions {
  readonly service: GraphRunService;
  readonly run: RunController;
  readonly drafts: DraftsController;
  /** Called after each batch was applied. */
  readonly onApplied: (messages: readonly SessionMessage[]) => void;
  /** Called when the connection is given up, after `run` has the reason. */
  readonly onFailure: (error: GraphRunError, signal: AbortSignal) => void;
}

/** Reads a session into a controller from its first event, until it ends or the watch is aborted. */
export function watchSession(sessionId: string, options: WatchSessionOptions): Watch {
  const { service, run, drafts, onApplied, onFailure } = options;
  const abort = new AbortController();
  run.open(sessionId);
  const lastAnswers = new LastAnswers(service, run, abort.signal);
  const connection = service.connectSession(sessionId, { signal: abort.signal });
  void readOrReport(
    connection,
    abort.signal,
    {
      messagesOf: (batch) => batch.messages,
      apply: (messages) => {
        run.apply(messages);
        dropClosedDrafts(drafts, run);
        lastAnswers.look();
        onApplied(messages);
      },
    },
    (error) => {
      run.setConnection({ phase: 'failed', attempt: 0, error });
      onFailure(error, abort.signal);
      // Only a deletion ends what was typed; a session that is merely unknown may be back after a mistake.
      if (error.code === 'session-deleted') drafts.removeSession(sessionId);
    },
  );
  return { connection, abort };
}

/** Reads a connection until it ends; reports its failure unless it was aborted. */
export async function readOrReport<Batch, Message>(
  connection: Connection<Batch>,
  signal: AbortSignal,
  reader: Reader<Batch, Message>,
  onFailure: (error: GraphRunError) => void,
): Promise<void> {
  try {
    await readConnection(connection, signal, reader);
  } catch (error) {
    if (!signal.aborted) onFailure(toGraphRunError(error));
  }
}
