import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { GraphRunEvent } from '../src/protocol/events.js';
import { outlineOf, type Graph } from '../src/protocol/graph.js';
import { EMPTY_SESSION } from '../src/protocol/empty-session.js';
import { applyEvents } from '../src/protocol/session-state.js';
import { isTerminalStatus } from '../src/protocol/session-summary.js';
import { toSummary } from '../src/protocol/to-summary.js';
import { openStore } from '../src/server/store/open-store.js';
import type { LoggedEvent, SessionRecord, SessionWrite } from '../src/server/store/session-store.js';
import { PauseWatcher } from './pauses.js';
import { BenchServer, figure, MIB, sleep, times } from './support.js';

const GRAPH: Graph = {
  title: 'Ask',
  nodes: [{ id: 'n', type: 'ask-text', configuration: { prompt: 'What next?' } }],
};
/** The principal of requests without a credential; each of the others has as many sessions. */
const ANYBODY = 'anybody';
const PRINCIPALS = 100;
const BATCH_WRITES = 1000;
const TOUCHED = 1000;
/** How long the server is watched after its first answer. */
const WATCHED_MS = 5000;
const LIMITS = {
  openSessionsPerPrincipal: 1_000_000,
  sessionsPerGraph: 1_000_000,
  retentionMs: Number.MAX_SAFE_INTEGER,
};

/** How soon a server answers that has many sessions, and what they cost while nothing touches them. */
export async function starts(ended = 100_000, waiting = 100_000): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'graph-sessions-bench-'));
  const ids = await fill(directory, ended, waiting);
  const started = performance.now();
  const server = await BenchServer.on(directory, LIMITS);
  try {
    const [first = ''] = ids;
    const { status } = await fetch(`${server.base}/${first}/status`);
    figure(`first answer after the start of the process (${status})`, performance.now() - started, 'ms');
    const watcher = await PauseWatcher.start(server.base);
    await sleep(WATCHED_MS);
    const { longestMs } = await watcher.read();
    watcher.stop();
    figure('longest wait of others afterwards', longestMs, 'ms');
    await printMemory(server, 'RSS');
    const touching = performance.now();
    await times(Math.min(TOUCHED, ids.length), (turn) => fetch(`${server.base}/${ids[turn] ?? ''}/status`));
    figure('status of 1000 that wait', performance.now() - touching, 'ms');
    await printMemory(server, 'RSS then');
    const answering = performance.now();
    const answers = await times(Math.min(TOUCHED, ids.length), (turn) => answer(server, ids[turn] ?? ''));
    figure('answers to 1000 of them', performance.now() - answering, 'ms');
    figure('of them accepted', answers.filter((code) => code === 200).length);
    await printMemory(server, 'RSS then');
  } finally {
    await server.stop();
  }
}

async function printMemory(server: BenchServer, name: string): Promise<void> {
  figure(name, (await server.stats('gc')).rss / MIB, 'MiB');
}

async function answer({ base }: BenchServer, id: string): Promise<number> {
  const response = await fetch(`${base}/${id}:resume`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ interactionId: 'q', response: { input: { parts: [{ text: 'yes' }] } } }),
  });
  await response.text();
  return response.status;
}

/** Writes sessions into the store of a directory; returns the ids of those of `ANYBODY` that wait, newest first. */
async function fill(directory: string, ended: number, waiting: number): Promise<readonly string[]> {
  const started = performance.now();
  const store = await openStore(directory);
  const epoch = await store.beginEpoch();
  const total = ended + waiting;
  const ids: string[] = [];
  for (let from = 0; from < total; from += BATCH_WRITES) {
    // The driver frees its statements in turns of the event loop, which would otherwise follow all at once.
    await sleep(0);
    const numbers = Array.from(
      { length: Math.min(BATCH_WRITES, total - from) },
      (_, offset) => from + offset,
    );
    await store.commit(
      epoch,
      numbers.flatMap((number) => {
        // Alternating, so that neither kind is next to its own in the database.
        const isWaiting = number < 2 * Math.min(ended, waiting) ? number % 2 === 1 : waiting > ended;
        const record = recordOf(number, Date.now() - total + number);
        if (isWaiting && record.principal === ANYBODY) ids.unshift(record.sessionId);
        return writesOf(record, isWaiting);
      }),
    );
  }
  await store.close();
  figure(`${total.toLocaleString('en')} sessions written in`, (performance.now() - started) / 1000, 's');
  return ids;
}

function recordOf(number: number, createdMs: number): SessionRecord {
  return {
    sessionId: crypto.randomUUID(),
    graphId: 'bench',
    principal: number % PRINCIPALS === 1 ? ANYBODY : `p${number % PRINCIPALS}`,
    logId: crypto.randomUUID(),
    createdMs,
  };
}

function writesOf(record: SessionRecord, isWaiting: boolean): readonly SessionWrite[] {
  const { sessionId, createdMs: ts } = record;
  const start: readonly GraphRunEvent[] = [
    { type: 'graphStart', sessionId, graph: outlineOf(GRAPH), index: 0, ts },
  ];
  const rest: readonly GraphRunEvent[] = [
    { type: 'nodeStart', nodeId: 'n', index: 1, ts },
    {
      type: 'inputRequired',
      nodeId: 'n',
      interactionId: 'q',
      suspendEvent: { textInput: { prompt: 'What next?', interactionId: 'q' } },
      index: 2,
      ts,
    },
    ...(isWaiting ? [] : [{ type: 'graphCancelled', sessionId, index: 3, ts } as const]),
  ];
  const before = applyEvents(EMPTY_SESSION, start);
  const after = applyEvents(before, rest);
  if (isTerminalStatus(after.status) === isWaiting) throw new Error(`It is ${after.status}.`);
  return [
    {
      kind: 'create',
      record,
      planJson: JSON.stringify({ graph: GRAPH, mode: 'interactive', inputs: {} }),
      events: start.map(loggedOf),
      status: before.status,
      row: toSummary(before),
    },
    {
      kind: 'append',
      record,
      expectedLastIndex: 0,
      events: rest.map(loggedOf),
      status: after.status,
      row: toSummary(after),
    },
  ];
}

function loggedOf(event: GraphRunEvent): LoggedEvent {
  const json = JSON.stringify(event);
  return { index: event.index, type: event.type, json, bytes: Buffer.byteLength(json) };
}
