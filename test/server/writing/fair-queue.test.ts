import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FairQueue, type Lane } from '../../../src/server/writing/fair-queue.js';
import { LogWriter } from '../../../src/server/writing/log-writer.js';
import { createGraphSessionsHandler } from '../../../src/server/http/handler.js';
import { MemoryStore } from '../../../src/server/store/memory-store.js';
import type { SessionWrite } from '../../../src/server/store/session-store.js';
import { ONE_NODE, PuppetRunner, thought } from '../../support/puppet-runner.js';

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

  it('serves a session that was held twice when it is released twice, what was put back first', () => {
    const queue = new FairQueue<string>();
    const lane = { principal: 'ada', sessionId: '1' };
    const other = { principal: 'ada', sessionId: '2' };
    queue.push(lane, 'second');
    queue.hold('1');
    queue.hold('1');
    queue.push(lane, 'third');
    queue.putBack(lane, 'first');
    queue.push(other, 'other');
    assert.deepEqual([queue.size, queue.take(9)], [1, ['other']]);
    queue.release('1');
    assert.deepEqual(queue.take(9), []);
    queue.release('1');
    queue.release('1');
    assert.deepEqual(queue.take(9), ['first', 'second', 'third']);
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
        unwritten: () => assert.fail(),
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

  it('has no transaction of many large events', async () => {
    let largest = 0;
    class MeasuredStore extends MemoryStore {
      override commit(epoch: number, writes: readonly SessionWrite[]) {
        const events = writes.flatMap((write) => (write.kind === 'append' ? write.events : []));
        largest = Math.max(
          largest,
          events.reduce((sum, { bytes }) => sum + bytes, 0),
        );
        return super.commit(epoch, writes);
      }
    }
    const runner = new PuppetRunner();
    const handler = createGraphSessionsHandler({ store: new MeasuredStore(), runner });
    const body = JSON.stringify({ graphId: 'g', graph: ONE_NODE });
    const headers = { 'Content-Type': 'application/json' };
    const url = 'http://localhost/v1beta1/graphSessions/new';
    const created = await handler.handle(new Request(url, { method: 'POST', body, headers }));
    const { sessionId } = (await created.json()) as { readonly sessionId: string };
    const event = thought('x'.repeat(300_000));
    await Promise.all(Array.from({ length: 60 }, () => runner.append(sessionId, event)));
    await handler.drain();
    assert.ok(largest > 300_000 && largest < 1_500_000, `${largest} bytes`);
  });
});
