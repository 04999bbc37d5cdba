import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { openStore } from '../../src/server/store/open-store.js';
import type { SessionStore } from '../../src/server/store/session-store.js';
import { ModelledServer } from '../support/modelled-server.js';
import type { NodeScript } from '../support/session-model.js';
import { storeLocation, STORES, type StoreKind } from '../support/server.js';

/** Sequences per store; `RUNS=5000` is worth an evening. */
const RUNS = Number(process.env['RUNS'] ?? 60);
/** How much longer a sequence takes over each store; it gets as many fewer of them. */
const COSTS: Readonly<Record<StoreKind, number>> = { memory: 1, sqlite: 1, postgres: 10 };
/** PostgreSQL is shared by several processes. */
const PROCESSES: Readonly<Record<StoreKind, number>> = { memory: 1, sqlite: 1, postgres: 3 };

const ids = ['a', 'b', 'c', 'd'] as const;
const scripts: fc.Arbitrary<readonly NodeScript[]> = fc
  .array(
    fc.record({
      asks: fc.constantFrom(0, 1, 1, 2),
      end: fc.constantFrom('complete', 'complete', 'complete', 'fail', 'hang'),
      edges: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
    } as const),
    { minLength: 1, maxLength: 4 },
  )
  .map((nodes) =>
    nodes.map(({ asks, end, edges }, position) => ({
      id: ids[position] ?? '',
      asks,
      end,
      after: ids.slice(0, position).filter((_, from) => edges[from] === true),
    })),
  );

/** A step of the test. Numbers choose among the sessions and questions that exist at that moment. */
const command = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('create'), scripts } as const) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('answer'),
      session: fc.nat(9),
      question: fc.nat(9),
      value: fc.nat(1),
    } as const),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('race'),
      session: fc.nat(9),
      values: fc.array(fc.nat(2), { minLength: 1, maxLength: 6 }),
      hasCancel: fc.boolean(),
    } as const),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel'), session: fc.nat(9) } as const) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete'), session: fc.nat(9) } as const) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('crash') } as const) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('join'),
      session: fc.nat(9),
      cursor: fc.nat(50),
      isVersion1: fc.boolean(),
    } as const),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut'), viewer: fc.nat(9) } as const) },
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

function pick<T>(items: readonly T[], number: number): T | undefined {
  return items[number % Math.max(1, items.length)];
}

async function perform(server: ModelledServer, step: Command): Promise<void> {
  if (step.kind === 'create') return server.create(step.scripts);
  if (step.kind === 'crash') return server.crash();
  if (step.kind === 'cut') {
    const viewer = pick(server.viewers, step.viewer);
    if (viewer !== undefined) server.cut(viewer);
    return undefined;
  }
  const session = pick(server.sessions, step.session);
  if (session === undefined) return undefined;
  switch (step.kind) {
    case 'answer': {
      const question = pick([...session.questionIds.keys()], step.question);
      return question === undefined ? undefined : server.answer(session, question, step.value);
    }
    case 'race':
      return server.race(session, step.values, step.hasCancel);
    case 'cancel':
      return server.cancel(session);
    case 'delete':
      return server.delete(session);
    case 'join':
      return server.join(session, step.cursor, step.isVersion1);
  }
}

for (const kind of STORES) {
  describe(`random commands over a ${kind} store`, () => {
    const runs = Math.ceil(RUNS / COSTS[kind]);
    it(`R1 do to the server what they do to the model (${runs} sequences)`, async () => {
      const sequence = fc.array(command, { minLength: 1, maxLength: 25, size: 'max' });
      const property = fc.asyncProperty(sequence, async (steps) => {
        const callbacks: (() => unknown)[] = [];
        const ending = { after: (callback: () => unknown) => void callbacks.push(callback) };
        const location = await storeLocation(ending, kind);
        const shared = kind === 'postgres' ? undefined : await openStore(location);
        const open = (): Promise<SessionStore> =>
          shared === undefined ? openStore(location) : Promise.resolve(shared);
        const server = await ModelledServer.start({ open, processes: PROCESSES[kind] });
        try {
          for (const step of steps) {
            await perform(server, step);
            await server.check();
          }
          await server.checkList();
        } finally {
          await server.close();
          for (const callback of callbacks) await callback();
        }
      });
      await fc.assert(property, {
        numRuns: runs,
        includeErrorInReport: true,
        // A failing sequence may wait long for something that never happens, and so may every shorter one.
        interruptAfterTimeLimit: 30_000 + RUNS * 1500,
        markInterruptAsFailure: true,
      });
    });
  });
}
