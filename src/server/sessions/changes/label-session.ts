import type { JsonObject } from '../../../protocol/values/json.js';
import { changeLabels, withLabels, withoutLabels } from '../../../protocol/session-labels.js';
import type { SessionSummary } from '../../../protocol/session-summary.js';
import type { SessionStore } from '../../store/session-store.js';
import { rethrowForCaller, sessionDeleted } from '../session-errors.js';
import type { SessionLog } from '../session-log.js';
import type { Session } from '../session.js';

/** Dependencies of `labelSession`. */
export interface LabelSessionContext {
  readonly log: SessionLog;
  readonly store: SessionStore;
}

/**
 * Gives a session another title, or pins it. Resolves with its row. Never reads the log of the session.
 *
 * @throws GraphRunError `invalid-request`, `session-deleted` or `unavailable`; nothing has changed then.
 */
export async function labelSession(
  session: Session,
  change: JsonObject,
  { log, store }: LabelSessionContext,
  onChanged: () => void = () => undefined,
): Promise<SessionSummary> {
  const { record } = session;
  let row = session.row ?? (await storedRow(session, store));
  const write = log.write({
    lane: record,
    prepare: () => {
      if (session.isDeleted) throw sessionDeleted();
      const labels = changeLabels(session.draftLabels, change);
      row = session.draft?.row ?? session.row ?? row;
      if (labels === session.draftLabels) return undefined;
      const expected = session.draftLabels;
      session.draftLabels = labels;
      return { kind: 'label', record, expected, labels };
    },
    onCommitted: ({ revision }) => {
      if (revision === undefined) return;
      session.labels = session.draftLabels;
      log.publishRow(record, withLabels(row, session.labels), revision);
      log.announce(session);
      onChanged();
    },
    undo: () => {
      session.draftLabels = session.labels;
    },
    ...log.readingOn(session),
  });
  await write.catch(rethrowForCaller);
  return withLabels(row, session.labels);
}

/** The row of a session with its labels. @throws GraphRunError `session-deleted`. */
export async function rowOf(session: Session, store: SessionStore): Promise<SessionSummary> {
  return withLabels(session.row ?? (await storedRow(session, store)), session.labels);
}

/** Reads the row of a session that is not in memory, and so does not change meanwhile. */
async function storedRow({ sessionId }: Session, store: SessionStore): Promise<SessionSummary> {
  const row = await store.readRow(sessionId);
  if (row === undefined) throw sessionDeleted();
  return withoutLabels(row);
}
