import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FairQueue, type Lane } from '../../../src/server/sessions/fair-queue.js';
import { LogWriter } from '../../../src/server/sessions/log-writer.js';
import { MemoryStore } from '../../../src/server/store/memory-store.js';

const anyLane = fc.record({
  principal: fc.constantFrom('ada', 'bob', 'eve'),
  sessionId: fc.constantFrom('1', '2', '3'),
});
/** A lane to push to, or a number of items to take. */
const anyStep = fc.oneof({ weight: 3, arbitrary: anyLane }, { weight: 1, arbitrary: fc.nat(6) });

describe('a queue for many owners', () => {
  it('loses nothing, keeps the order of each session, and passes over no owner', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 80 }), (steps) => {
        const queue = new FairQueue<readonly [Lane, number]>();
        let waiting: (readonly [Lane, number])[] = [];
        let pushed = 0;
        const take = (count: number): void => {
          const owners = new Set(waiting.map(([{ principal }]) => principal));
          const taken = queue.take(count);
          assert.equal(taken.length, Math.min(count, waiting.length));
          const served = new Set(taken.map(([{ principal }]) => principal));
          assert.ok(served.size >= Math.min(owners.size, count), 'each owner has a turn');
          for (const item of taken) {
            const [{ principal, sessionId }] = item;
            const first = waiting.find(
              ([lane]) => lane.principal === principal && lane.sessionId === sessionId,
            );
            assert.equal(item, first);
            waiting = waiting.filter((other) => other !== item);
          }
          assert.equal(queue.size, waiting.length);
        };
        for (const step of steps) {
          if (typeof step === 'number') {
            take(step);
          } else {
            const item = [step, (pushed += 1)] as const;
            waiting.push(item);
            queue.push(step, item);
          }
        }
        take(waiting.length + 1);
      }),
    );
  });

  it('lets a flood of one owner, or of one session, hold up the write of another by one transaction at most', async () => {
    const store = new MemoryStore();
    const epoch = await store.beginEpoch();
    const ignore = (): void => undefined;
    const writer = new LogWriter({ store, epoch, onError: ignore, onLost: ignore });
    const committed: string[] = [];
    const submit = (principal: string, sessionId: string): void =>
      writer.submit({
        lane: { principal, sessionId },
        isPatient: false,
        prepare: () => undefined,
        undo: ignore,
        committed: () => committed.push(`${principal} ${sessionId}`),
        refused: assert.fail,
        failed: assert.fail,
      });
    for (let count = 0; count < 5000; count += 1) submit('flood', `${count % 40}`);
    submit('flood', 'other session');
    submit('ada', '1');
    await writer.close();
    assert.equal(committed.length, 5002);
    assert.ok(committed.indexOf('ada 1') < 128, `${committed.indexOf('ada 1')} writes before`);
    assert.ok(committed.indexOf('flood other session') < 128);
  });
});
