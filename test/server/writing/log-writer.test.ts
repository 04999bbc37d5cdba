import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import {
  StoreUnavailableError,
  type LoggedEvent,
  type SessionWrite,
  type WriteOutcome,
} from '../../../src/server/store/session-store.js';
import { MemoryStore } from '../../../src/server/store/memory-store.js';
import { LogWriter } from '../../../src/server/writing/log-writer.js';

const KIB = 1024;

/** A store on a disk that has room for so many bytes of events in one transaction. */
class AlmostFullStore extends MemoryStore {
  freeBytes = Number.POSITIVE_INFINITY;
  readonly transactions: (readonly string[])[] = [];

  override async commit(epoch: number, writes: readonly SessionWrite[]) {
    await this.checkEpoch(epoch);
    const appends = writes.flatMap((write) => (write.kind === 'append' ? [write] : []));
    const bytes = appends.flatMap(({ events }) => events).reduce((sum, event) => sum + event.bytes, 0);
    if (bytes > this.freeBytes) throw new StoreUnavailableError('The disk is full.');
    this.transactions.push(appends.map(({ events }) => events[0]?.json ?? ''));
    return writes.map((): WriteOutcome => ({ kind: 'written' }));
  }
}

interface Submitted {
  readonly sessionId: string;
  readonly name: string;
  readonly bytes: number;
  readonly isPatient?: boolean;
}

/** A writer on such a store, and what became of the jobs that were submitted. */
async function start(t: TestContext | undefined) {
  const store = new AlmostFullStore();
  const errors: unknown[] = [];
  const writer = new LogWriter({
    store,
    epoch: await store.beginEpoch(),
    onError: (error) => errors.push(error),
    onLost: assert.fail,
  });
  t?.after(() => writer.close());
  const submit = ({ sessionId, name, bytes, isPatient = true }: Submitted): Promise<void> => {
    const event: LoggedEvent = { index: 0, type: 'thoughtEvent', json: name, bytes };
    const record = { sessionId, graphId: 'g', principal: sessionId, logId: 'l', createdMs: 0 };
    return new Promise((resolve, reject) => {
      writer.submit({
        lane: record,
        isPatient,
        prepare: () => ({
          kind: 'append',
          record,
          expectedLastIndex: -1,
          events: [event],
          status: 'running',
        }),
        undo: () => undefined,
        committed: () => resolve(),
        unwritten: reject,
        refused: reject,
        failed: reject,
      });
    });
  };
  return { store, writer, submit, errors };
}

describe('the writer of a store that has little room', () => {
  it('does not let a large write hold up others', async (t) => {
    const { store, submit } = await start(t);
    store.freeBytes = 100 * KIB;
    const written: string[] = [];
    const large = submit({ sessionId: 'large', name: 'large', bytes: 8000 * KIB }).then(() =>
      written.push('large'),
    );
    const after = submit({ sessionId: 'large', name: 'after', bytes: 1 }).then(() => written.push('after'));
    const others = Array.from({ length: 300 }, (_, index) =>
      submit({ sessionId: `s${index % 20}`, name: `${index}`, bytes: 100, isPatient: false }),
    );
    await Promise.all(others);
    await submit({ sessionId: 'later', name: 'later', bytes: 100, isPatient: false });
    assert.deepEqual(written, [], 'the large one, and what follows it in its session, still wait');
    store.freeBytes = Number.POSITIVE_INFINITY;
    await Promise.all([large, after]);
    assert.deepEqual(written, ['large', 'after']);
    assert.ok(store.transactions.length < 200, `${store.transactions.length} transactions for 303 writes`);
  });

  it('refuses a large write for which a caller waits, and reports one that waits for long', async (t) => {
    const { store, submit, errors } = await start(t);
    store.freeBytes = 100 * KIB;
    const over = new AbortController();
    const trickle = (async () => {
      while (!over.signal.aborted)
        await submit({ sessionId: 'small', name: 'small', bytes: 1, isPatient: false });
    })();
    const patient = submit({ sessionId: 'patient', name: 'patient', bytes: 8000 * KIB });
    await assert.rejects(
      submit({ sessionId: 'large', name: 'large', bytes: 8000 * KIB, isPatient: false }),
      StoreUnavailableError,
    );
    while (errors.length === 0) await submit({ sessionId: 'small', name: 'small', bytes: 1 });
    assert.deepEqual(errors.map(String), ['StoreUnavailableError: The disk is full.']);
    store.freeBytes = Number.POSITIVE_INFINITY;
    await patient;
    over.abort();
    await trickle;
  });

  it('counts the plan of a creation, so that no transaction has many large ones', async (t) => {
    let largest = 0;
    class MeasuredStore extends MemoryStore {
      override commit(epoch: number, writes: readonly SessionWrite[]) {
        const plans = writes.map((write) => (write.kind === 'create' ? write.planJson.length : 0));
        largest = Math.max(
          largest,
          plans.reduce((sum, length) => sum + length, 0),
        );
        return super.commit(epoch, writes);
      }
    }
    const store = new MeasuredStore();
    const writer = new LogWriter({
      store,
      epoch: await store.beginEpoch(),
      onError: assert.fail,
      onLost: assert.fail,
    });
    t.after(() => writer.close());
    const create = (sessionId: string): Promise<void> => {
      const record = { sessionId, graphId: 'g', principal: 'ada', logId: 'l', createdMs: 0 };
      const row = {
        sessionId,
        status: 'running',
        createdAt: 0,
        updatedAt: 0,
        pendingInputs: 0,
        revision: 0,
      } as const;
      return new Promise((resolve, reject) => {
        writer.submit({
          lane: record,
          isPatient: false,
          prepare: () => ({
            kind: 'create',
            record,
            planJson: 'x'.repeat(800 * KIB),
            events: [],
            status: 'running',
            row,
          }),
          undo: () => undefined,
          committed: () => resolve(),
          unwritten: reject,
          refused: reject,
          failed: reject,
        });
      });
    };
    await Promise.all(Array.from({ length: 20 }, (_, index) => create(`${index}`)));
    assert.ok(largest <= 1600 * KIB, `${largest} bytes`);
  });

  it('loses nothing and keeps the order of each session, whatever has room', async () => {
    const anyJob = fc.record({ session: fc.nat(4), bytes: fc.integer({ min: 1, max: 300 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyJob, { minLength: 1, maxLength: 40 }),
        fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 4 }),
        async (jobs, room) => {
          const { store, writer, submit } = await start(undefined);
          store.freeBytes = room[0] ?? Number.POSITIVE_INFINITY;
          const written: { session: number; position: number }[] = [];
          const all = jobs.map(({ session, bytes }, position) =>
            submit({ sessionId: `${session}`, name: `${position}`, bytes }).then(() => {
              written.push({ session, position });
            }),
          );
          for (const freeBytes of room) {
            store.freeBytes = freeBytes;
            await new Promise(setImmediate);
          }
          store.freeBytes = Number.POSITIVE_INFINITY;
          await Promise.all(all);
          for (const session of new Set(jobs.map((job) => job.session))) {
            const positions = written
              .filter((job) => job.session === session)
              .map(({ position }) => position);
            assert.deepEqual(
              positions,
              [...positions].sort((a, b) => a - b),
            );
          }
          assert.equal(written.length, jobs.length);
          await writer.close();
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('a step that the store does not write although it writes others', () => {
  it('is reported to its job alone; what was decided on it is prepared again', async (t) => {
    const store = new MemoryStore();
    const writer = new LogWriter({
      store,
      epoch: await store.beginEpoch(),
      onError: assert.fail,
      onLost: assert.fail,
    });
    t.after(() => writer.close());
    const calls: string[] = [];
    const record = { sessionId: 's', graphId: 'g', principal: 'p', logId: 'l', createdMs: 0 };
    let isDraftOn = false;
    const job = (name: string, prepare: () => SessionWrite | undefined, sessionId = 's'): Promise<void> =>
      new Promise((resolve) => {
        const call = (text: string): void => {
          calls.push(`${name} ${text}`);
          resolve();
        };
        writer.submit({
          lane: { principal: 'p', sessionId },
          isPatient: false,
          prepare,
          undo: () => {
            isDraftOn = false;
          },
          committed: () => call('committed'),
          unwritten: ({ kind }) => call(kind),
          refused: (error) => call(`refused: ${String(error)}`),
          failed: (error) => call(`failed: ${String(error)}`),
        });
      });
    const event: LoggedEvent = { index: 7, type: 'thoughtEvent', json: '{}', bytes: 2 };
    await Promise.all([
      job('lost', () => {
        isDraftOn = true;
        return { kind: 'append', record, expectedLastIndex: 6, events: [event], status: 'running' };
      }),
      job('after it', () => {
        if (isDraftOn) throw new Error('It has ended.');
        return undefined;
      }),
      job(
        'other',
        () => ({
          kind: 'create',
          record: { ...record, sessionId: 'other' },
          planJson: '{}',
          events: [],
          status: 'running',
          row: { sessionId: 'other', status: 'running', createdAt: 0, updatedAt: 0, pendingInputs: 0 },
        }),
        'other',
      ),
    ]);
    assert.deepEqual(calls, ['lost deleted', 'other committed', 'after it committed']);
  });
});

it('a step that arrives while its session is read on is written, and so is everything after it', async (t) => {
  /** A log that another process has written to once. */
  class SharedStore extends MemoryStore {
    isBehind = true;

    override async commit(_epoch: number, writes: readonly SessionWrite[]) {
      const outcome: WriteOutcome = this.isBehind ? { kind: 'moved' } : { kind: 'written' };
      return writes.map(() => outcome);
    }
  }
  const store = new SharedStore();
  const writer = new LogWriter({ store, epoch: 1, onError: assert.fail, onLost: assert.fail });
  t.after(() => writer.close());
  const submit = (sessionId: string, moved?: () => Promise<undefined>): Promise<void> =>
    new Promise((resolve, reject) => {
      writer.submit({
        lane: { principal: 'ada', sessionId },
        isPatient: true,
        prepare: () => ({ kind: 'seen', ownership: { sessionId, epoch: 1 } }),
        undo: () => undefined,
        ...(moved === undefined ? {} : { moved }),
        committed: () => resolve(),
        unwritten: reject,
        refused: reject,
        failed: reject,
      });
    });
  let second: Promise<void> | undefined;
  await submit('a', async () => {
    // The writer has nothing else to do by then.
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    second = submit('a');
    store.isBehind = false;
    return undefined;
  });
  await second;
  await submit('b');
});
