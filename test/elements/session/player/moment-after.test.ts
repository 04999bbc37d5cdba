import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { RunController } from '../../../../src/controller/run/run-controller.js';
import { momentAfter } from '../../../../src/elements/session/player/moment-after.js';
import type { GraphRunEventBody } from '../../../../src/protocol/events.js';

const BODIES: readonly GraphRunEventBody[] = [
  { type: 'nodeStart', nodeId: 'a' },
  { type: 'thoughtEvent', nodeId: 'a', text: 'x' },
  { type: 'agentEvent', nodeId: 'a', event: { content: {} } },
  { type: 'inputRequired', nodeId: 'a', interactionId: 'i', suspendEvent: { waitForInput: {} } },
  { type: 'nodeEnd', nodeId: 'a' },
];

function runOf(bodies: readonly GraphRunEventBody[]): RunController {
  const run = new RunController();
  run.open('s');
  run.apply(bodies.map((body, index) => ({ kind: 'event', event: { ...body, index, ts: index } })));
  return run;
}

describe('a step', () => {
  it('leads to the nearest event that a person would name, a single one to the nearest of all', () => {
    const run = runOf([0, 1, 1, 3, 1, 1].map((at) => BODIES[at]!));
    assert.equal(momentAfter(run, -1, false), 3);
    assert.equal(momentAfter(run, -1, true), 4);
    run.seek(3);
    assert.equal(momentAfter(run, -1, false), 0);
    assert.equal(momentAfter(run, 1, false), undefined);
    assert.equal(momentAfter(run, 1, true), 4);
    run.seek(0);
    assert.equal(momentAfter(run, -1, false), 0);
    assert.equal(momentAfter(run, 1, false), 3);
  });

  it('backwards and forwards visits the same moments, and gets to both ends', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...BODIES), { minLength: 1, maxLength: 40 }),
        fc.boolean(),
        (bodies, isSingle) => {
          const walk = (run: RunController, by: -1 | 1) => {
            const visited: number[] = [];
            for (let next = momentAfter(run, by, isSingle); next !== undefined;) {
              if (next === run.position) break;
              visited.push(next);
              run.seek(next);
              next = momentAfter(run, by, isSingle);
            }
            return visited;
          };
          const run = runOf(bodies);
          const back = walk(run, -1);
          const on = walk(run, 1);
          assert.deepEqual([...back].reverse().slice(1), on);
        },
      ),
    );
  });
});
