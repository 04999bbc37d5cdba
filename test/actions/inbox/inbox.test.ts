import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createSessions } from '../../../src/actions/create-sessions.js';
import type { InboxActions } from '../../../src/actions/inbox/inbox.js';
import { ANSWER_UNDO_MS } from '../../../src/actions/undoable-calls.js';
import { memoryDraftStore } from '../../../src/controller/draft-store.js';
import { currentEntry } from '../../../src/controller/inbox/current-entry.js';
import { shownEntries } from '../../../src/controller/inbox/inbox-queue.js';
import { textContent } from '../../../src/protocol/content.js';
import type { Graph } from '../../../src/protocol/graph.js';
import type { Answer } from '../../../src/protocol/questions/interactions.js';
import type { JsonObject } from '../../../src/protocol/values/json.js';
import { GraphRunError } from '../../../src/protocol/problems.js';
import { createGraphRunner, exampleHandlers } from '../../../src/runner/index.js';
import type { GraphRunService } from '../../../src/service/graph-run-service.js';
import { MemoryGraphRunService } from '../../../src/service/memory/memory-graph-run-service.js';
import { untilSignal } from '../../support/signals.js';

const text = (words: string): Answer => ({ kind: 'text', content: textContent(words) });
const CHOSEN: Answer = { kind: 'choice', selectedIds: ['Yes'] };

function asking(...prompts: readonly string[]): Graph {
  const nodes = prompts.map((prompt, position) => ({
    id: `n${position}`,
    type: 'ask-text',
    configuration: { prompt },
  }));
  return { title: prompts.join(), nodes };
}

function choosing(prompt: string): Graph {
  return { nodes: [{ id: 'n', type: 'ask-choice', configuration: { prompt, choices: ['Yes', 'No'] } }] };
}

/** An inbox over a backend in memory; `refuse` makes the next answers to a session fail with a code. */
async function withSessions(t: TestContext, ...graphs: readonly Graph[]) {
  const backend = new MemoryGraphRunService({ runner: createGraphRunner({ handlers: exampleHandlers }) });
  const sent: { readonly sessionId: string; readonly response: JsonObject }[] = [];
  const refused = new Map<string, string>();
  const connected: string[] = [];
  const service: GraphRunService = {
    capabilities: backend.capabilities,
    createSession: (...args) => backend.createSession(...args),
    connectSession: (sessionId, options) => {
      connected.push(sessionId);
      return backend.connectSession(sessionId, options);
    },
    monitorSessions: (...args) => backend.monitorSessions(...args),
    async resumeSession(sessionId, interactionId, response, options) {
      const code = refused.get(sessionId);
      if (code !== undefined) throw new GraphRunError(code, 'Refused.');
      sent.push({ sessionId, response });
      return backend.resumeSession(sessionId, interactionId, response, options);
    },
    cancelSession: (...args) => backend.cancelSession(...args),
    deleteSession: (...args) => backend.deleteSession(...args),
  };
  const sessions = createSessions(service, { drafts: memoryDraftStore() });
  t.after(() => sessions.actions.dispose());
  const { actions, history } = sessions;
  const inbox: InboxActions | undefined = actions.inbox;
  assert.ok(inbox !== undefined);
  actions.monitor('g');
  const ids: string[] = [];
  const start = async (graph: Graph): Promise<string> => {
    const { sessionId } = await backend.createSession({ graphId: 'g', graph });
    await untilSignal(
      () => history.getSession(sessionId)?.pendingInputs ?? 0,
      (count) => count > 0,
    );
    ids.push(sessionId);
    // No two sessions wait since the same millisecond.
    while (Date.now() <= (history.getSession(sessionId)?.updatedAt ?? 0) * 1000) await nextTurn();
    return sessionId;
  };
  for (const graph of graphs) await start(graph);
  const { state } = inbox;
  return {
    ...sessions,
    backend,
    inbox,
    state,
    sent,
    refused,
    connected,
    ids,
    start,
    currentId: () => currentEntry(state.queue)?.sessionId,
    /** Resolves with the id of the question that the person is at. */
    async question(): Promise<string> {
      const [interaction] = await untilSignal(
        () => state.questionsOf(currentEntry(state.queue)?.sessionId ?? '') ?? [],
        (questions) => questions.length > 0,
      );
      assert.ok(interaction !== undefined);
      return interaction.interactionId;
    },
    /** Answers a question of a session as someone else does. */
    async answerElsewhere(sessionId: string): Promise<void> {
      for await (const { messages } of backend.connectSession(sessionId)) {
        for (const message of messages) {
          if (message.kind !== 'event' || message.event.type !== 'inputRequired') continue;
          const { interactionId } = message.event;
          await backend.resumeSession(sessionId, interactionId, { input: { parts: [{ text: 'mine' }] } });
          return;
        }
      }
    },
  };
}

describe('the inbox', () => {
  it('reads the current session and the next, and none of them is the opened one', async (t) => {
    const { inbox, ids, connected, run, history, question } = await withSessions(
      t,
      asking('a?'),
      asking('b?'),
      asking('c?'),
    );
    inbox.open();
    await question();
    assert.deepEqual(connected, ids.slice(0, 2));
    assert.equal(run.sessionId, undefined);
    assert.equal(history.activeSessionId, undefined);
  });

  it('moves to the next session when an answer was accepted, and stays when it was not', async (t) => {
    const { inbox, ids, refused, state, question, currentId, sent } = await withSessions(
      t,
      asking('a?'),
      asking('b?'),
    );
    inbox.open();
    const first = await question();
    refused.set(ids[0] ?? '', 'unavailable');
    await inbox.answer(first, text('one'));
    assert.equal(currentId(), ids[0]);
    assert.equal(state.currentRun?.answerOf(first)?.phase, 'refused');
    refused.clear();
    await inbox.answer(first, text('one'));
    assert.equal(currentId(), ids[1]);
    await inbox.answer(await question(), text('two'));
    assert.equal(currentId(), undefined);
    assert.equal(sent.length, 2);
  });

  it('asks all questions of a session before it moves to the next', async (t) => {
    const { inbox, ids, question, currentId } = await withSessions(t, asking('a?', 'b?'), asking('c?'));
    inbox.open();
    const first = await question();
    await inbox.answer(first, text('one'));
    assert.equal(currentId(), ids[0]);
    assert.notEqual(await question(), first);
    await inbox.answer(await question(), text('two'));
    assert.equal(currentId(), ids[1]);
  });

  it('takes a session that asks anew at the end', async (t) => {
    const chain: Graph = { ...asking('a?', 'then?'), edges: [{ from: 'n0', to: 'n1' }] };
    const { inbox, ids, question, currentId, state } = await withSessions(t, chain, asking('b?'));
    inbox.open();
    await inbox.answer(await question(), text('one'));
    assert.equal(currentId(), ids[1]);
    await inbox.answer(await question(), text('two'));
    await untilSignal(
      () => state.queue,
      (queue) => currentEntry(queue)?.sessionId === ids[0],
    );
    assert.equal(shownEntries(state.queue).length, 3);
    await inbox.answer(await question(), text('three'));
    assert.equal(currentId(), undefined);
  });

  it('sends a delayed answer after three seconds, once, and not before', async (t) => {
    const { inbox, question, sent, currentId, ids } = await withSessions(t, choosing('a?'), asking('b?'));
    inbox.open();
    const asked = await question();
    t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    inbox.answerLater(asked, CHOSEN);
    assert.equal(currentId(), ids[1]);
    t.mock.timers.tick(ANSWER_UNDO_MS - 1);
    assert.deepEqual(sent, []);
    t.mock.timers.tick(1);
    assert.equal(sent.length, 1);
    inbox.close();
    assert.equal(sent.length, 1);
  });

  it('does not send a delayed answer while a person may be about to undo it', async (t) => {
    const { inbox, question, sent } = await withSessions(t, choosing('a?'), asking('b?'));
    inbox.open();
    const asked = await question();
    t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    inbox.answerLater(asked, CHOSEN);
    inbox.holdUndo(true);
    t.mock.timers.tick(10 * ANSWER_UNDO_MS);
    assert.deepEqual(sent, []);
    inbox.holdUndo(false);
    t.mock.timers.tick(ANSWER_UNDO_MS);
    assert.equal(sent.length, 1);
  });

  it('undoes a delayed answer, and shows its question again', async (t) => {
    const { inbox, question, sent, currentId, ids, state } = await withSessions(
      t,
      choosing('a?'),
      asking('b?'),
    );
    inbox.open();
    const asked = await question();
    inbox.answerLater(asked, CHOSEN);
    inbox.undo(state.delayed[0]?.id ?? 0);
    assert.equal(currentId(), ids[0]);
    assert.equal(await question(), asked);
    inbox.close();
    assert.deepEqual(sent, []);
  });

  it('sends a delayed answer at once when the inbox is closed, and the opened session knows who has answered', async (t) => {
    const { inbox, question, sent, run, actions, ids } = await withSessions(t, choosing('a?'));
    inbox.open();
    actions.connect(ids[0] ?? '');
    inbox.answerLater(await question(), CHOSEN);
    inbox.close();
    assert.equal(sent.length, 1);
    await untilSignal(
      () => run.status,
      (status) => status === 'completed',
    );
    assert.deepEqual(run.closedQuestions, []);
  });

  it('brings a question back whose delayed answer was not accepted', async (t) => {
    const { inbox, question, refused, ids, state, currentId } = await withSessions(t, choosing('a?'));
    inbox.open();
    const asked = await question();
    refused.set(ids[0] ?? '', 'network');
    t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    inbox.answerLater(asked, CHOSEN);
    assert.equal(currentId(), undefined);
    t.mock.timers.tick(ANSWER_UNDO_MS);
    await untilSignal(
      () => state.failed,
      (failed) => failed.length > 0,
    );
    assert.equal(currentId(), ids[0]);
    t.mock.timers.reset();
    assert.equal(await question(), asked);
    assert.equal(state.currentRun?.answerOf(asked)?.phase, 'refused');
    refused.clear();
    await inbox.answer(asked, CHOSEN);
    assert.deepEqual(state.failed, []);
  });

  it('loses a session that was answered elsewhere, but not under the hands of a person', async (t) => {
    const { inbox, ids, answerElsewhere, question, state, currentId } = await withSessions(
      t,
      asking('a?'),
      asking('b?'),
      asking('c?'),
    );
    inbox.open();
    await question();
    await answerElsewhere(ids[1] ?? '');
    await untilSignal(
      () => shownEntries(state.queue).map(({ sessionId }) => sessionId),
      (shown) => !shown.includes(ids[1] ?? ''),
    );
    await answerElsewhere(ids[0] ?? '');
    await untilSignal(
      () => state.currentRun?.closedQuestions ?? [],
      (closed) => closed.length > 0,
    );
    assert.equal(currentId(), ids[0]);
    inbox.skip();
    assert.equal(currentId(), ids[2]);
    assert.equal(shownEntries(state.queue).length, 1);
  });

  it('keeps the draft of a question for the card of its session', async (t) => {
    const { inbox, ids, question, drafts } = await withSessions(t, asking('a?'));
    inbox.open();
    const asked = await question();
    inbox.saveDraft(asked, { kind: 'text' });
    inbox.close();
    assert.deepEqual(drafts.get(ids[0] ?? '', asked), { kind: 'text' });
    inbox.open();
    await inbox.answer(await question(), text('one'));
    assert.equal(drafts.get(ids[0] ?? '', asked), undefined);
  });

  it('is closed by another graph', async (t) => {
    const { inbox, actions, state, question } = await withSessions(t, asking('a?'));
    inbox.open();
    await question();
    actions.monitor('other');
    assert.equal(state.isOpen, false);
    assert.equal(state.queue.entries.length, 0);
  });
});

describe('one answer to several sessions', () => {
  it('is sent to those that ask the same, and to no other', async (t) => {
    const other: Graph = { nodes: [{ ...asking('a?').nodes[0], id: 'x', type: 'ask-text' }] };
    const { inbox, ids, question, sent, state, currentId } = await withSessions(
      t,
      asking('a?'),
      asking('a?'),
      other,
      asking('b?'),
      asking('a?'),
    );
    inbox.open();
    inbox.proposeAlike(await question(), text('same'));
    const targets = await untilSignal(
      () => inbox.alike.state.targets,
      (all) => all.every(({ phase }) => phase !== 'checking'),
    );
    assert.deepEqual(
      targets.map(({ sessionId, phase }) => [ids.indexOf(sessionId), phase]),
      [
        [0, 'same'],
        [1, 'same'],
        [2, 'different'],
        [4, 'same'],
      ],
    );
    assert.deepEqual(sent, []);
    await inbox.alike.send();
    assert.deepEqual(
      sent.map(({ sessionId }) => ids.indexOf(sessionId)),
      [0, 1, 4],
    );
    inbox.endAlike();
    assert.deepEqual(
      shownEntries(state.queue).map(({ state: is }) => is),
      ['answered', 'answered', 'open', 'open', 'answered'],
    );
    assert.equal(currentId(), ids[2]);
  });

  it('reports each failure, tries those again, and leaves their questions open', async (t) => {
    const { inbox, ids, question, sent, refused, state, currentId } = await withSessions(
      t,
      asking('a?'),
      asking('a?'),
      asking('a?'),
    );
    inbox.open();
    inbox.proposeAlike(await question(), text('same'));
    await untilSignal(
      () => inbox.alike.state.targets,
      (all) => all.every(({ phase }) => phase === 'same'),
    );
    refused.set(ids[1] ?? '', 'unavailable').set(ids[2] ?? '', 'unavailable');
    await inbox.alike.send();
    const phases = () => inbox.alike.state.targets.map(({ phase }) => phase);
    assert.deepEqual(phases(), ['sent', 'failed', 'failed']);
    refused.delete(ids[1] ?? '');
    await inbox.alike.send();
    assert.deepEqual(phases(), ['sent', 'sent', 'failed']);
    assert.equal(sent.length, 2, 'none is sent twice');
    inbox.endAlike();
    assert.equal(currentId(), ids[2]);
    assert.equal(state.failed.length, 1);
  });
});
