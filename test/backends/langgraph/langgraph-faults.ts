/* `npm run test:backends`: what `npm test` has no time for, against LangGraph’s own server. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { readList, readSession } from '../../../src/conformance/watching.js';
import type { GraphRunEvent } from '../../../src/protocol/events.js';
import { isJsonObject, type JsonObject } from '../../../src/protocol/values/json.js';
import type { SessionMessage } from '../../../src/protocol/stream/messages.js';
import { decodeSse } from '../../../src/protocol/stream/sse.js';
import { EMPTY_SESSION } from '../../../src/protocol/empty-session.js';
import { applyEvents } from '../../../src/protocol/session-state.js';
import type { LangGraphRunService } from '../../../src/service/langgraph/index.js';
import { asked, cutAfter, facts, hasAsked, textAnswer } from '../../support/backend-faults.js';
import { LangGraphServer } from '../../support/langgraph-server.js';

const code = (expected: string) => (error: unknown) =>
  isObject(error) && 'code' in error && error.code === expected;

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** A `fetch` whose streams break after some bytes, a little later each time. */
function cuttingFetch(cuts: number): { readonly fetch: typeof fetch; count: number } {
  const cutting = {
    count: 0,
    fetch: (async (input, init): Promise<Response> => {
      const response = await fetch(input, init);
      if (!String(input).endsWith('/stream') || cutting.count >= cuts || response.body === null)
        return response;
      cutting.count += 1;
      return cutAfter(700 + 531 * cutting.count, response);
    }) satisfies typeof fetch,
  };
  return cutting;
}

describe('LangGraph’s server', { timeout: 240_000 }, () => {
  let server: LangGraphServer;
  let service: LangGraphRunService;
  let isThere = false;

  before(async () => {
    const started = await LangGraphServer.start();
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

  const start = async (graphId: string, input: JsonObject = {}) =>
    (await service.createSession({ graphId, input })).sessionId;

  const threadOf = (sessionId: string) => sessionId.split('~')[0] ?? '';

  test('nine cuts inside frames cost no event, and bring none twice', async () => {
    const cutting = cuttingFetch(9);
    const sessionId = await start('pieces cuts');
    const [cut, whole] = await Promise.all([
      readSession(server.service({ fetch: cutting.fetch }), sessionId),
      readSession(service, sessionId),
    ]);
    assert.equal(cutting.count, 9);
    assert.equal(whole.events.filter(({ type }) => type === 'agentEvent').length, 200);
    assert.deepEqual(facts(cut.events), facts(whole.events));
  });

  test('every join asks for the whole log, also that of a fresh run', async () => {
    const joins: (string | undefined)[] = [];
    const recording: typeof fetch = async (input, init) => {
      if (String(input).endsWith('/stream'))
        joins.push(new Headers(init?.headers).get('Last-Event-ID') ?? undefined);
      return fetch(input, init);
    };
    const own = server.service({ fetch: recording });
    const { sessionId } = await own.createSession({ graphId: 'plain joins' });
    await readSession(own, sessionId);
    assert.ok(joins.length > 0);
    assert.deepEqual([...new Set(joins)], ['-1']);
  });

  test('a run that a chat page has started keeps all of its events, and is shown by its steps', async () => {
    const thread = await server.call('POST', '/threads', { metadata: { list: 'foreign' } });
    const threadId = isJsonObject(thread) ? String(thread['thread_id']) : '';
    const body = { assistant_id: 'pieces', input: {}, stream_mode: ['values', 'custom'] };
    const page = await fetch(`${server.url}/threads/${threadId}/runs/stream`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    assert.ok(page.body !== null);
    const counting = (async (stream: ReadableStream<Uint8Array>) => {
      let count = 0;
      for await (const items of decodeSse(stream)) {
        count += items.filter((item) => item.kind === 'message' && item.event === 'custom').length;
      }
      return count;
    })(page.body);
    const list = await readList(service, 'foreign', ({ rows }) => rows.size === 1);
    const [sessionId = ''] = list.rows.keys();
    const { events, messages } = await readSession(service, sessionId);
    assert.equal(await counting, 200);
    assert.deepEqual(
      events.map(({ type }) => type),
      ['graphStart', 'nodeStart', 'nodeEnd', 'graphComplete'],
    );
    const opened = messages.find((message) => message.kind === 'start');
    assert.deepEqual(opened?.fidelity, { pieces: 'none', times: 'steps' });
  });

  test('of two tabs that answer at once, one wins and the other learns of it', async () => {
    const sessionId = await start('question race');
    const [question] = asked(await readSession(service, sessionId, hasAsked(1)));
    assert.ok(question !== undefined);
    const tabs = ['red', 'green', 'blue', 'red'].map((answer) =>
      server.service().resumeSession(sessionId, question.interactionId, textAnswer(answer)),
    );
    const outcomes = await Promise.allSettled(tabs);
    const won = outcomes.filter((each) => each.status === 'fulfilled' && !each.value.isDuplicate);
    const conflicts = outcomes.filter(
      (each) => each.status === 'rejected' && code('interaction-conflict')(each.reason),
    );
    assert.equal(won.length, 1);
    assert.ok(conflicts.length >= 2);
    const { events } = await readSession(service, sessionId);
    assert.equal(events.filter(({ type }) => type === 'inputResolved').length, 1);
  });

  test('an answer given while another branch works is taken, and done after the step', async () => {
    const sessionId = await start('early answers');
    const [question] = asked(await readSession(service, sessionId, hasAsked(1)));
    assert.ok(question !== undefined);
    const result = await service.resumeSession(sessionId, question.interactionId, textAnswer('green'));
    assert.equal(result.isDuplicate, false);
    const { events } = await readSession(service, sessionId);
    const end = events.at(-1);
    assert.ok(end?.type === 'graphComplete');
    assert.match(JSON.stringify(end.outputs), /green/);
    assert.equal(asked({ events }).length, 1);
  });

  test('three tasks of one node ask three questions, and are answered one by one', async () => {
    const sessionId = await start('fanOut list');
    const questions = asked(await readSession(service, sessionId, hasAsked(3)));
    assert.deepEqual(questions.map(({ nodeId }) => nodeId).sort(), ['item', 'item#2', 'item#3']);
    for (const { interactionId, nodeId } of questions) {
      await service.resumeSession(sessionId, interactionId, textAnswer(`for ${nodeId}`));
    }
    const { events } = await readSession(service, sessionId);
    const state = applyEvents(EMPTY_SESSION, events);
    assert.deepEqual([state.status, state.resolved.size, asked({ events }).length], ['completed', 3, 3]);
    for (const { nodeId } of questions)
      assert.match(JSON.stringify(state.outputs), new RegExp(`for ${nodeId}`));
  });

  test('a question inside an inner graph is asked once, at the inner node', async () => {
    const sessionId = await start('nested list', { topic: 'beans' });
    const [question] = asked(await readSession(service, sessionId, hasAsked(1)));
    assert.equal(question?.nodeId, 'editor/review');
    await service.resumeSession(sessionId, question?.interactionId ?? '', textAnswer('fine'));
    const { events } = await readSession(service, sessionId);
    assert.equal(events.at(-1)?.type, 'graphComplete');
    assert.equal(asked({ events }).length, 1);
    assert.ok(events.some((event) => event.type === 'nodeEnd' && event.nodeId === 'editor/draft'));
  });

  test('the first answer of a node that asks twice, sent again late, does not answer its second question', async () => {
    const sessionId = await start('twice list');
    const [first] = asked(await readSession(service, sessionId, hasAsked(1)));
    assert.ok(first !== undefined);
    await service.resumeSession(sessionId, first.interactionId, textAnswer('one'));
    const second = asked(await readSession(service, sessionId, hasAsked(2)))[1];
    assert.ok(second !== undefined);
    const again = await service.resumeSession(sessionId, first.interactionId, textAnswer('one'));
    assert.equal(again.isDuplicate, true);
    await assert.rejects(
      service.resumeSession(sessionId, first.interactionId, textAnswer('other')),
      code('interaction-conflict'),
    );
    await service.resumeSession(sessionId, second.interactionId, textAnswer('two'));
    const { events } = await readSession(service, sessionId);
    const answers = events.flatMap((event) => (event.type === 'inputResolved' ? [event.response] : []));
    assert.deepEqual(answers, [textAnswer('one'), textAnswer('two')]);
  });

  test('reviews of actions are asked in both forms, and their decisions reach the graph', async () => {
    const sessionId = await start('approve list');
    const decide = async (count: number, decisions: readonly JsonObject[]) => {
      const question = asked(await readSession(service, sessionId, hasAsked(count)))[count - 1];
      assert.ok(question !== undefined && 'reviewActions' in question.suspendEvent);
      await service.resumeSession(sessionId, question.interactionId, { decisions });
    };
    await decide(1, [{ type: 'respond', message: 'Later' }]);
    await decide(2, [{ type: 'approve' }, { type: 'reject', message: 'never' }]);
    const { events } = await readSession(service, sessionId);
    const outputs = events.flatMap((event) => (event.type === 'nodeEnd' ? [event.outputs] : []));
    assert.deepEqual(outputs, [
      { answers: [[{ type: 'response', args: 'Later' }]] },
      { answers: [{ decisions: [{ type: 'approve' }, { type: 'reject', message: 'never' }] }] },
    ]);
  });

  test('each step of an ended session has a time, also one that a later run has ended', async () => {
    const sessionId = await start('question times');
    const [question] = asked(await readSession(service, sessionId, hasAsked(1)));
    await service.resumeSession(sessionId, question?.interactionId ?? '', textAnswer('beans'));
    await readSession(service, sessionId);
    const { events } = await readSession(service, sessionId);
    assert.deepEqual(
      events.filter(({ ts }) => ts === undefined).map(({ type }) => type),
      [],
    );
    const times = events.map(({ ts }) => ts ?? 0);
    assert.deepEqual(
      times,
      [...times].sort((a, b) => a - b),
    );
  });

  test('what a model streams comes as content of its node', async () => {
    const { events } = await readSession(service, await start('tokens list'));
    const pieces = events.flatMap((event) =>
      event.type === 'agentEvent' && event.nodeId === 'poet' && 'content' in event.event ? [event.event] : [],
    );
    assert.ok(pieces.length > 1);
    assert.match(JSON.stringify(pieces).replaceAll(/[^a-zA-Z]/g, ''), /G.*r.*e.*e.*n/);
  });

  test('a session that is deleted elsewhere ends for its viewer, although its stream stays open', async () => {
    const sessionId = await start('slow deleted');
    const reading = readSession(service, sessionId, ({ events }) => events.length > 40);
    await readSession(service, sessionId, ({ events }) => events.some(({ type }) => type === 'agentEvent'));
    await server.call('DELETE', `/threads/${threadOf(sessionId)}`);
    const { events } = await reading;
    const last = events.at(-1);
    assert.deepEqual([last?.type, last?.synthetic], ['graphCancelled', true]);
  });

  test('a waiting session that is cancelled is cancelled in the list, too, and takes no answer', async () => {
    const sessionId = await start('question cancelled');
    const [question] = asked(await readSession(service, sessionId, hasAsked(1)));
    await service.cancelSession(sessionId);
    const { rows } = await readList(service, 'cancelled', ({ isComplete }) => isComplete);
    assert.equal(rows.get(sessionId)?.status, 'cancelled');
    await assert.rejects(
      service.resumeSession(sessionId, question?.interactionId ?? '', textAnswer('late')),
      code('session-terminal'),
    );
    assert.equal((await readSession(service, sessionId)).events.at(-1)?.type, 'graphCancelled');
  });

  test('each turn of a thread is a session, and deleting one leaves the others as they are', async () => {
    const first = await start('plain turns', { topic: 'one' });
    await readSession(service, first);
    const second = await server.call('POST', `/threads/${threadOf(first)}/runs`, {
      assistant_id: 'plain',
      input: { topic: 'two' },
      stream_mode: ['tasks', 'custom'],
      stream_resumable: true,
    });
    const secondId = `${threadOf(first)}~${isJsonObject(second) ? String(second['run_id']) : ''}`;
    await readSession(service, secondId);
    const before = await readList(service, 'turns', ({ isComplete }) => isComplete);
    assert.deepEqual(new Set(before.rows.keys()), new Set([first, secondId]));
    assert.deepEqual([...before.rows.values()].map(({ input }) => input).sort(), ['one', 'two']);
    await service.deleteSession(first);
    const after = await readList(service, 'turns', ({ isComplete }) => isComplete);
    assert.deepEqual([...after.rows.keys()], [secondId]);
    assert.equal((await readSession(service, secondId)).events.at(-1)?.type, 'graphComplete');
  });

  test('a list of 300 threads is whole, and a quiet look at it is one call', async () => {
    for (let count = 0; count < 300; count += 20) {
      await Promise.all(Array.from({ length: 20 }, () => start('plain many')));
    }
    const calls: string[] = [];
    const counting: typeof fetch = async (input, init) => {
      const { pathname } = new URL(String(input));
      // Each look begins with it.
      if (pathname === '/threads/search') calls.length = 0;
      calls.push(pathname);
      return fetch(input, init);
    };
    const began = performance.now();
    let wholeMs = 0;
    const isDone = (rows: ReadonlyMap<string, { readonly status: string }>) =>
      [...rows.values()].every(({ status }) => status === 'completed');
    const list = await readList(
      server.service({ fetch: counting }),
      'many',
      ({ rows, isComplete, messages }) => {
        if (isComplete && wholeMs === 0) wholeMs = performance.now() - began;
        const looks = messages.filter(({ kind }) => kind === 'connection').length;
        return rows.size === 300 && isDone(rows) && looks >= 3;
      },
    );
    assert.equal(list.rows.size, 300);
    console.log(`300 threads: ${Math.round(wholeMs)} ms`);
    assert.deepEqual([...new Set(calls)], ['/threads/search']);
  });

  test('after a restart, ended and waiting sessions are whole from their history, and can be answered', async () => {
    const ended = await start('plain restart');
    const before = await readSession(service, ended);
    const waiting = await start('question restart');
    const seen = await readSession(service, waiting, hasAsked(1));
    const running = await start('slow restart');
    await readSession(service, running, ({ events }) => events.length > 1);
    await server.stop();
    await server.resume();
    const again = await readSession(service, ended);
    const steps = (events: readonly GraphRunEvent[]) =>
      facts(events.filter(({ type }) => type !== 'agentEvent')).map(({ type }) => type);
    assert.deepEqual(steps(again.events), steps(before.events));
    const [question] = asked(seen);
    const resumed = await service.resumeSession(
      waiting,
      question?.interactionId ?? '',
      textAnswer('after the restart'),
    );
    assert.equal(resumed.isDuplicate, false);
    const { events, messages } = await readSession(service, waiting, undefined, {
      cursor: seen.cursor ?? '',
    });
    assert.ok(messages.some(({ kind }) => kind === 'reset'));
    assert.match(JSON.stringify(events.at(-1)), /after the restart/);
    // Its engine never finishes the run that it was killed in; a deletion ends it for everyone.
    const isSilent = (message: SessionMessage) =>
      message.kind === 'connection' && message.connection.silentSinceMs !== undefined;
    await readSession(service, running, (reading) => reading.messages.some(isSilent));
    const hanging = readSession(service, running);
    await service.deleteSession(running);
    assert.equal((await hanging).events.at(-1)?.type, 'graphCancelled');
  });
});
