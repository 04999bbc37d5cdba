import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { DelayedDeletions, UNDO_MS } from '../../src/actions/delayed-deletions.js';
import { createSessions } from '../../src/actions/create-sessions.js';
import { SCENARIO_GRAPHS } from '../../src/conformance/scenarios.js';
import { SessionHistoryController } from '../../src/controller/session-history-controller.js';
import { exampleHandlers, createGraphRunner } from '../../src/runner/index.js';
import { MemoryGraphRunService } from '../../src/service/memory/memory-graph-run-service.js';
import { untilSignal } from '../support/signals.js';

/** Deletions in a list of `count` sessions; the test decides when the server responds. */
function listed(t: TestContext, count: number) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const history = new SessionHistoryController();
  history.setGraph('g');
  const ids = Array.from({ length: count }, (_, index) => `s${index}`);
  const sessions = ids.map((sessionId) => {
    return { sessionId, status: 'completed', createdAt: 1, updatedAt: 1, pendingInputs: 0 } as const;
  });
  for (const session of sessions) history.add(session);
  const waiting: (() => void)[] = [];
  const erased: string[] = [];
  const deletions = new DelayedDeletions(history, (sessionIds) => {
    erased.push(...sessionIds);
    return new Promise((resolve) => waiting.push(resolve));
  });
  return { history, ids, sessions, deletions, erased };
}

describe('deletions that can be undone', () => {
  it('are sent when they can no longer be undone, and not before', (t) => {
    const { deletions, ids, sessions, erased, history } = listed(t, 2);
    deletions.add(sessions, undefined);
    assert.deepEqual(history.sessionIds, []);
    t.mock.timers.tick(UNDO_MS - 1);
    assert.deepEqual(erased, []);
    t.mock.timers.tick(1);
    assert.deepEqual(erased, ids);
  });

  it('are not sent once they are undone', (t) => {
    const { deletions, sessions, erased, history } = listed(t, 2);
    deletions.add(sessions, 's1');
    assert.equal(deletions.undo(history.deletions[0]?.id ?? -1), 's1');
    t.mock.timers.tick(2 * UNDO_MS);
    deletions.flush();
    assert.deepEqual(erased, []);
    assert.equal(history.sessionIds.length, 2);
  });

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
});
