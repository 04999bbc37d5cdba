import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RunController } from '../../../src/controller/run/run-controller.js';
import { TargetPlace, type Target } from '../../../src/elements/session/target-place.js';
import type { GraphRunEvent } from '../../../src/protocol/events.js';

const NOTHING: Target = { nodeId: undefined, eventIndex: undefined, moment: undefined };

/** A session with so many events, of which a page keeps the newest 200,000 or so. */
function runOf(count: number): RunController {
  const run = new RunController();
  run.open('s');
  run.apply([{ kind: 'start', replayTotal: count }]);
  for (let start = 0; start < count; start += 5000) {
    const size = Math.min(5000, count - start);
    const events = Array.from({ length: size }, (_, at): GraphRunEvent => ({
      type: 'thoughtEvent',
      nodeId: 'n',
      text: '',
      index: start + at,
    }));
    run.apply(events.map((event) => ({ kind: 'event', event }) as const));
  }
  run.apply([{ kind: 'replayComplete' }, { kind: 'connection', connection: { phase: 'live', attempt: 0 } }]);
  return run;
}

function stateOf(run: RunController, target: Partial<Target>) {
  const place = new TargetPlace();
  place.set({ ...NOTHING, ...target });
  return target.moment === undefined ? place.take(run) : place.takeMoment(run);
}

describe('an event or a moment that a link names', () => {
  it('is there, or there is no such event in the session', () => {
    const run = runOf(10);
    assert.deepEqual(stateOf(run, { moment: 9 }), { kind: 'moment', index: 9 });
    assert.deepEqual(stateOf(run, { eventIndex: 0 }), { kind: 'event', index: 0 });
    for (const index of [-1, 10, 1.5, Number.NaN]) {
      assert.deepEqual(stateOf(run, { moment: index }), { kind: 'no-event', index });
      assert.deepEqual(stateOf(run, { eventIndex: index }), { kind: 'no-event', index });
    }
  });

  it('beyond what is kept of a very long log is named as such, and the earliest moment is shown for it', () => {
    const run = runOf(225_000);
    const first = run.firstPosition ?? 0;
    assert.ok(run.events.dropped > 0 && first >= run.events.dropped);
    assert.deepEqual(stateOf(run, { moment: 5 }), { kind: 'moment-not-kept', index: 5, first });
    assert.deepEqual(stateOf(run, { moment: first }), { kind: 'moment', index: first });
    assert.deepEqual(stateOf(run, { eventIndex: 5 }), { kind: 'event-not-kept', index: 5 });
    assert.deepEqual(stateOf(run, { eventIndex: 225_000 }), { kind: 'no-event', index: 225_000 });
    const kept = run.events.dropped;
    assert.deepEqual(stateOf(run, { eventIndex: kept }), { kind: 'event', index: kept });
  });
});
