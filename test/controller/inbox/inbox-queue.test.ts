import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { currentEntry, EMPTY_QUEUE } from '../../../src/controller/inbox/current-entry.js';
import {
  goToEntry,
  isDone,
  nextEntry,
  previousEntry,
  reopenSkipped,
  setEntry,
  shownEntries,
  updateQueue,
  type InboxQueue,
} from '../../../src/controller/inbox/inbox-queue.js';
import type { SessionSummary } from '../../../src/protocol/session-summary.js';

function row(sessionId: string, updatedAt: number, question = 'What?'): SessionSummary {
  return { sessionId, status: 'suspended', createdAt: 1, updatedAt, pendingInputs: 1, question };
}

const idsOf = (queue: InboxQueue) => shownEntries(queue).map(({ sessionId }) => sessionId);
const currentId = (queue: InboxQueue) => currentEntry(queue)?.sessionId;
const filled = (...rows: readonly SessionSummary[]) => updateQueue(EMPTY_QUEUE, rows);

describe('the queue of the inbox', () => {
  it('begins with the session that waits longest', () => {
    const queue = filled(row('b', 30), row('c', 10), row('a', 20));
    assert.deepEqual(idsOf(queue), ['c', 'a', 'b']);
    assert.equal(currentId(queue), 'c');
    assert.equal(nextEntry(queue)?.sessionId, 'a');
  });

  it('goes by the time of the question where the server sends it, not by later changes of the session', () => {
    const renamed = { ...row('a', 40), waitingSince: 5 };
    const queue = filled(row('b', 30), renamed, { ...row('c', 10), waitingSince: 10 });
    assert.deepEqual(idsOf(queue), ['a', 'c', 'b']);
  });

  it('takes new sessions at its end, even if they have waited longer, and keeps the current one', () => {
    const queue = updateQueue(filled(row('a', 20), row('b', 30)), [row('a', 20), row('b', 30), row('c', 1)]);
    assert.deepEqual(idsOf(queue), ['a', 'b', 'c']);
    assert.equal(currentId(queue), 'a');
  });

  it('loses sessions that were answered elsewhere, but not the current one', () => {
    const queue = updateQueue(filled(row('a', 1), row('b', 2), row('c', 3)), [row('c', 3)]);
    assert.deepEqual(idsOf(queue), ['a', 'c']);
    assert.equal(currentId(queue), 'a');
  });

  it('passes over an answered session, and comes back to one that was not reached', () => {
    const rows = [row('a', 1), row('b', 2), row('c', 3)];
    let queue = filled(...rows);
    queue = goToEntry(queue, queue.entries[2]?.key ?? 0);
    queue = setEntry(queue, queue.currentKey ?? 0, 'answered', rows[2]);
    assert.equal(currentId(queue), 'a');
    assert.equal(previousEntry(queue), undefined);
  });

  it('ends when all are answered or skipped, and goes through the skipped ones again', () => {
    const rows = [row('a', 1), row('b', 2)];
    let queue = filled(...rows);
    queue = setEntry(queue, queue.currentKey ?? 0, 'skipped');
    assert.equal(previousEntry(queue)?.sessionId, 'a');
    queue = setEntry(queue, queue.currentKey ?? 0, 'answered', rows[1]);
    assert.equal(currentId(queue), undefined);
    queue = updateQueue(queue, rows);
    assert.equal(currentId(queue), undefined, 'the row of b is still the old one');
    assert.equal(currentId(reopenSkipped(queue)), 'a');
  });

  it('takes a session again that asks anew after it was answered', () => {
    let queue = filled(row('a', 1));
    queue = setEntry(queue, queue.currentKey ?? 0, 'answered', row('a', 1));
    queue = updateQueue(queue, [row('a', 2, 'And now?')]);
    assert.deepEqual(idsOf(queue), ['a', 'a']);
    assert.equal(currentEntry(queue)?.key, queue.entries[1]?.key);
  });

  it('does not take a session again while its answer is on its way', () => {
    let queue = filled(row('a', 1));
    queue = setEntry(queue, queue.currentKey ?? 0, 'answered', row('a', 1));
    queue = updateQueue(queue, [row('a', 2)], new Set(['a']));
    assert.deepEqual(idsOf(queue), ['a']);
    assert.equal(currentId(queue), undefined);
  });

  it('goes to no session that is answered', () => {
    let queue = filled(row('a', 1), row('b', 2));
    const [first] = queue.entries;
    queue = setEntry(queue, first?.key ?? 0, 'answered', row('a', 1));
    assert.equal(currentId(goToEntry(queue, first?.key ?? 0)), 'b');
  });

  it('keeps its order, covers what waits once, and never moves the current one, whatever happens', () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    const rows = fc
      .uniqueArray(fc.record({ id: fc.constantFrom(...ids), at: fc.integer({ min: 1, max: 9 }) }), {
        selector: ({ id }) => id,
      })
      .map((list) => list.map(({ id, at }) => row(id, at)));
    const step = fc.oneof(
      fc.record({ kind: fc.constant('list' as const), rows }),
      fc.record({
        kind: fc.constantFrom('answered' as const, 'skipped' as const, 'gone' as const),
      }),
      fc.record({ kind: fc.constant('go' as const), position: fc.nat(6) }),
      fc.record({ kind: fc.constant('review' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let queue = EMPTY_QUEUE;
        let waiting: readonly SessionSummary[] = [];
        for (const taken of steps) {
          const before = queue;
          const row = waiting.find(({ sessionId }) => sessionId === currentId(queue));
          if (taken.kind === 'list') {
            waiting = taken.rows;
            queue = updateQueue(queue, waiting);
            if (before.currentKey !== undefined) assert.equal(queue.currentKey, before.currentKey);
          } else if (taken.kind === 'go') {
            queue = goToEntry(queue, queue.entries[taken.position]?.key ?? 0);
          } else if (taken.kind === 'review') queue = reopenSkipped(queue);
          else if (queue.currentKey !== undefined) {
            queue = updateQueue(setEntry(queue, queue.currentKey, taken.kind, row), waiting);
          }
          const keys = queue.entries.map(({ key }) => key);
          assert.deepEqual(
            keys,
            [...new Set(keys)].sort((a, b) => a - b),
            'in order, each key once',
          );
          const open = queue.entries.filter((entry) => !isDone(entry)).map(({ sessionId }) => sessionId);
          assert.equal(open.length, new Set(open).size, 'a session is there once');
          const known = new Set(queue.entries.map(({ sessionId }) => sessionId));
          for (const { sessionId } of waiting) assert.ok(known.has(sessionId), 'what waits is there');
          for (const entry of queue.entries) {
            const isWaiting = waiting.some(({ sessionId }) => sessionId === entry.sessionId);
            if (taken.kind === 'list' && !isDone(entry) && entry.key !== queue.currentKey)
              assert.ok(isWaiting, 'what is there waits');
          }
          const current = currentEntry(queue);
          if (queue.currentKey !== undefined) assert.ok(current !== undefined);
          if (current === undefined) {
            assert.ok(
              queue.entries.every(({ state }) => state !== 'open'),
              'it ends only when nothing is open',
            );
          } else assert.equal(current.state, 'open');
        }
      }),
    );
  });
});
