import { toGraphRunError, type GraphRunError } from '../protocol/problems.js';
import type { GraphRunService } from '../service/graph-run-service.js';
import { withLimit } from './with-limit.js';

/** Called with each session that was deleted, or with the reason why it was not. */
export type DeletionReport = (sessionId: string, error: GraphRunError | undefined) => void;

/** Options of `deleteSessions`. */
export interface DeleteSessionsOptions {
  readonly report: DeletionReport;
  /** Aborted when the page is about to be closed: what has not been sent by then is sent at once. */
  readonly leaving: AbortSignal;
}

/**
 * Deletes sessions: many with one call where the service can, else one by one, four at a time. Resolves when each one was
 * reported; never rejects.
 */
export async function deleteSessions(
  service: GraphRunService,
  sessionIds: readonly string[],
  { report, leaving }: DeleteSessionsOptions,
): Promise<void> {
  const isMany = sessionIds.length > 1 && service.capabilities.deleteMany === true;
  if (service.deleteSessions === undefined || !isMany) {
    return deleteOneByOne(service, sessionIds, report, leaving);
  }
  try {
    const failures = await service.deleteSessions(sessionIds);
    for (const sessionId of sessionIds) report(sessionId, failures.get(sessionId));
  } catch (error) {
    const reason = toGraphRunError(error);
    // The server was replaced by an older one.
    if (UNSUPPORTED.has(reason.code)) return deleteOneByOne(service, sessionIds, report, leaving);
    for (const sessionId of sessionIds) report(sessionId, reason);
  }
}

const UNSUPPORTED: ReadonlySet<string> = new Set(['not-found', 'method-not-allowed', 'unsupported']);

function deleteOneByOne(
  service: GraphRunService,
  sessionIds: readonly string[],
  report: DeletionReport,
  leaving: AbortSignal,
): Promise<void> {
  return withLimit(sessionIds, leaving, async (sessionId) => {
    report(sessionId, await failureOf(service.deleteSession(sessionId)));
  });
}

async function failureOf(promise: Promise<void>): Promise<GraphRunError | undefined> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    return toGraphRunError(error);
  }
}
