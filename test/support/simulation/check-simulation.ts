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
export function checkSettled(
  { ledger, readers, watchers }: SimulationState,
  { sessions }: LoggedState,
): void {
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
  for (const watcher of watchers) checkList(ledger, watcher, sessions);
}

/** Checks, after everything was answered, that all sessions have ended, and all readers are done. */
export function checkEnd(state: SimulationState, before: LoggedState): void {
  const { ledger, readers } = state;
  checkSettled(state, before);
  for (const { sessionId, isDeleted, hasEnded, status } of ledger.sessions.values()) {
    if (!isDeleted && !hasEnded) ledger.violate(`session ${sessionId} does not end (${status})`);
  }
  for (const { session, isDone } of readers) {
    if (!isDone) ledger.violate(`a reader of ${session.sessionId} is not done`);
  }
}

function checkList(
  ledger: SimulationLedger,
  { rows }: SimulatedWatcher,
  before: LoggedState['sessions'],
): void {
  for (const { sessionId, isDeleted, status, labels, open, revision } of ledger.sessions.values()) {
    if (before.get(sessionId)?.revision !== revision) continue;
    const row = rows.get(sessionId);
    if (isDeleted || row === undefined) {
      if (isDeleted !== (row === undefined)) ledger.violate(`a watcher has session ${sessionId} wrong`);
      continue;
    }
    const shown = [row['status'], row['pendingInputs'], row['title'] ?? '', row['pinned'] ?? false];
    const right = [status, open.size, labels.title ?? '', labels.pinned ?? false];
    if (JSON.stringify(shown) !== JSON.stringify(right)) {
      ledger.violate(`a watcher shows ${shown.join()} of ${sessionId}, not ${right.join()}`);
    }
  }
}
