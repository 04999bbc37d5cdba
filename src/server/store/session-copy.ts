import { ALL_GRAPHS } from '../../protocol/all-graphs.js';
import {
  eventToWire,
  isTerminalEvent,
  isUsageReport,
  parseEvent,
  type GraphRunEvent,
} from '../../protocol/events.js';
import { EMPTY_SESSION } from '../../protocol/empty-session.js';
import { SessionFold } from '../../protocol/session-state.js';
import type { SessionFile } from '../../protocol/session-file/session-file.js';
import { Redaction } from '../../protocol/session-file/redaction.js';
import { writeSessionFile } from '../../protocol/session-file/write-session-file.js';
import { toSummary } from '../../protocol/to-summary.js';
import type { LoggedEvent, SessionRecord, SessionStore, SessionWrite } from './session-store.js';

/** Events that are read at once. */
const PAGE_EVENTS = 1000;
const PAGE_BYTES = 8 * 1024 * 1024;
/** Events of one step of the commit. */
const STEP_EVENTS = 500;
/** As servers write it. */
const TAG = /^[\da-f]{12}$/;

/**
 * Yields a stored session as a file, in pieces. Does not take over the store: a server may be using it.
 *
 * @throws Error in one sentence when there is no such session.
 */
export async function* exportedSession(
  store: SessionStore,
  sessionId: string,
  nowMs: number,
): AsyncGenerator<string, void, undefined> {
  const session = await store.find(sessionId);
  const row = await store.readRow(sessionId);
  if (session === undefined || session.isDeleted || row === undefined)
    throw new Error(`There is no session “${sessionId}”.`);
  const { graphId, logId, lastIndex } = session;
  yield* writeSessionFile(
    {
      exportedAt: nowMs,
      session: row,
      graphId,
      logId,
      events: lastIndex + 1,
      complete: true,
      redacted: false,
    },
    storedEvents(store, sessionId, lastIndex),
  );
}

async function* storedEvents(
  store: SessionStore,
  sessionId: string,
  through: number,
): AsyncGenerator<GraphRunEvent, void, undefined> {
  const redaction = new Redaction();
  for (let after = -1; after < through;) {
    const limits = { through, maxEvents: PAGE_EVENTS, maxBytes: PAGE_BYTES };
    const page = await store.readEvents(sessionId, after, limits);
    if (page.length === 0) throw new Error(`The log of “${sessionId}” ends after event ${after + 1}.`);
    for (const { json, index } of page) {
      const event = redaction.apply(parseEvent(JSON.parse(json)));
      if (event !== undefined) yield event;
      after = index;
    }
  }
}

/** How a file becomes a session of a store. */
export interface ImportOptions {
  /** Who may see it. */
  readonly principal: string;
  /** The graph in whose list it is; default: that of the file. */
  readonly graphId?: string;
}

/**
 * Adds the session of a file to a store, with new ids, as a record: a run that had not ended is cancelled, because
 * nothing could continue it. Takes over the store, so no server may be using it, unless several can share it. Returns its id.
 *
 * @throws Error in one sentence when the file is not whole or names no graph.
 */
export async function importSession(
  store: SessionStore,
  file: SessionFile,
  { principal, graphId = file.header.graphId }: ImportOptions,
): Promise<string> {
  const { problem, header } = file;
  if (problem !== undefined) {
    throw new Error(
      problem.kind === 'cut'
        ? `The file ends after event ${problem.events} of ${problem.expected}.`
        : `Line ${problem.line} of the file cannot be read.`,
    );
  }
  if (graphId === undefined) throw new Error('The file does not name its graph: choose one with --graph.');
  if (graphId === ALL_GRAPHS) {
    throw new Error('“*” stands for all graphs: choose the graph of the session with --graph.');
  }
  const sessionId = crypto.randomUUID();
  const events = recordedEvents(file, sessionId);
  const fold = new SessionFold(EMPTY_SESSION);
  for (const event of events) fold.apply(event);
  const state = fold.finish();
  const record: SessionRecord = {
    sessionId,
    graphId,
    principal,
    logId: crypto.randomUUID(),
    createdMs: state.createdTs ?? Math.round(header.session.createdAt * 1000),
  };
  const { nodes = [], edges = [] } = state.outline ?? {};
  // No runner knows this type, so none runs it again: the file does not have the configuration of the nodes.
  const plan = {
    graph: { nodes: nodes.map(({ id, title }) => ({ id, type: 'imported', metadata: { title } })), edges },
    mode: 'interactive',
    inputs: {},
  };
  const row = { ...toSummary(state), sessionId, imported: true as const };
  const logged = events.map(toLogged);
  const steps = Array.from({ length: Math.ceil(logged.length / STEP_EVENTS) }, (_, at) =>
    logged.slice(at * STEP_EVENTS, (at + 1) * STEP_EVENTS),
  );
  const writes = steps.map((part, at): SessionWrite => {
    const isLast = at === steps.length - 1;
    const status = isLast ? state.status : 'running';
    if (at === 0)
      return { kind: 'create', record, planJson: JSON.stringify(plan), events: part, status, row };
    const expectedLastIndex = at * STEP_EVENTS - 1;
    return { kind: 'append', record, expectedLastIndex, events: part, status, ...(isLast ? { row } : {}) };
  });
  const { title, graphTitle } = header.session;
  if (title !== undefined && graphTitle !== undefined)
    writes.push({ kind: 'label', record, labels: { title } });
  const epoch = await store.beginEpoch();
  const outcomes = await store.commit(epoch, writes);
  await store.endEpoch?.(epoch);
  if (outcomes.some(({ kind }) => kind !== 'written')) throw new Error('The store did not take the session.');
  return sessionId;
}

/** The events of the file as those of a log without gaps, which begins and has ended. */
function recordedEvents({ events, header }: SessionFile, sessionId: string): readonly GraphRunEvent[] {
  const startMs = events[0]?.ts ?? Math.round(header.session.createdAt * 1000);
  const start: GraphRunEvent = { type: 'graphStart', sessionId, index: 0, ts: startMs };
  const begun = events[0]?.type === 'graphStart' ? events : [start, ...events];
  const end: GraphRunEvent = { type: 'graphCancelled', sessionId, index: 0, ts: begun.at(-1)?.ts ?? startMs };
  const whole = begun.some(isTerminalEvent) ? begun : [...begun, end];
  const tag = crypto.randomUUID().slice(-12);
  return whole.map((event, index) => {
    const { tag: known, ...rest } = event;
    const own = 'sessionId' in rest ? { ...rest, sessionId } : rest;
    // The tag comes last, where servers look for it.
    return { ...own, index, tag: known !== undefined && TAG.test(known) ? known : tag };
  });
}

function toLogged(event: GraphRunEvent): LoggedEvent {
  const json = JSON.stringify(eventToWire(event));
  // As servers store it: among the steps of the log, because it changes the state.
  const type = isUsageReport(event) ? 'unknown' : event.type;
  return { index: event.index, type, json, bytes: new TextEncoder().encode(json).length };
}
