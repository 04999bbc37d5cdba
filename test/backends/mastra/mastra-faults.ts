/* `npm run test:backends`: what `npm test` has no time for, against Mastra’s own server. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { readList, readSession } from '../../../src/conformance/watching.js';
import type { GraphRunEvent } from '../../../src/protocol/events.js';
import { GraphRunError } from '../../../src/protocol/problems.js';
import { EMPTY_SESSION } from '../../../src/protocol/empty-session.js';
import { applyEvents } from '../../../src/protocol/session-state.js';
import type { MastraRunService } from '../../../src/service/mastra/index.js';
import { asked, cutAfter, facts, hasAsked, textAnswer } from '../../support/backend-faults.js';
import { MASTRA_INPUT, MastraServer } from '../../support/mastra-server.js';

const steps = (events: readonly GraphRunEvent[]) =>
  events.flatMap((event) =>
    event.type !== 'agentEvent' && 'nodeId' in event ? [`${event.type} ${event.nodeId}`] : [],
  );
const outputOf = (events: readonly GraphRunEvent[]) => applyEvents(EMPTY_SESSION, events).outputs;

/** A `fetch` whose streams break after some bytes, a little later each time, and of which some calls fail. */
function cuttingFetch(cuts: number): { readonly fetch: typeof fetch; count: number } {
  let calls = 0;
  const cutting = {
    count: 0,
    fetch: (async (input, init): Promise<Response> => {
      calls += 1;
      if (cutting.count < cuts && calls % 7 === 0) {
        cutting.count += 1;
        throw new TypeError('fetch failed');
      }
      const response = await fetch(input, init);
      if (!String(input).includes('/observe') || cutting.count >= cuts || response.body === null)
        return response;
      cutting.count += 1;
      return cutAfter(700 + 1531 * cutting.count, response);
    }) satisfies typeof fetch,
  };
  return cutting;
}

describe('Mastra’s server', { timeout: 240_000 }, () => {
  let server: MastraServer;
  let service: MastraRunService;
  let isThere = false;

  before(async () => {
    const started = await MastraServer.start();
    if (started === undefined) return;
    isThere = true;
    server = started;
    service = server.service();
  });
  after(async () => {
    if (isThere) await server.remove();
  });

  const test = (name: string, run: () => Promise<void>) =>
    it(name, { timeout: 60_000 }, async (t) => (isThere ? run() : t.skip('its packages are not installed')));

  const start = async (graphId: string) =>
    (await service.createSession({ graphId, input: MASTRA_INPUT })).sessionId;

  const waiting = async (graphId: string, count = 1) => {
    const sessionId = await start(graphId);
    const questions = asked(await readSession(service, sessionId, hasAsked(count)));
    assert.equal(questions.length, count);
    return { sessionId, questions };
  };

  test('nine cuts cost no event, and bring none twice', async () => {
    const cutting = cuttingFetch(9);
    const sessionId = await start('pieces cuts');
    const [cut, whole] = await Promise.all([
      readSession(server.service({ fetch: cutting.fetch }), sessionId),
      readSession(service, sessionId),
    ]);
    assert.equal(cutting.count, 9);
    assert.equal(whole.events.filter(({ type }) => type === 'agentEvent').length, 200);
    assert.deepEqual(facts(cut.events), facts(whole.events));
    const late = await readSession(service, sessionId);
    assert.deepEqual(facts(late.events), facts(whole.events), 'a later reader');
  });

  test('of tabs that answer at once, one wins and the others learn of it', async () => {
    for (const graphId of ['question race', 'nested race', 'perItem race']) {
      const { sessionId, questions } = await waiting(graphId, graphId.startsWith('perItem') ? 3 : 1);
      const [question] = questions;
      assert.ok(question !== undefined);
      const outcomes = await Promise.allSettled(
        ['red', 'green', 'blue', 'red'].map((answer) =>
          server.service().resumeSession(sessionId, question.interactionId, textAnswer(answer)),
        ),
      );
      const won = outcomes.filter((each) => each.status === 'fulfilled' && !each.value.isDuplicate);
      const conflicts = outcomes.filter(
        ({ status, ...each }) =>
          status === 'rejected' &&
          'reason' in each &&
          each.reason instanceof GraphRunError &&
          each.reason.code === 'interaction-conflict',
      );
      // The engine takes the same answer to one item twice, and uses it once.
      assert.ok(won.length === 1 || (won.length === 2 && graphId.startsWith('perItem')), graphId);
      assert.ok(conflicts.length >= 2, graphId);
      const { events } = await readSession(service, sessionId, ({ events: soFar }) =>
        soFar.some((event) => event.type === 'inputResolved'),
      );
      const resolved = events.filter((event) => event.type === 'inputResolved');
      assert.equal(resolved.length, 1, graphId);
    }
  });

  test('an answer after a parallel branch is taken, and the run ends with both', async () => {
    const sessionId = await start('early answer');
    // The record shows the question when the other branch has ended.
    const [question] = asked(await readSession(service, sessionId, hasAsked(1)));
    assert.ok(question !== undefined);
    const result = await service.resumeSession(sessionId, question.interactionId, textAnswer('green'));
    assert.deepEqual(result, { status: 'running', isDuplicate: false });
    const { events } = await readSession(service, sessionId);
    assert.deepEqual(outputOf(events), { join: { text: 'green and worked' } });
    assert.equal(events.filter(({ type }) => type === 'agentEvent').length, 20);
  });

  test('an answer is confirmed at once, although the steps behind it take their time', async () => {
    const { sessionId, questions } = await waiting('longAfter answer');
    const began = Date.now();
    await service.resumeSession(sessionId, questions[0]?.interactionId ?? '', textAnswer('go'));
    assert.ok(Date.now() - began < 2500, 'the run continues for three seconds');
    const { events } = await readSession(service, sessionId);
    assert.deepEqual(outputOf(events), { work: { text: 'go, done' } });
    assert.equal(events.filter(({ type }) => type === 'agentEvent').length, 6, 'all that was streamed');
  });

  test('questions of a step per item are answered in any order, each with its own answer', async () => {
    const { sessionId, questions } = await waiting('perItem order', 3);
    assert.deepEqual(
      questions.map(({ nodeId }) => nodeId),
      ['item#1', 'item#2', 'item#3'],
    );
    const reading = readSession(service, sessionId);
    for (const { interactionId, nodeId } of [...questions].reverse()) {
      await service.resumeSession(sessionId, interactionId, textAnswer(nodeId));
    }
    const { events } = await reading;
    assert.deepEqual(outputOf(events), { sum: { text: 'a: item#1, b: item#2, c: item#3' } });
    assert.equal(events.filter((event) => event.type === 'inputResolved').length, 3);
    const late = await readSession(service, sessionId);
    assert.deepEqual(outputOf(late.events), outputOf(events));
  });

  test('a step of an inner workflow asks, and is shown inside of its step', async () => {
    const { sessionId, questions } = await waiting('nested one');
    assert.equal(questions[0]?.nodeId, 'editor.review');
    await service.resumeSession(sessionId, questions[0].interactionId, textAnswer('yes'));
    const { events } = await readSession(service, sessionId);
    assert.deepEqual(steps(events), [
      'nodeStart editor',
      'nodeStart editor.draft',
      'nodeEnd editor.draft',
      'nodeStart editor.review',
      'inputRequired editor.review',
      'inputResolved editor.review',
      'nodeEnd editor.review',
      'nodeEnd editor',
      'nodeStart publish',
      'nodeEnd publish',
    ]);
    assert.deepEqual(outputOf(events), { publish: { text: 'published: yes' } });
  });

  test('a step that asks twice is asked twice, and a loop is shown to its end', async () => {
    const { sessionId, questions } = await waiting('twice two');
    const reading = readSession(service, sessionId, hasAsked(2));
    await service.resumeSession(sessionId, questions[0]?.interactionId ?? '', textAnswer('A'));
    const [, second] = asked(await reading);
    assert.ok(second !== undefined);
    await service.resumeSession(sessionId, second.interactionId, textAnswer('B'));
    assert.deepEqual(outputOf((await readSession(service, sessionId)).events), {
      ask: { text: 'A and B' },
    });
    const { events } = await readSession(service, await start('loop one'));
    assert.deepEqual(outputOf(events), { end: { text: '3' } });
  });

  test('a session that is deleted while it is watched ends for its viewer and stays away', async () => {
    const sessionId = await start('slow watched');
    const reading = readSession(service, sessionId);
    await readSession(service, sessionId, ({ events }) => events.some(({ type }) => type === 'agentEvent'));
    await server.service().deleteSession(sessionId);
    assert.equal((await reading).events.at(-1)?.type, 'graphCancelled');
    const { rows } = await readList(service, 'slow watched', ({ isComplete }) => isComplete);
    assert.equal(rows.size, 0);
  });

  test('a run whose step does not end stays deleted', async () => {
    const sessionId = await start('pieces deaf');
    await service.deleteSession(sessionId);
    const runId = sessionId.split('~')[1] ?? '';
    const path = `${server.url}/api/workflows/pieces/runs/${runId}`;
    const isBack = async () => (await fetch(path)).ok;
    const end = Date.now() + 20_000;
    // The step writes the record once more at its end.
    while (!(await isBack()) && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
    const { rows } = await readList(service, 'pieces deaf', ({ isComplete }) => isComplete);
    assert.equal(rows.size, 0);
    assert.equal(await isBack(), false);
    await assert.rejects(readSession(service, sessionId), { code: 'session-gone' });
  });

  test('a list of many runs is whole, and follows one of them', async () => {
    const ids: string[] = [];
    while (ids.length < 130) {
      const more = Array.from({ length: 10 }, () => start('question many'));
      ids.push(...(await Promise.all(more)));
    }
    const target = ids[3] ?? '';
    let hasCancelled = false;
    const { rows } = await readList(service, 'question many', (list) => {
      if (list.isComplete && !hasCancelled) {
        hasCancelled = true;
        void server.service().cancelSession(target);
      }
      return list.rows.get(target)?.status === 'cancelled';
    });
    assert.deepEqual([...rows.keys()].sort(), [...ids].sort());
    assert.ok([...rows.values()].every(({ status }) => status !== 'running'));
  });

  test('after a kill and a restart, what waited is answered, and what ran ends by a cancel', async () => {
    const { sessionId, questions } = await waiting('question kill');
    const running = await start('slow kill');
    const opened = await readSession(service, sessionId, hasAsked(1));
    const watching = readSession(service, running);
    await readSession(service, running, ({ events }) => events.some(({ type }) => type === 'agentEvent'));
    await server.kill();
    await server.resume();
    const again = await readSession(service, sessionId, ({ messages }) =>
      messages.some(({ kind }) => kind === 'replayComplete'),
    );
    assert.deepEqual(asked(again)[0]?.interactionId, questions[0]?.interactionId);
    const start2 = again.messages.find((message) => message.kind === 'start');
    assert.equal(start2?.fidelity?.pieces, 'none', 'its stream is lost');
    await service.resumeSession(sessionId, questions[0]?.interactionId ?? '', textAnswer('later'));
    const rest = await readSession(service, sessionId, undefined, { cursor: opened.cursor ?? '' });
    assert.equal(rest.events.at(-1)?.type, 'graphComplete');
    assert.deepEqual(await service.cancelSession(running), { status: 'cancelled' });
    const { events } = await watching;
    assert.equal(events.at(-1)?.type, 'graphCancelled', 'the viewer has come back by itself');
    assert.equal(events.filter(({ type }) => type === 'nodeStart').length, 1);
  });
});
