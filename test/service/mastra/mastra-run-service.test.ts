import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '../../../src/protocol/values/json.js';
import type {
  ConnectionState,
  MonitorMessage,
  SessionMessage,
} from '../../../src/protocol/stream/messages.js';
import { MastraRunService } from '../../../src/service/mastra/index.js';

const RUN = 'w/runs/r';
const json = (value: unknown, status = 200) => Response.json(value, { status });
const page = (runs: readonly unknown[]) => json({ runs, total: runs.length });
const login = () => new Response('<html>Sign in</html>', { headers: { 'Content-Type': 'text/html' } });
const stream = (...chunks: readonly unknown[]) =>
  new Response(chunks.map((chunk) => `${JSON.stringify(chunk)}\u001E`).join(''));
const refusal = (errorMessage: string) => ({
  type: 'workflow-finish',
  payload: { metadata: { errorMessage } },
});
const begun = (resumePayload: JsonObject) => ({
  type: 'workflow-step-start',
  payload: { id: 'ask', resumePayload },
});

const schema = { type: 'object', properties: { answer: { type: 'string' } } };
const workflow = {
  name: 'w',
  steps: { ask: { resumeSchema: JSON.stringify({ json: schema }) } },
};

/** A run of one step that asks. */
function run(status: string, step: JsonObject): JsonObject {
  const steps = { ask: { startedAt: 10, ...step } };
  const serializedStepGraph = [{ type: 'step', step: { id: 'ask' } }];
  return { runId: 'r', status, createdAt: 5, updatedAt: 30, steps, serializedStepGraph };
}
const WAITS = run('suspended', { status: 'suspended', suspendedAt: 20, suspendPayload: { question: 'A?' } });
const ANSWERED = run('success', {
  status: 'success',
  resumedAt: 25,
  endedAt: 30,
  resumePayload: { answer: 'ann' },
});
const answer = (text: string) => ({ input: { role: 'user', parts: [{ text }] } });

/** A service on a server that answers by route; the last answer of a route stays. A function is called each time. */
function serviceWith(routes: Readonly<Record<string, readonly (() => Response)[]>>) {
  const calls: string[] = [];
  const bodies: unknown[] = [];
  const counts = new Map<string, number>();
  const scripted: typeof fetch = async (input, init) => {
    const path = new URL(String(input)).pathname.replace('/api/workflows/', '');
    const route = `${init?.method ?? 'GET'} ${path}`;
    calls.push(route);
    if (typeof init?.body === 'string') bodies.push(JSON.parse(init.body));
    const answers = routes[route] ?? [];
    const count = counts.get(route) ?? 0;
    counts.set(route, count + 1);
    return answers[Math.min(count, answers.length - 1)]?.() ?? json({ error: 'not found' }, 404);
  };
  const service = new MastraRunService({ url: 'http://127.0.0.1:1/', fetch: scripted, pollMs: 10 });
  return { service, calls, bodies };
}

function phases(messages: readonly (MonitorMessage | SessionMessage)[]): readonly ConnectionState['phase'][] {
  return messages.flatMap((message) => (message.kind === 'connection' ? [message.connection.phase] : []));
}

describe('an answer to a step of Mastra’s server', () => {
  const waiting = { 'GET w': [() => json(workflow)], [`GET ${RUN}`]: [() => json(WAITS)] };

  it('is accepted when the stream shows it at the step', async () => {
    const { service, bodies } = serviceWith({
      ...waiting,
      'POST w/resume-stream': [() => stream(begun({ answer: 'ann' }))],
    });
    const result = await service.resumeSession('w~r', 'ask@10', answer('ann'));
    assert.deepEqual(result, { status: 'running', isDuplicate: false });
    assert.deepEqual(bodies, [{ step: 'ask', resumeData: { answer: 'ann' } }]);
  });

  it('is a duplicate or a conflict when another one was first, as the record says', async () => {
    const routes = {
      'GET w': [() => json(workflow)],
      [`GET ${RUN}`]: [() => json(WAITS), () => json(ANSWERED)],
      'POST w/resume-stream': [() => stream(refusal('This workflow run was not suspended'))],
    };
    assert.deepEqual(await serviceWith(routes).service.resumeSession('w~r', 'ask@10', answer('ann')), {
      status: 'running',
      isDuplicate: true,
    });
    await assert.rejects(serviceWith(routes).service.resumeSession('w~r', 'ask@10', answer('bob')), {
      code: 'interaction-conflict',
    });
  });

  it('is refused with the words of the server while its question stays open', async () => {
    const { service } = serviceWith({
      ...waiting,
      'POST w/resume-stream': [() => stream(refusal('Invalid resume data: too short'))],
    });
    await assert.rejects(service.resumeSession('w~r', 'ask@10', answer('ann')), {
      code: 'invalid-response',
      message: /too short/,
    });
  });

  it('is never taken for accepted when something else answers in place of the server', async () => {
    const { service } = serviceWith({ 'GET w': [login], [`GET ${RUN}`]: [login] });
    await assert.rejects(service.resumeSession('w~r', 'ask@10', answer('ann')), { code: 'protocol-error' });
    const other = serviceWith({ ...waiting, [`GET ${RUN}`]: [() => json({ ...WAITS, runId: 'other' })] });
    await assert.rejects(other.service.resumeSession('w~r', 'ask@10', answer('ann')), {
      code: 'protocol-error',
    });
  });

  it('is sent for a question of the record alone', async () => {
    const { service, calls } = serviceWith(waiting);
    await assert.rejects(service.resumeSession('w~r', 'ask@11', answer('ann')), {
      code: 'interaction-not-found',
    });
    await assert.rejects(service.resumeSession('other', 'q', {}), { code: 'session-not-found' });
    assert.equal(calls.filter((call) => call.startsWith('POST')).length, 0);
  });
});

describe('a call of Mastra’s server', () => {
  it('for a session that it cannot have asks nothing of the server', async () => {
    const { service, calls } = serviceWith({});
    await assert.rejects(service.cancelSession('other'), { code: 'session-not-found' });
    await service.deleteSession('other');
    assert.deepEqual(calls, []);
  });

  it('for a workflow that it does not have is refused with its name', async () => {
    const { service } = serviceWith({});
    await assert.rejects(service.createSession({ graphId: 'nothing' }), {
      code: 'invalid-graph',
      message: /nothing/,
    });
  });

  it('that starts a run with a wrong input is refused, and leaves no run behind', async () => {
    const { service, calls } = serviceWith({
      'POST w/create-run': [() => json({ runId: 'r' })],
      'POST w/stream': [() => stream({ type: 'workflow-start', payload: {} }, refusal('topic: expected'))],
      [`DELETE ${RUN}`]: [() => json({ message: 'deleted' })],
    });
    await assert.rejects(service.createSession({ graphId: 'w' }), {
      code: 'invalid-request',
      message: 'topic: expected',
    });
    assert.deepEqual(calls, ['POST w/create-run', 'POST w/stream', `DELETE ${RUN}`]);
  });

  it('that cancels reads the status, because the answer is the same for a run that has ended', async () => {
    const ended = serviceWith({ [`GET ${RUN}`]: [() => json(ANSWERED)] });
    assert.deepEqual(await ended.service.cancelSession('w~r'), { status: 'completed' });
    assert.deepEqual(ended.calls, [`GET ${RUN}`]);
    const deaf = serviceWith({
      [`GET ${RUN}`]: [() => json(WAITS)],
      [`POST ${RUN}/cancel`]: [() => json({ message: 'Workflow run cancelled' })],
    });
    await assert.rejects(deaf.service.cancelSession('w~r'), { code: 'unavailable' });
  });

  it('that changes something is not done when something else answers in place of the server', async () => {
    const ended = () => json(ANSWERED);
    for (const routes of [
      { [`GET ${RUN}`]: [ended], [`DELETE ${RUN}`]: [login] },
      { [`GET ${RUN}`]: [() => json(WAITS)], [`POST ${RUN}/cancel`]: [login] },
      { [`GET ${RUN}`]: [login] },
    ]) {
      await assert.rejects(serviceWith(routes).service.deleteSession('w~r'), { code: 'protocol-error' });
    }
    for (const created of [login(), json({}), json({ runId: 7 }), json([])]) {
      const { service } = serviceWith({ 'POST w/create-run': [() => created] });
      await assert.rejects(service.createSession({ graphId: 'w' }), { code: 'protocol-error' });
    }
  });
});

describe('the list of Mastra’s server', () => {
  async function read(service: MastraRunService, until: (all: readonly MonitorMessage[]) => boolean) {
    const all: MonitorMessage[] = [];
    for await (const batch of service.monitorSessions('w')) {
      all.push(...batch);
      if (until(all)) break;
    }
    return all;
  }

  it('is not read when it is something else than a page of runs', async () => {
    const { service } = serviceWith({
      'GET w/runs': [login, () => json([]), () => json({ runs: [{ no: 'id' }], total: 1 }), () => page([])],
    });
    const all = await read(service, (messages) => phases(messages).includes('live'));
    assert.deepEqual(phases(all), ['connecting', 'backoff', 'backoff', 'backoff', 'live']);
    assert.equal(all.filter(({ kind }) => kind === 'snapshotComplete').length, 1);
  });

  it('has what a run began with, what it asks, and that it is deleted', async () => {
    const { steps, ...rest } = WAITS;
    const snapshot = { ...rest, context: { input: { topic: 'beans' }, ...(steps as JsonObject) } };
    const listed = { ...rest, snapshot };
    const { service } = serviceWith({
      'GET w': [() => json(workflow)],
      'GET w/runs': [() => page([listed]), () => page([])],
    });
    const all = await read(service, (messages) => messages.some(({ kind }) => kind === 'deleted'));
    const rows = all.flatMap((message) => (message.kind === 'row' ? [message.row] : []));
    assert.deepEqual(
      rows.map(({ sessionId, status, input, question, title }) => ({
        sessionId,
        status,
        input,
        question,
        title,
      })),
      [{ sessionId: 'w~r', status: 'suspended', input: 'beans', question: 'A?', title: 'w' }],
    );
  });
});

describe('a connection to a run of Mastra’s server', () => {
  async function read(service: MastraRunService, cursor?: string) {
    const all: SessionMessage[] = [];
    let last = '';
    for await (const batch of service.connectSession('w~r', cursor === undefined ? {} : { cursor })) {
      all.push(...batch.messages);
      last = batch.cursor;
      if (phases(all).includes('live') && cursor === undefined) break;
    }
    return { all, cursor: last };
  }
  const types = (all: readonly SessionMessage[]) =>
    all.flatMap((message) =>
      message.kind === 'event' ? [`${message.event.index} ${message.event.type}`] : [],
    );
  const common = { 'GET w': [() => json(workflow)], 'POST w/observe': [() => stream()] };

  it('continues after its cursor when the record shows what was delivered, and starts over when not', async () => {
    const first = await read(serviceWith({ ...common, [`GET ${RUN}`]: [() => json(WAITS)] }).service);
    assert.deepEqual(types(first.all), ['0 graphStart', '1 nodeStart', '2 inputRequired']);
    const ended = { ...common, [`GET ${RUN}`]: [() => json(ANSWERED)] };
    const second = await read(serviceWith(ended).service, first.cursor);
    assert.deepEqual(types(second.all), ['3 inputResolved', '4 nodeEnd', '5 graphComplete']);
    const other = { ...ANSWERED, steps: { ask: { status: 'success', startedAt: 12, endedAt: 30 } } };
    const third = await read(
      serviceWith({ ...common, [`GET ${RUN}`]: [() => json(other)] }).service,
      first.cursor,
    );
    assert.equal(third.all.filter(({ kind }) => kind === 'reset').length, 1);
    assert.deepEqual(types(third.all), ['0 graphStart', '1 nodeStart', '2 nodeEnd', '3 graphComplete']);
  });

  it('says that what was streamed is not kept where the server has no stream', async () => {
    const { all } = await read(serviceWith({ ...common, [`GET ${RUN}`]: [() => json(WAITS)] }).service);
    const start = all.find((message) => message.kind === 'start');
    assert.deepEqual(start?.fidelity, { pieces: 'none', times: 'steps' });
  });

  it('has what was streamed before the question that it led to', async () => {
    const chunks = [
      { type: 'workflow-step-start', payload: { id: 'ask', stepCallId: 'c' } },
      { type: 'workflow-step-output', payload: { stepName: 'ask', output: 'Hm' } },
      { type: 'workflow-step-suspended', payload: { id: 'ask', stepCallId: 'c' } },
    ];
    const { all } = await read(
      serviceWith({
        ...common,
        'POST w/observe': [() => stream(...chunks, ...chunks)],
        [`GET ${RUN}`]: [() => json(WAITS)],
      }).service,
    );
    assert.deepEqual(types(all), ['0 graphStart', '1 nodeStart', '2 agentEvent', '3 inputRequired']);
    assert.equal(all.find((message) => message.kind === 'start')?.fidelity?.pieces, 'all');
  });

  it('ends when the run was deleted, and fails when it never was there', async () => {
    const { service } = serviceWith({
      ...common,
      [`GET ${RUN}`]: [() => json(WAITS), () => json({ error: 'gone' }, 404)],
    });
    const { all } = await read(service, '');
    assert.deepEqual(types(all).at(-1), '3 graphCancelled');
    assert.equal(phases(all).at(-1), 'terminal');
    await assert.rejects(read(serviceWith(common).service), { code: 'session-gone' });
  });
});
