import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { createSessions, type Sessions } from '../../src/actions/create-sessions.js';
import { SCENARIO_GRAPHS } from '../../src/conformance/scenarios.js';
import { memoryDraftStore } from '../../src/controller/draft-store.js';
import type { ClosedQuestion } from '../../src/controller/closed-questions.js';
import { textContent } from '../../src/protocol/content.js';
import { answerText } from '../../src/protocol/questions/interaction-text.js';
import { GraphRunError } from '../../src/protocol/problems.js';
import { exampleHandlers, createGraphRunner } from '../../src/runner/index.js';
import type { GraphRunService } from '../../src/service/graph-run-service.js';
import { MemoryGraphRunService } from '../../src/service/memory/memory-graph-run-service.js';
import { Gate } from '../support/gate.js';
import { untilSignal } from '../support/signals.js';

const answerOf = (closed: ClosedQuestion | undefined) =>
  closed?.response === undefined ? undefined : answerText(closed.interaction, closed.response);

const answer = (text: string) => ({ kind: 'text', content: textContent(text) }) as const;

/** Fault in the first tab. */
interface Faults {
  readonly resumeSession?: (
    service: GraphRunService,
    ...args: Parameters<GraphRunService['resumeSession']>
  ) => ReturnType<GraphRunService['resumeSession']>;
}

/** Two tabs that show the same session, which asks a question, and share the browser's storage. */
async function twoTabs(t: TestContext, { resumeSession }: Faults = {}) {
  const service = new MemoryGraphRunService({ runner: createGraphRunner({ handlers: exampleHandlers }) });
  const store = memoryDraftStore();
  const faulty: GraphRunService = {
    capabilities: service.capabilities,
    createSession: (...args) => service.createSession(...args),
    connectSession: (...args) => service.connectSession(...args),
    monitorSessions: (...args) => service.monitorSessions(...args),
    resumeSession: (...args) => resumeSession?.(service, ...args) ?? service.resumeSession(...args),
    cancelSession: (...args) => service.cancelSession(...args),
    deleteSession: (...args) => service.deleteSession(...args),
  };
  const tab = (of: GraphRunService): Sessions => {
    const sessions = createSessions(of, { drafts: store });
    sessions.actions.monitor('g');
    t.after(() => sessions.actions.dispose());
    return sessions;
  };
  const [here, there] = [tab(faulty), tab(service)];
  const sessionId = await here.actions.start({ graphId: 'g', graph: SCENARIO_GRAPHS.question });
  there.actions.connect(sessionId);
  const opened = await Promise.all([here, there].map(({ run }) => open(run)));
  return { here, there, store, sessionId, interactionId: opened[0] ?? '' };
}

async function open(run: Sessions['run']): Promise<string> {
  await untilSignal(
    () => run.connection.phase === 'live' && run.interactions.length > 0,
    (isOpen) => isOpen,
  );
  return run.interactions[0]?.interactionId ?? '';
}

const left = ({ run }: Sessions) =>
  untilSignal(
    () => run.interactions.length,
    (count) => count === 0,
  );

describe('a question that is answered elsewhere', () => {
  it('is removed, with a notice that gives the answer until it is dismissed', async (t) => {
    const { here, there, interactionId } = await twoTabs(t);
    here.actions.saveDraft(interactionId, { kind: 'text' });
    await there.actions.answer(interactionId, answer('beans'));
    await left(here);
    const [closed, ...others] = here.run.closedQuestions;
    assert.deepEqual(others, []);
    assert.equal(closed?.interaction.interactionId, interactionId);
    assert.equal(closed?.reason, 'answered');
    assert.equal(answerOf(closed), 'beans');
    assert.deepEqual(closed?.unsentDraft, { kind: 'text' });
    here.actions.dismissClosed(interactionId);
    assert.deepEqual(here.run.closedQuestions, []);
  });

  it('gives no notice where it was answered', async (t) => {
    const { there, interactionId } = await twoTabs(t);
    await there.actions.answer(interactionId, answer('beans'));
    await left(there);
    assert.deepEqual(there.run.closedQuestions, []);
  });

  it('two answers at once: one counts, the other tab shows a notice, nothing breaks', async (t) => {
    const { here, there, interactionId } = await twoTabs(t);
    await Promise.all([
      here.actions.answer(interactionId, answer('beans')),
      there.actions.answer(interactionId, answer('peas')),
    ]);
    await Promise.all([left(here), left(there)]);
    await untilSignal(
      () => here.run.closedQuestions.length + there.run.closedQuestions.length,
      (count) => count > 0,
    );
    assert.deepEqual(here.run.closedQuestions, []);
    assert.equal(answerOf(there.run.closedQuestions[0]), 'beans');
  });

  it('two equal answers at once give no notice', async (t) => {
    const { here, there, interactionId } = await twoTabs(t);
    await Promise.all([here, there].map(({ actions }) => actions.answer(interactionId, answer('beans'))));
    await Promise.all([left(here), left(there)]);
    assert.deepEqual([here.run.closedQuestions, there.run.closedQuestions], [[], []]);
  });

  it('an answer whose confirmation was lost still counts as given here', async (t) => {
    const { here, interactionId } = await twoTabs(t, {
      resumeSession: async (service, ...args) => {
        await service.resumeSession(...args);
        throw new GraphRunError('network', 'The server could not be reached.');
      },
    });
    await here.actions.answer(interactionId, answer('beans'));
    await left(here);
    assert.deepEqual(here.run.closedQuestions, []);
  });

  it('an answer that arrives too late changes nothing', async (t) => {
    const { here, there, interactionId } = await twoTabs(t);
    await there.actions.answer(interactionId, answer('beans'));
    await left(here);
    await here.actions.answer(interactionId, answer('peas'));
    assert.equal(here.run.answerOf(interactionId), undefined);
  });

  it('an answer that arrives after the end of its session is kept with a notice', async (t) => {
    const gate = new Gate();
    const { here, there, sessionId, interactionId } = await twoTabs(t, {
      resumeSession: async (service, ...args) => {
        await gate.opened;
        return service.resumeSession(...args);
      },
    });
    const answering = here.actions.answer(interactionId, answer('beans'));
    await there.actions.cancel(sessionId);
    await left(here);
    assert.deepEqual(here.run.closedQuestions, [], 'the server decides first whether it was in time');
    gate.open();
    await answering;
    assert.deepEqual(
      here.run.closedQuestions.map(({ reason, unsentResponse }) => [reason, unsentResponse !== undefined]),
      [['ended', true]],
    );
  });

  it('an answer that was lost, while another one arrived, is kept with a notice', async (t) => {
    const gate = new Gate();
    const { here, there, interactionId } = await twoTabs(t, {
      resumeSession: async () => {
        await gate.opened;
        throw new GraphRunError('network', 'The server could not be reached.');
      },
    });
    const answering = here.actions.answer(interactionId, answer('beans'));
    await there.actions.answer(interactionId, answer('peas'));
    await left(here);
    gate.open();
    await answering;
    const [closed] = here.run.closedQuestions;
    assert.equal(answerOf(closed), 'peas');
    assert.notEqual(closed?.unsentResponse, undefined);
  });

  it('an answer that is refused late does not affect the session that is shown by then', async (t) => {
    const gate = new Gate();
    const { here, there, interactionId } = await twoTabs(t, {
      resumeSession: async () => {
        await gate.opened;
        throw new GraphRunError('interaction-conflict', 'Answered elsewhere.', { status: 409 });
      },
    });
    const answering = here.actions.answer(interactionId, answer('beans'));
    const other = await there.actions.start({ graphId: 'g', graph: SCENARIO_GRAPHS.plain });
    here.actions.connect(other);
    await untilSignal(
      () => here.run.status,
      (status) => status === 'completed',
    );
    gate.open();
    await answering;
    assert.deepEqual(here.run.closedQuestions, []);
    assert.equal(here.run.answerOf(interactionId), undefined);
  });

  it('gives no notice if it only passed by in the replay', async (t) => {
    const { here, there, sessionId, interactionId } = await twoTabs(t);
    here.actions.disconnect();
    await there.actions.answer(interactionId, answer('beans'));
    await left(there);
    here.actions.connect(sessionId);
    await untilSignal(
      () => here.run.status,
      (status) => status === 'completed',
    );
    assert.deepEqual(here.run.closedQuestions, []);
  });

  it('a question that expired gives a notice, and one that a headless run answered does not', async (t) => {
    const { here, interactionId } = await twoTabs(t);
    const { run } = here;
    const index = run.events.length;
    const resolved = { type: 'inputResolved', nodeId: 'ask', interactionId, index } as const;
    run.apply([{ kind: 'event', event: { ...resolved, by: 'expired' } }]);
    assert.equal(run.closedQuestions[0]?.reason, 'expired');
    const other = await twoTabs(t);
    other.here.run.apply([
      { kind: 'event', event: { ...resolved, interactionId: other.interactionId, by: 'headless' } },
    ]);
    assert.deepEqual(other.here.run.interactions, []);
    assert.deepEqual(other.here.run.closedQuestions, []);
  });
});

describe('drafts of a session', () => {
  it('are kept while the question is open, whatever else is opened meanwhile', async (t) => {
    const { here, store, sessionId, interactionId } = await twoTabs(t);
    here.actions.saveDraft(interactionId, 'Tw');
    here.actions.saveDraft('no such question', 'Tw');
    here.actions.disconnect();
    here.actions.saveDraft(interactionId, 'nobody watches');
    here.actions.connect(sessionId);
    await open(here.run);
    assert.equal(here.drafts.get(sessionId, interactionId), 'Tw');
    assert.equal(store.keys().length, 1);
  });

  for (const [what, end] of [
    ['is answered', ({ actions }: Sessions, id: string) => actions.answer(id, answer('beans'))],
    ['is answered in another tab', undefined],
    ['goes with its session', ({ actions, run }: Sessions) => actions.delete(run.sessionId ?? '')],
  ] as const) {
    it(`are removed when the question ${what}`, async (t) => {
      const { here, there, store, interactionId } = await twoTabs(t);
      here.actions.saveDraft(interactionId, 'Tw');
      assert.equal(store.keys().length, 1);
      if (end === undefined) await there.actions.answer(interactionId, answer('beans'));
      else await end(here, interactionId);
      await left(here);
      assert.deepEqual(store.keys(), []);
    });
  }

  it('stay when the session ends, watched or not, until they are dismissed', async (t) => {
    const { here, there, store, sessionId, interactionId } = await twoTabs(t);
    here.actions.saveDraft(interactionId, 'Tw');
    there.actions.disconnect();
    await there.actions.cancel(sessionId);
    await left(here);
    here.actions.disconnect();
    await untilSignal(
      () => here.history.getSession(sessionId)?.status,
      (status) => status === 'cancelled',
    );
    here.actions.connect(sessionId);
    await untilSignal(
      () => here.run.closedQuestions.map(({ unsentDraft }) => unsentDraft),
      ([unsent]) => unsent === 'Tw',
    );
    assert.equal(store.keys().length, 1);
    here.actions.dismissClosed(interactionId);
    assert.deepEqual(store.keys(), []);
  });
});
