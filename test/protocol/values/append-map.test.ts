import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import * as fc from 'fast-check';
import { AppendMap } from '../../../src/protocol/values/append-map.js';
import type { GraphRunEvent } from '../../../src/protocol/events.js';
import { EMPTY_SESSION } from '../../../src/protocol/empty-session.js';
import { applyEvent } from '../../../src/protocol/session-state.js';

const steps = fc.array(fc.record({ from: fc.nat(20), key: fc.constantFrom('a', 'b', 'c', '__proto__') }));

describe('a map that only grows', () => {
  it('never changes, whatever is added to it and to other versions of it', () => {
    fc.assert(
      fc.property(steps, (added) => {
        const versions = [
          { map: AppendMap.from(new Map<string, number>()), model: new Map<string, number>() },
        ];
        for (const [value, { from, key }] of added.entries()) {
          const base = versions[from % versions.length];
          assert.ok(base !== undefined);
          const model = new Map(base.model);
          if (!model.has(key)) model.set(key, value);
          versions.push({ map: base.map.with(key, value), model });
        }
        for (const { map, model } of versions) {
          assert.deepEqual([...map], [...model]);
          assert.deepEqual(new Map(map), model);
          assert.equal(map.size, model.size);
          assert.deepEqual([...map.keys()], [...model.keys()]);
          assert.deepEqual([...map.values()], [...model.values()]);
          for (const key of ['a', 'b', 'c', '__proto__', 'other']) {
            assert.equal(map.get(key), model.get(key));
            assert.equal(map.has(key), model.has(key));
          }
          const seen: unknown[] = [];
          map.forEach((value, key, self) => seen.push([key, value, self === map]));
          assert.deepEqual(
            seen,
            [...model].map(([key, value]) => [key, value, true]),
          );
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** Counts the entries that `work` adds to any map: copying a map of n entries counts n. */
function countSets(t: TestContext, work: () => void): number {
  const { mock } = t.mock.method(Map.prototype, 'set');
  work();
  const count = mock.callCount();
  mock.restore();
  return count;
}

/** A session whose only node asks and gets an answer, `times` times; one event at a time. */
function askAndAnswer(times: number): void {
  let state = EMPTY_SESSION;
  const apply = (event: GraphRunEvent) => {
    state = applyEvent(state, event);
  };
  apply({ type: 'graphStart', sessionId: 's', index: 0 });
  for (let time = 0; time < times; time += 1) {
    const question = { nodeId: 'n', interactionId: `i${time}` };
    apply({ type: 'inputRequired', ...question, suspendEvent: {}, index: 2 * time + 1 });
    apply({ type: 'inputResolved', ...question, by: 'response', response: {}, index: 2 * time + 2 });
  }
  assert.equal(state.resolved.size, times);
}

describe('the fold of a session', () => {
  it('costs for each answered question the same, however many there were before', (t) => {
    const few = countSets(t, () => askAndAnswer(500));
    const many = countSets(t, () => askAndAnswer(2000));
    assert.ok(many <= 4.1 * few, `${few} for 500, ${many} for 2000`);
  });
});
