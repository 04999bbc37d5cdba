import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { assertUnharmed, ClusterLoad } from './cluster-load.js';
import { ClusterProcess, SHORT } from './cluster-process.js';
import { query } from './postgres.js';
import { startRoundRobin } from './round-robin.js';

/** A rolling restart. */
export interface RollingRestart {
  readonly store: string;
  /** How many processes serve at the same time. */
  readonly processes: number;
  /** How often each of them is replaced. */
  readonly rounds: number;
  /** How many people use them meanwhile, each without a pause. */
  readonly people: number;
  /** The script of the version that the processes have at first, see `ClusterProcess.start`; default: the same. */
  readonly oldScript?: string;
  /** Called when the first process was replaced. */
  readonly onFirstReplaced?: () => Promise<void>;
}

/**
 * Replaces all processes, one after the other, while people use them through a proxy that knows nothing of it: the next one
 * joins, then the old one ends in order. Asserts that none of them notices. Resolves with the number of sessions.
 */
export async function restartInTurns(
  t: TestContext,
  { store, processes, rounds, people, oldScript, onFirstReplaced }: RollingRestart,
): Promise<number> {
  const proxy = await startRoundRobin([]);
  t.after(() => proxy.close());
  let started = 0;
  const start = async (script?: string): Promise<ClusterProcess> => {
    started += 1;
    const limits = { ...SHORT.limits, handoverMs: 20_000, drainDelayMs: 200 };
    // With the lease of a real server: on a busy machine, a short one would make processes look dead.
    const process = await ClusterProcess.start(store, `P${started}`, { limits }, script);
    t.after(() => process.kill());
    proxy.add(process.url);
    return process;
  };
  let members = await Promise.all(Array.from({ length: processes }, () => start(oldScript)));
  const load = await ClusterLoad.start(t, `${proxy.url}/v1beta1/graphSessions`, people);
  // These wait for an answer all the time.
  const waiting = await Promise.all(Array.from({ length: people }, () => load.create()));
  await Promise.all(waiting.map((id) => load.follow(id, { untilQuestion: true })));
  for (let turn = 0; turn < rounds * processes; turn += 1) {
    const [old, ...others] = members;
    assert.ok(old !== undefined);
    members = [...others, await start()];
    assert.deepEqual(await old.close(), [], 'errors of a process that was replaced');
    proxy.remove(old.url);
    if (turn === 0) await onFirstReplaced?.();
  }
  const answered = waiting.map(async (sessionId) => ({
    sessionId,
    readers: [await load.follow(sessionId, { answers: true })],
  }));
  const sessions = [...(await load.stop()), ...(await Promise.all(answered))];
  for (const session of sessions) assertUnharmed(session);
  for (const member of members) assert.deepEqual(await member.errors(), []);
  const left = await query(
    store,
    `select (select count(*)::int from graph_sessions.processes) as processes,
       (select count(*)::int from graph_sessions.counters where name like 'process %') as slots,
       (select count(*)::int from graph_sessions.sessions where is_ended = 0) as unfinished`,
  );
  assert.deepEqual(left, [{ processes, slots: processes, unfinished: 0 }]);
  return sessions.length;
}
