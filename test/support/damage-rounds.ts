/*
 * Reads a database again and again, each time with other random bytes of its file changed. Runs in a process of
 * its own, because a driver can end it: node --import tsx damage-rounds.ts <directory> <rounds> <seed>
 */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../src/server/store/open-store.js';
import type { SessionRecord, SessionStore } from '../../src/server/store/session-store.js';

const ALL = { through: Number.MAX_SAFE_INTEGER, maxEvents: 1000, maxBytes: 1_000_000 };
/** The header of the file: another one is not a database, which is refused at once. */
const HEADER_BYTES = 100;

interface Outcomes {
  opened: number;
  done: number;
  failed: number;
  reported: number;
}

/** A generator of numbers from 0 to 1 that gives the same ones for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7f_ff_ff_ff;
    return state / 0x7f_ff_ff_ff;
  };
}

async function logsOf(store: SessionStore, ids: readonly string[]): Promise<Map<string, readonly string[]>> {
  const logs = new Map<string, readonly string[]>();
  for (const id of ids)
    logs.set(
      id,
      (await store.readEvents(id, -1, ALL)).map(({ json }) => json),
    );
  return logs;
}

/** Makes every call of a store; each may fail, for itself. */
async function useAll(
  store: SessionStore,
  logs: ReadonlyMap<string, readonly string[]>,
  outcomes: Outcomes,
): Promise<void> {
  const attempt = async <Result>(call: () => Promise<Result>): Promise<Result | undefined> => {
    try {
      const result = await call();
      outcomes.done += 1;
      return result;
    } catch {
      outcomes.failed += 1;
      return undefined;
    }
  };
  for (const [id, log] of logs) {
    await attempt(() => store.find(id));
    await attempt(() => store.readPlan(id));
    await attempt(() => store.readRow(id));
    const events = (await attempt(() => store.readEvents(id, -1, ALL))) ?? [];
    for (const { json, index } of events) assert.equal(json, log[index], `event ${index} of ${id}`);
  }
  await attempt(() => store.list('p', 'g', 100));
  await attempt(() => store.findReceipt('p', 'key'));
  await attempt(() => store.findUnfinished('running', 100));
  await attempt(() => store.countUnfinished());
  await attempt(() => store.findSurplus('p', 'g', 0));
  await attempt(() => store.findEndedBefore(Date.now()));
  await attempt(() => store.findUnerased(Infinity));
  const epoch = await attempt(() => store.beginEpoch());
  if (epoch === undefined) return;
  await attempt(() => store.checkEpoch(epoch));
  const record: SessionRecord = {
    sessionId: 'new',
    graphId: 'g',
    principal: 'p',
    logId: 'l',
    createdMs: 1,
  };
  const row = { sessionId: 'new', status: 'running', createdAt: 1, updatedAt: 1, pendingInputs: 0 };
  const plan = { graph: { nodes: [] }, mode: 'interactive', inputs: {} } as const;
  const common = { record, status: 'running', row } as const;
  await attempt(() =>
    store.commit(epoch, [{ kind: 'create', ...common, planJson: JSON.stringify(plan), events: [] }]),
  );
  await attempt(() => store.commit(epoch, [{ kind: 'delete', record, deletedMs: 1 }]));
  await attempt(() => store.expire({ tombstonesBeforeMs: 2, receiptsBeforeMs: 2 }));
}

const [directory = '', rounds = '1', seed = '1'] = process.argv.slice(2);
const random = randomFrom(Number(seed));
const file = await readFile(join(directory, 'sessions.db'));
const intact = await openStore(directory);
const ids = (await intact.list('p', 'g', 100)).rows.map(({ summary }) => summary.sessionId);
const logs = await logsOf(intact, ids);
await intact.close();
assert.ok(ids.length > 0);
const outcomes: Outcomes = { opened: 0, done: 0, failed: 0, reported: 0 };
for (let round = 0; round < Number(rounds); round += 1) {
  const damaged = Buffer.from(file);
  for (let count = 1 + Math.floor(random() * (round % 2 === 0 ? 3 : 200)); count > 0; count -= 1) {
    const at = HEADER_BYTES + Math.floor(random() * (file.length - HEADER_BYTES));
    damaged[at] = Math.floor(random() * 256);
  }
  const copy = await mkdtemp(join(tmpdir(), 'graph-sessions-'));
  await writeFile(join(copy, 'sessions.db'), damaged);
  try {
    const store = await openStore(copy, { onError: () => (outcomes.reported += 1) });
    outcomes.opened += 1;
    await useAll(store, logs, outcomes);
    await store.close();
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
  } finally {
    await rm(copy, { recursive: true });
  }
}
console.log(JSON.stringify(outcomes));
