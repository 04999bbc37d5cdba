import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { openStore } from '../../../../src/server/store/open-store.js';
import type {
  LoggedEvent,
  SessionRecord,
  SessionStore,
  SessionWrite,
} from '../../../../src/server/store/session-store.js';
import { HAS_POSTGRES, storeDatabase } from '../../../support/postgres.js';
import { ONE_NODE } from '../../../support/puppet-runner.js';

/** Commits of appends that are compared; `RUNS=1000` takes minutes. */
const RUNS = Number(process.env['RUNS'] ?? 15);
const PLAN = JSON.stringify({ graph: ONE_NODE, mode: 'interactive', inputs: {} });
/** Two lists, and one session of each that is deleted. */
const IDS = ['a1', 'a2', 'a3', 'b1', 'b2'] as const;
const DELETED = new Set(['a3', 'b2']);

function record(sessionId: string): SessionRecord {
  const graphId = sessionId.slice(0, 1);
  return { sessionId, graphId, principal: 'p', logId: sessionId, createdMs: 1000 };
}

function event(index: number, text: string): LoggedEvent {
  const json = JSON.stringify({ type: 'thoughtEvent', nodeId: 'n', text, index });
  return { index, type: 'thoughtEvent', json, bytes: Buffer.byteLength(json) };
}

const step = fc.record({
  sessionId: fc.constantFrom(...IDS),
  /** Events that the step adds. */
  count: fc.integer({ min: 1, max: 3 }),
  hasRow: fc.boolean(),
  /** Most of them expect what the log has. */
  offset: fc.constantFrom(0, 0, 0, 0, 0, -1, 1),
  epoch: fc.constantFrom(undefined, 1, 1, 2),
  text: fc.string({ unit: 'binary', maxLength: 5 }),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** The writes of a commit, after logs that end at these indexes; what is expected of the logs within it is in them. */
function writesOf(steps: readonly Step[], ends: Map<string, number>): readonly SessionWrite[] {
  return steps.map(({ sessionId, count, hasRow, offset, epoch, text }, position) => {
    const expectedLastIndex = Math.max(0, (ends.get(sessionId) ?? 0) + offset);
    const events = Array.from({ length: count }, (_, add) => event(expectedLastIndex + 1 + add, text));
    ends.set(sessionId, expectedLastIndex + count);
    const updatedAt = 2 + position;
    const row = { sessionId, status: 'running', createdAt: 1, updatedAt, pendingInputs: 0 } as const;
    return {
      kind: 'append',
      record: record(sessionId),
      expectedLastIndex,
      events,
      status: 'running',
      ...(hasRow ? { row } : {}),
      ...(epoch === undefined ? {} : { ownership: { sessionId, epoch } }),
    };
  });
}

async function prepared(store: SessionStore): Promise<number> {
  const epoch = await store.beginEpoch();
  const creations = IDS.map((sessionId): SessionWrite => {
    const row = { sessionId, status: 'running', createdAt: 1, updatedAt: 1, pendingInputs: 0 } as const;
    const common = { record: record(sessionId), status: 'running', row } as const;
    return { kind: 'create', ...common, planJson: PLAN, events: [event(0, '')] };
  });
  await store.commit(epoch, creations);
  await store.commit(
    epoch,
    [...DELETED].map((sessionId) => ({ kind: 'delete', record: record(sessionId), deletedMs: 2000 })),
  );
  return epoch;
}

describe('a commit of appends', { skip: !HAS_POSTGRES }, () => {
  it('has the outcomes, revisions and logs that it has in memory', async () => {
    const commits = fc.array(fc.array(step, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 4 });
    const property = fc.asyncProperty(commits, async (batches) => {
      const callbacks: (() => unknown)[] = [];
      const ending = { after: (callback: () => unknown) => void callbacks.push(callback) };
      const seen = await Promise.all(
        [await openStore('memory'), await openStore(await storeDatabase(ending))].map(async (store) => {
          const epoch = await prepared(store);
          const results: unknown[] = [];
          for (const steps of batches) {
            const ends = new Map<string, number>();
            for (const sessionId of IDS) {
              ends.set(sessionId, (await store.find(sessionId))?.lastIndex ?? 0);
            }
            results.push(await store.commit(epoch, writesOf(steps, ends)));
          }
          for (const graphId of ['a', 'b']) results.push(await store.list('p', graphId, 10));
          for (const sessionId of IDS) {
            const limits = { through: 1e9, maxEvents: 1000, maxBytes: 1e9 };
            results.push(await store.find(sessionId), await store.readEvents(sessionId, -1, limits));
          }
          await store.close();
          return results;
        }),
      );
      for (const callback of callbacks) await callback();
      assert.deepEqual(seen[1], seen[0]);
    });
    await fc.assert(property, { numRuns: RUNS, includeErrorInReport: true });
  });
});
