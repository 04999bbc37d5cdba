import type { SessionStore, StoredSession } from '../store/session-store.js';
import type { Background } from './background.js';
import type { OpenCounts } from './create-session.js';
import type { SessionDeletions } from './delete-session.js';
import type { LogReader } from './log-reader.js';
import type { RunnerHost } from './runner-host.js';
import type { SessionCache } from './session-cache.js';
import { Session } from './session.js';

/** Dependencies of `recoverSessions`. */
export interface RecoverSessionsContext {
  readonly store: SessionStore;
  readonly reader: LogReader;
  readonly cache: SessionCache;
  readonly host: RunnerHost;
  readonly openCounts: OpenCounts;
  readonly deletions: SessionDeletions;
  readonly background: Background;
}

/**
 * Resumes every session that an earlier process left unfinished, and finishes its deletions. Resolves when
 * all sessions can be served; one whose log cannot be read is reported and left out.
 */
export async function recoverSessions(context: RecoverSessionsContext): Promise<void> {
  const { store, deletions, background } = context;
  for (const sessionId of await store.findUnerased()) await deletions.eraseLog(sessionId);
  for (const stored of await store.findUnfinished()) {
    // One broken log must not keep the others from being served.
    await background.run(recoverSession(stored, context));
  }
}

async function recoverSession(
  stored: StoredSession,
  { store, reader, cache, host, openCounts }: RecoverSessionsContext,
): Promise<void> {
  const { sessionId, status, lastIndex, principal } = stored;
  const plan = await store.readPlan(sessionId);
  if (plan === undefined) throw new Error(`The plan of session ${sessionId} is missing.`);
  const session = new Session(stored, status, lastIndex, stored.labels);
  session.load(await reader.foldLog(stored, lastIndex));
  host.attachRunner(session, plan);
  cache.add(session);
  openCounts.add(principal, { isForced: true });
  host.start(session);
}
