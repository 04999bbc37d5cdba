import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { createSessions } from '../../src/actions/create-sessions.js';
import { UndoableCalls } from '../../src/actions/undoable-calls.js';
import { SCENARIO_GRAPHS } from '../../src/conformance/scenarios.js';
import { timeLeftMs, type Countdown } from '../../src/controller/countdown.js';
import { exampleHandlers, createGraphRunner } from '../../src/runner/index.js';
import { MemoryGraphRunService } from '../../src/service/memory/memory-graph-run-service.js';
import { untilSignal } from '../support/signals.js';

const UNDO_MS = 5000;

/** Calls that only record that they were carried out; the test decides when they end. */
function recording(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const shown = new Map<number, Countdown & { readonly name: string }>();
  const carriedOut: string[] = [];
  const left: string[] = [];
  const ends: (() => void)[] = [];
  const calls = new UndoableCalls<{ readonly name: string }>({
    undoMs: UNDO_MS,
    show: (call) => void shown.set(call.id, call),
    carryOut({ id, name }, leaving) {
      shown.delete(id);
      carriedOut.push(name);
      if (leaving.aborted) left.push(name);
      else leaving.addEventListener('abort', () => left.push(name));
      return new Promise((resolve) => ends.push(resolve));
    },
  });
  const idOf = (name: string) => [...shown].find(([, call]) => call.name === name)?.[0] ?? -1;
  return { calls, shown, carriedOut, left, ends, idOf };
}

describe('calls that can be undone', () => {
  it('are carried out when they can no longer be undone, and not before', (t) => {
    const { calls, carriedOut } = recording(t);
    calls.add({ name: 'a' });
    t.mock.timers.tick(UNDO_MS - 1);
    assert.deepEqual(carriedOut, []);
    t.mock.timers.tick(1);
    assert.deepEqual(carriedOut, ['a']);
  });

  it('are not carried out once they are undone', (t) => {
    const { calls, carriedOut, idOf } = recording(t);
    calls.add({ name: 'a' });
    assert.equal(calls.undo(idOf('a'))?.name, 'a');
    t.mock.timers.tick(2 * UNDO_MS);
    calls.flush();
    assert.deepEqual(carriedOut, []);
    assert.equal(calls.undo(1), undefined);
  });

  it('wait while they are held, and have the time left that they had before', (t) => {
    const { calls, carriedOut, shown, idOf } = recording(t);
    calls.add({ name: 'a' });
    t.mock.timers.tick(3000);
    calls.hold(true);
    t.mock.timers.tick(60_000);
    assert.deepEqual(carriedOut, []);
    const countdown = shown.get(idOf('a'));
    assert.equal(countdown && timeLeftMs(countdown, Date.now()), 2000);
    calls.hold(false);
    t.mock.timers.tick(1999);
    assert.deepEqual(carriedOut, []);
    t.mock.timers.tick(1);
    assert.deepEqual(carriedOut, ['a']);
  });

  it('that are added while others are held wait with them', (t) => {
    const { calls, carriedOut, idOf } = recording(t);
    calls.add({ name: 'a' });
    calls.hold(true);
    calls.add({ name: 'b' });
    t.mock.timers.tick(2 * UNDO_MS);
    assert.deepEqual(carriedOut, []);
    assert.equal(calls.undo(idOf('a'))?.name, 'a');
    calls.hold(false);
    t.mock.timers.tick(UNDO_MS);
    assert.deepEqual(carriedOut, ['b']);
  });

  it('are carried out at once by a flush, even while they are held', (t) => {
    const { calls, carriedOut } = recording(t);
    calls.add({ name: 'a' });
    calls.hold(true);
    calls.flush();
    assert.deepEqual(carriedOut, ['a']);
  });

  it('learn that the page is left, those under way too', async (t) => {
    const page = new EventTarget();
    for (const name of ['addEventListener', 'removeEventListener'] as const) {
      Object.defineProperty(globalThis, name, { value: page[name].bind(page), configurable: true });
      t.after(() => Reflect.deleteProperty(globalThis, name));
    }
    const { calls, carriedOut, left, ends } = recording(t);
    calls.add({ name: 'a' });
    calls.flush();
    calls.add({ name: 'b' });
    calls.hold(true);
    page.dispatchEvent(new Event('pagehide'));
    assert.deepEqual(carriedOut, ['a', 'b']);
    assert.deepEqual(left, ['a', 'b']);
    for (const end of ends) end();
    await Promise.resolve();
    page.dispatchEvent(new Event('pagehide'));
    assert.deepEqual(carriedOut, ['a', 'b']);
  });
});

describe('deletions that can be undone', () => {
  it('are sent at once when the panel switches to another graph', async (t) => {
    const service = new MemoryGraphRunService({ runner: createGraphRunner({ handlers: exampleHandlers }) });
    const { actions, history } = createSessions(service);
    t.after(() => actions.dispose());
    actions.monitor('g');
    const sessionId = await actions.start({ graphId: 'g', graph: SCENARIO_GRAPHS.question });
    await actions.cancel(sessionId);
    actions.deleteLater([sessionId]);
    actions.monitor('other');
    actions.monitor('g');
    await untilSignal(
      () => history.isLoaded,
      (isLoaded) => isLoaded,
    );
    assert.deepEqual(history.sessionIds, []);
  });

  it('wait while they are held, and return to the list when they are undone', async (t) => {
    const service = new MemoryGraphRunService({ runner: createGraphRunner({ handlers: exampleHandlers }) });
    const { actions, history } = createSessions(service);
    t.after(() => actions.dispose());
    actions.monitor('g');
    const sessionId = await actions.start({ graphId: 'g', graph: SCENARIO_GRAPHS.question });
    actions.deleteLater([sessionId]);
    actions.holdDeletions?.(true);
    assert.equal(history.deletions.length, 1);
    assert.notEqual(history.deletions[0]?.pausedMs, undefined);
    actions.undoDelete(history.deletions[0]?.id ?? -1);
    assert.deepEqual([history.deletions, history.sessionIds], [[], [sessionId]]);
  });
});
