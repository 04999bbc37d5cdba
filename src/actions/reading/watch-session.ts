import { RUN_FOLD } from '../../controller/run/run-fold.js';
import { dropClosedDrafts } from './closed-drafts.js';
import { LastAnswers } from './last-answers.js';
import { readOrReport } from './read-connection.js';
import type { Watch, WatchSessionOptions } from './watch.js';

/** Reads a session into a controller from its first event, until it ends or `abort` is aborted. */
export function watchSession(
  sessionId: string,
  options: WatchSessionOptions,
  abort = new AbortController(),
): Watch {
  const { service, run, drafts, onApplied, onFailure } = options;
  run.useFold(RUN_FOLD);
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
  return { abort, retryNow: () => connection.retryNow() };
}
