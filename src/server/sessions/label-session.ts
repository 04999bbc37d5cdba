import type { JsonObject } from '../../protocol/json.js';
import { changeLabels, withLabels } from '../../protocol/session-labels.js';
import type { SessionSummary } from '../../protocol/session-summary.js';
import type { LogReader } from './log-reader.js';
import { rethrowForCaller, sessionDeleted } from './session-errors.js';
import type { SessionLog } from './session-log.js';
import type { Session } from './session.js';

/** Dependencies of `labelSession`. */
export interface LabelSessionContext {
  readonly log: SessionLog;
  readonly reader: LogReader;
}

/**
 * Gives a session another title, or pins it. Resolves with its row.
 *
 * @throws GraphRunError `invalid-request`, `session-deleted` or `unavailable`; nothing has changed then.
 */
export async function labelSession(
  session: Session,
  change: JsonObject,
  { log, reader }: LabelSessionContext,
): Promise<SessionSummary> {
  const { record } = session;
  let row: SessionSummary | undefined = (await reader.fold(session)).row;
  const write = log.write({
    prepare: () => {
      if (session.isDeleted) throw sessionDeleted();
      const labels = changeLabels(session.draftLabels, change);
      row = (session.draft ?? session.durable)?.row ?? row;
      if (labels === session.draftLabels || row === undefined) return undefined;
      session.draftLabels = labels;
      return { kind: 'label', record, labels, row: withLabels(row, labels) };
    },
    onCommitted: (revision) => {
      if (revision === undefined) return;
      session.labels = session.draftLabels;
      if (row !== undefined) log.publishRow(record, withLabels(row, session.labels), revision);
    },
    undo: () => {
      session.draftLabels = session.labels;
    },
  });
  await write.catch(rethrowForCaller);
  if (row === undefined) throw sessionDeleted();
  return withLabels(row, session.labels);
}
