import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../../../src/protocol/values/json.js';
import type { LoggedSession } from './logged-session.js';
import type { SimulatedDatabase } from './simulated-database.js';
import type { SimulatedReader, SimulatedWatcher } from './simulated-reader.js';
import type { SimulationLedger } from './simulation-ledger.js';

/** What was logged at a time. */
export interface LoggedState {
  /** Of each session the index of its newest event, and the revision of its row. */
  readonly sessions: ReadonlyMap<string, { readonly lastIndex: number; readonly revision: number }>;
}

/** Everything that is compared at the end of a run. */
export interface SimulationState {
  readonly ledger: SimulationLedger;
  readonly database: SimulatedDatabase;
  readonly readers: readonly SimulatedReader[];
  readonly watchers: readonly SimulatedWatcher[];
}

/** Notes what is logged now. */
export function loggedState(ledger: SimulationLedger): LoggedState {
  const sessions = [...ledger.sessions.values()].map(
    ({ sessionId, events, revision }) => [sessionId, { lastIndex: events.length - 1, revision }] as const,
  );
  return { sessions: new Map(sessions) };
}

/**
 * Checks, some time after the last fault and the last request, that nothing is left to do, and that everybody has seen what
 * was logged some time before.
 */
export async function checkSettled(state: SimulationState, { sessions }: LoggedState): Promise<void> {
  const { ledger, readers, watchers } = state;
  for (const { sessionId, isDeleted, hasEnded, open, status, events } of ledger.sessions.values()) {
    if (isDeleted || hasEnded || (status === 'suspended' && open.size > 0)) continue;
    // Whether it was an answer or the expiry of a question, something has happened.
    if (events.length - 1 > (sessions.get(sessionId)?.lastIndex ?? -1)) continue;
    ledger.violate(`session ${sessionId} does not continue (${status})`);
  }
  for (const { session, cursor } of readers) {
    const last = sessions.get(session.sessionId)?.lastIndex ?? -1;
    if (session.isDeleted || cursor >= last) continue;
    ledger.violate(`a reader of ${session.sessionId} stays at ${cursor} of ${last}`);
  }
  for (const watcher of watchers) await checkList(state, watcher, sessions);
}

/** Checks, after everything was answered, that all sessions have ended, and all readers are done. */
export async function checkEnd(state: SimulationState, before: LoggedState): Promise<void> {
  const { ledger, readers } = state;
  await checkSettled(state, before);
  for (const { sessionId, isDeleted, hasEnded, status } of ledger.sessions.values()) {
    if (!isDeleted && !hasEnded) ledger.violate(`session ${sessionId} does not end (${status})`);
  }
  for (const { session, isDone } of readers) {
    if (!isDone) ledger.violate(`a reader of ${session.sessionId} is not done`);
  }
}

/** More rows than a run has. */
const ALL_ROWS = 1000;

/** Checks that a watcher has exactly the rows of the store, of the sessions that have not changed since. */
async function checkList(
  { ledger, database }: SimulationState,
  watcher: SimulatedWatcher,
  before: LoggedState['sessions'],
): Promise<void> {
  const { name, label, rows } = watcher;
  const stored = await database.tables.list(name.principal, name.graphId, ALL_ROWS);
  const right = new Map(
    stored.rows.map(({ summary, revision }) => [summary.sessionId, { ...summary, revision }] as const),
  );
  for (const session of ledger.sessions.values()) {
    const { sessionId, isDeleted, revision } = session;
    if (!watcher.has(session) || before.get(sessionId)?.revision !== revision) continue;
    const row = rows.get(sessionId);
    if (isDeleted !== !right.has(sessionId)) ledger.violate(`the store lists ${sessionId} wrong`);
    if (!isDeepStrictEqual(row, right.get(sessionId))) {
      ledger.violate(
        `${label} shows ${JSON.stringify(row)} of ${sessionId}, not ${JSON.stringify(right.get(sessionId))}`,
      );
    }
    if (row !== undefined) checkRow(ledger, label, session, row);
  }
}

/** Checks a row against the log, and what people have done. */
function checkRow(
  ledger: SimulationLedger,
  label: string,
  { sessionId, status, labels, open }: LoggedSession,
  row: JsonObject,
): void {
  const shown = [row['status'], row['pendingInputs'], row['title'] ?? '', row['pinned'] ?? false];
  const right = [status, open.size, labels.title ?? '', labels.pinned ?? false];
  if (JSON.stringify(shown) !== JSON.stringify(right)) {
    ledger.violate(`${label} shows ${shown.join()} of ${sessionId}, not ${right.join()}`);
  }
}
