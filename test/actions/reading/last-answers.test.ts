import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSessions, type Sessions } from '../../../src/actions/create-sessions.js';
import { textContent } from '../../../src/protocol/content.js';
import type { GraphRunEvent } from '../../../src/protocol/events.js';
import type { JsonObject } from '../../../src/protocol/values/json.js';
import { nextTurn } from '../../../src/protocol/next-turn.js';
import { GraphRunError } from '../../../src/protocol/problems.js';
import { createConnection } from '../../../src/service/connection.js';
import { createGraphRunner } from '../../../src/runner/index.js';
import { MemoryGraphRunService } from '../../../src/service/memory/memory-graph-run-service.js';
import { Gate } from '../../support/gate.js';
import { eventually } from '../../support/watch.js';
import { untilSignal } from '../../support/signals.js';

const SECRET_FORM = { type: 'object', properties: { key: { type: 'string', format: 'password' } } };

/** The question of each node, by its id; “mood” asks something else in every run. */
function questions(): Record<string, (run: number) => JsonObject> {
  const text = (prompt: string): JsonObject => ({ waitForInput: { prompt: { parts: [{ text: prompt }] } } });
  return {
    topic: () => text('What about?'),
    later: () => text('And then?'),
    mood: (run) => text(`Which mood, in run ${run}?`),
    key: () => ({ inputNode: { schema: SECRET_FORM } }),
  };
}

function started(nodeIds: readonly string[]) {
  let runs = 0;
  const asked = questions();
  const handlers = Object.fromEntries(
    nodeIds.map((id) => [
      id,
      {
        async run({ ask }: { ask: (suspendEvent: JsonObject) => Promise<unknown> }) {
          if (id === nodeIds[0]) runs += 1;
          await ask(asked[id]!(runs));
          return {};
        },
      },
    ]),
  );
  const service = new MemoryGraphRunService({ runner: createGraphRunner({ handlers }) });
  const sessions = createSessions(service);
  sessions.actions.monitor('g');
  // “later” follows, so that a rerun from it reuses what is before.
  const edges = nodeIds.includes('later') ? [{ from: 'topic', to: 'later' }] : [];
  const graph = { nodes: nodeIds.map((id) => ({ id, type: id })), edges };
  return { service, sessions, start: () => sessions.actions.start({ graphId: 'g', graph }) };
}

const open = ({ run }: Sessions, count: number) =>
  untilSignal(
    () => run.interactions,
    (interactions) => interactions.length === count,
  );

async function answerAll(sessions: Sessions, count: number): Promise<void> {
  for (const interaction of await open(sessions, count)) {
    const answer =
      interaction.kind === 'form'
        ? ({ kind: 'form', values: { key: 'secret' } } as const)
        : ({ kind: 'text', content: textContent(`about ${interaction.nodeId}`) } as const);
    await sessions.actions.answer(interaction.interactionId, answer);
  }
  await untilSignal(
    () => sessions.run.status,
    (status) => status === 'completed',
  );
}

describe('the last answers', () => {
  it('are those that the same questions got in the run that is run again, and no secrets', async () => {
    const { sessions, start } = started(['topic', 'mood', 'key']);
    const first = await start();
    await answerAll(sessions, 3);
    await sessions.actions.rerun(first);
    const interactions = await open(sessions, 3);
    const lastOf = (nodeId: string) => {
      const { interactionId = '' } = interactions.find((each) => each.nodeId === nodeId) ?? {};
      return sessions.run.lastAnswerOf(interactionId);
    };
    const answer = await untilSignal(
      () => lastOf('topic'),
      (response) => response !== undefined,
    );
    assert.deepEqual(answer, { input: { parts: [{ text: 'about topic' }], role: 'user' } });
    assert.equal(lastOf('mood'), undefined);
    assert.equal(lastOf('key'), undefined);
    assert.equal(sessions.run.interactions.length, 3, 'nothing is answered by itself');
    sessions.actions.dispose();
  });

  it('are none where the earlier run is gone, and no other connection is opened for a run that is no rerun', async () => {
    const { service, sessions, start } = started(['topic']);
    const connected: string[] = [];
    const third = new Gate();
    const { connectSession } = service;
    service.connectSession = function (sessionId, options) {
      connected.push(sessionId);
      if (connected.length === 3) third.open();
      return connectSession.call(service, sessionId, options);
    };
    const first = await start();
    await answerAll(sessions, 1);
    assert.deepEqual(connected, [first]);
    const second = await service.rerunSession(first);
    await service.deleteSession(first);
    sessions.actions.connect(second.sessionId);
    const [question] = await open(sessions, 1);
    await third.opened;
    assert.deepEqual(connected, [first, second.sessionId, first]);
    assert.equal(sessions.run.lastAnswerOf(question?.interactionId ?? ''), undefined);
    await answerAll(sessions, 1);
    sessions.actions.dispose();
  });

  it('are those of the nearest earlier run that got one, along a chain of reruns', async () => {
    const { service, sessions, start } = started(['topic', 'mood']);
    const first = await start();
    await answerAll(sessions, 2);
    // The second is cancelled before anything is answered, the third answers one question otherwise.
    const second = await sessions.actions.rerun(first);
    await open(sessions, 2);
    await service.cancelSession(second);
    const lastOf = async (sessionId: string): Promise<JsonObject | undefined> => {
      sessions.actions.connect(sessionId);
      const topic = (await open(sessions, 2)).find(({ nodeId }) => nodeId === 'topic');
      return untilSignal(
        () => sessions.run.lastAnswerOf(topic?.interactionId ?? ''),
        (response) => response !== undefined,
      );
    };
    const third = await service.rerunSession(second);
    const textOf = (answer: JsonObject | undefined): string => JSON.stringify(answer?.['input']);
    assert.match(textOf(await lastOf(third.sessionId)), /about topic/);
    const [topic] = sessions.run.interactions.filter(({ nodeId }) => nodeId === 'topic');
    const other = { kind: 'text', content: textContent('something else') } as const;
    await sessions.actions.answer(topic?.interactionId ?? '', other);
    await service.cancelSession(third.sessionId);
    const fourth = await service.rerunSession(third.sessionId);
    assert.match(textOf(await lastOf(fourth.sessionId)), /something else/);
    sessions.actions.dispose();
  });

  it('also reach the answer of a node that the run in between has reused', async () => {
    const { service, sessions, start } = started(['topic', 'later']);
    const first = await start();
    for (const nodeId of ['topic', 'later']) {
      const interactions = await untilSignal(
        () => sessions.run.interactions,
        ([interaction]) => interaction?.nodeId === nodeId,
      );
      const answer = { kind: 'text', content: textContent(`about ${nodeId}`) } as const;
      await sessions.actions.answer(interactions[0]?.interactionId ?? '', answer);
    }
    await untilSignal(
      () => sessions.run.status,
      (status) => status === 'completed',
    );
    // The rerun from “later” reuses “topic”, which therefore asks nothing in it.
    const second = await service.rerunSession(first, { from: 'later' });
    sessions.actions.connect(second.sessionId);
    await answerAll(sessions, 1);
    const third = await service.rerunSession(second.sessionId);
    sessions.actions.connect(third.sessionId);
    const [topic] = await open(sessions, 1);
    assert.equal(topic?.nodeId, 'topic');
    const answer = await untilSignal(
      () => sessions.run.lastAnswerOf(topic?.interactionId ?? ''),
      (response) => response !== undefined,
    );
    assert.match(JSON.stringify(answer), /about topic/);
    sessions.actions.dispose();
  });

  it('end at a run that was deleted, after eight runs, and at a log that names itself, each read once', async () => {
    for (const [runs, rerunOf, expected] of [
      [['s', 'a', 'gone'], { s: 'a', a: 'gone' }, ['s', 'a', 'gone']],
      [['s', 'a', 'b'], { s: 'a', a: 'b', b: 'a' }, ['s', 'a', 'b']],
      [['s'], { s: 's' }, ['s']],
      [[], {}, ['s', ...Array.from({ length: 8 }, (_, at) => `r${at}`)]],
    ] as const) {
      const origins: Readonly<Record<string, string>> =
        runs.length > 0
          ? rerunOf
          : {
              s: 'r0',
              ...Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`r${at}`, `r${at + 1}`])),
            };
      const connected: string[] = [];
      const { service } = started(['topic']);
      service.connectSession = (sessionId, { signal } = {}) => {
        connected.push(sessionId);
        const isWatched = connected.length === 1;
        return createConnection(async function* () {
          if (sessionId === 'gone') throw new GraphRunError('session-gone', 'It is gone.');
          const origin = origins[sessionId];
          const events: GraphRunEvent[] = [
            {
              type: 'graphStart',
              sessionId,
              index: 0,
              ...(origin === undefined ? {} : { rerunOf: { sessionId: origin } }),
            },
            {
              type: 'inputRequired',
              nodeId: 'topic',
              interactionId: 'q',
              suspendEvent: questions()['topic']?.(0) ?? {},
              index: 1,
            },
          ];
          yield {
            cursor: '',
            messages: [
              { kind: 'start', replayTotal: events.length } as const,
              ...events.map((event) => ({ kind: 'event', event }) as const),
              { kind: 'replayComplete' } as const,
            ],
          };
          if (isWatched) await new Promise((resolve) => signal?.addEventListener('abort', resolve));
        }, signal);
      };
      const sessions = createSessions(service);
      sessions.actions.connect('s');
      await eventually(() => connected.length >= expected.length);
      for (let turn = 0; turn < 50; turn += 1) await nextTurn();
      assert.deepEqual(connected, expected);
      assert.equal(sessions.run.lastAnswerOf('q'), undefined);
      assert.deepEqual(sessions.run.interactions.length, 1);
      sessions.actions.dispose();
    }
  });
});
