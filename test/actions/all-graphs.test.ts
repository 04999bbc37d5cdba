import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { createSessions, type Sessions } from '../../src/actions/create-sessions.js';
import { SCENARIO_GRAPHS } from '../../src/conformance/scenarios.js';
import { memoryDraftStore } from '../../src/controller/draft-store.js';
import { ALL_GRAPHS } from '../../src/protocol/all-graphs.js';
import { createGraphRunner, exampleHandlers } from '../../src/runner/index.js';
import type { GraphRunService } from '../../src/service/graph-run-service.js';
import { MemoryGraphRunService } from '../../src/service/memory/memory-graph-run-service.js';
import { eventually } from '../support/watch.js';

function memoryService(): MemoryGraphRunService {
  return new MemoryGraphRunService({ runner: createGraphRunner({ handlers: exampleHandlers }) });
}

function monitored(t: TestContext, service: GraphRunService): Sessions {
  const sessions = createSessions(service, { drafts: memoryDraftStore() });
  t.after(() => sessions.actions.dispose());
  sessions.actions.monitor(ALL_GRAPHS);
  return sessions;
}

describe('the actions on a list of all graphs', () => {
  it('start a run of the graph that the request names, and list it with that graph', async (t) => {
    const { actions, history, run } = monitored(t, memoryService());
    const first = await actions.start({ graphId: 'haiku', graph: SCENARIO_GRAPHS.question });
    assert.deepEqual([run.sessionId, history.getSession(first)?.graphId], [first, 'haiku']);
    const second = await actions.start({ graphId: 'essay', graph: SCENARIO_GRAPHS.plain });
    await eventually(() => history.getSession(second)?.status === 'completed');
    await eventually(() => history.needsInputCount === 1);
    assert.deepEqual(
      history.sessionIds.map((id) => history.getSession(id)?.graphId),
      ['essay', 'haiku'],
    );
  });

  it('start nothing without a graph, and say that one is needed', async (t) => {
    const service = memoryService();
    const { actions, history } = monitored(t, service);
    const request = { graphId: ALL_GRAPHS, graph: SCENARIO_GRAPHS.plain };
    await assert.rejects(actions.start(request), { code: 'missing-graph-id', message: /a run needs one/ });
    await assert.rejects(service.createSession(request), { code: 'invalid-request' });
    await eventually(() => history.isLoaded);
    assert.deepEqual(history.sessionIds, []);
  });

  it('run a session again in its own graph', async (t) => {
    const service = memoryService();
    const { actions, history } = monitored(t, service);
    const first = await actions.start({ graphId: 'haiku', graph: SCENARIO_GRAPHS.plain });
    await eventually(() => history.getSession(first)?.status === 'completed');
    const again = await actions.rerun(first);
    assert.equal(history.getSession(again)?.graphId, 'haiku');
    await eventually(() => history.getSession(again)?.rerunOf?.sessionId === first);
    const own = createSessions(service, { drafts: memoryDraftStore() });
    t.after(() => own.actions.dispose());
    own.actions.monitor('haiku');
    await eventually(() => own.history.sessionIds.length === 2);
    assert.equal(own.history.getSession(again)?.graphId, undefined);
  });

  it('delete, rename and cancel the session of any graph', async (t) => {
    const { actions, history } = monitored(t, memoryService());
    const [a, b] = [
      await actions.start({ graphId: 'haiku', graph: SCENARIO_GRAPHS.question }),
      await actions.start({ graphId: 'essay', graph: SCENARIO_GRAPHS.slow }),
    ];
    await actions.rename(a, 'For Ann');
    await actions.cancel(b);
    await eventually(() => history.getSession(b)?.status === 'cancelled');
    assert.deepEqual([history.getSession(a)?.title, history.getSession(a)?.graphId], ['For Ann', 'haiku']);
    await actions.delete(b);
    assert.deepEqual(history.sessionIds, [a]);
  });

  it('offer one answer for the same question only to sessions of the same graph', async (t) => {
    const service = memoryService();
    const { actions, history } = monitored(t, service);
    const ask = (graphId: string) => service.createSession({ graphId, graph: SCENARIO_GRAPHS.question });
    await Promise.all([ask('haiku'), ask('haiku')]);
    await eventually(() => history.needsInputCount === 2);
    const { inbox } = actions;
    assert.ok(inbox !== undefined);
    inbox.open();
    await eventually(() => (inbox.state.currentRun?.interactions.length ?? 0) > 0);
    await ask('essay');
    await eventually(() => history.needsInputCount === 3);
    const [question] = inbox.state.currentRun?.interactions ?? [];
    assert.ok(question !== undefined);
    inbox.proposeAlike(question.interactionId, { kind: 'text', content: { parts: [{ text: 'beans' }] } });
    await eventually(() => inbox.alike.state.targets.every(({ phase }) => phase === 'same'));
    const graphs = inbox.alike.state.targets.map(({ sessionId }) => history.getSession(sessionId)?.graphId);
    assert.deepEqual(graphs, ['haiku', 'haiku']);
  });

  it('follow nothing where the service lists one graph at a time, and say so, also when asked again', async (t) => {
    const service = memoryService();
    const asked: string[] = [];
    const single: GraphRunService = {
      capabilities: { inlineGraph: true },
      createSession: (...args) => service.createSession(...args),
      connectSession: (...args) => service.connectSession(...args),
      monitorSessions(graphId, options) {
        asked.push(graphId);
        return service.monitorSessions(graphId, options);
      },
      resumeSession: (...args) => service.resumeSession(...args),
      cancelSession: (...args) => service.cancelSession(...args),
      deleteSession: (...args) => service.deleteSession(...args),
    };
    const { actions, history } = monitored(t, single);
    for (let attempt = 0; attempt < 2; attempt += 1) {
      assert.deepEqual(
        [history.monitor.phase, history.monitor.error?.code],
        ['failed', 'all-graphs-unsupported'],
      );
      actions.retryNow();
      actions.monitor(ALL_GRAPHS);
    }
    assert.deepEqual(asked, []);
    actions.monitor('haiku');
    await eventually(() => history.isLoaded);
    assert.deepEqual(asked, ['haiku']);
  });
});
