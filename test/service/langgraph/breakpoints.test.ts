import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readList, readSession, type Reading } from '../../../src/conformance/watching.js';
import { toInteraction, toResponse } from '../../../src/protocol/questions/interactions.js';
import { EMPTY_SESSION } from '../../../src/protocol/empty-session.js';
import { applyEvents } from '../../../src/protocol/session-state.js';
import { LangGraphRunService } from '../../../src/service/langgraph/index.js';
import { FakeLangGraph } from '../../support/fake-langgraph.js';

const BEFORE_OUT = [{ id: 'x', name: 'out' }];
const QUESTION = 'breakpoint~r';
const CONTINUE = { confirm: true };

function serve() {
  const server = new FakeLangGraph();
  const open = () => new LangGraphRunService({ url: 'http://127.0.0.1:1', fetch: server.fetch, pollMs: 20 });
  return { server, service: open(), open };
}

const isAsked = ({ events }: Reading): boolean => events.some(({ type }) => type === 'inputRequired');

describe('a run of LangGraph’s server that has stopped at a static breakpoint', () => {
  it('waits for a person, with the names of the nodes that run next', async () => {
    const { server, service } = serve();
    server.run('r', BEFORE_OUT);
    const { events } = await readSession(service, 't~r', isAsked);
    const state = applyEvents(EMPTY_SESSION, events);
    assert.equal(state.status, 'suspended');
    const question = events.find((event) => event.type === 'inputRequired');
    assert.ok(question !== undefined);
    assert.deepEqual([question.nodeId, question.interactionId], ['out', QUESTION]);
    const interaction = toInteraction(question);
    assert.ok(interaction.kind === 'confirm');
    assert.deepEqual(interaction.before, ['out']);
    assert.deepEqual(toResponse(interaction, { kind: 'confirm' }), CONTINUE);
    const { rows } = await readList(service, 'g', (reading) => reading.rows.size > 0);
    const { status, pendingInputs } = rows.get('t~r') ?? {};
    assert.deepEqual([status, pendingInputs], ['suspended', 1]);
  });

  it('is continued by a run without an input, with the breakpoints of the run that has stopped', async () => {
    const { server, service } = serve();
    server.run('r', BEFORE_OUT, { input: {}, interrupt_before: ['out'], interrupt_after: '*' });
    const result = await service.resumeSession('t~r', QUESTION, CONTINUE);
    assert.equal(result.isDuplicate, false);
    const { input, command, interrupt_before: names, interrupt_after: all } = server.started[0] ?? {};
    assert.deepEqual([input, command, names, all], [null, undefined, ['out'], '*']);
    server.write('own1');
    server.end('own1');
    const { events } = await readSession(service, 't~r');
    assert.deepEqual(
      events.map((event) => ('nodeId' in event ? `${event.type} ${event.nodeId}` : event.type)),
      [
        'graphStart',
        'inputRequired out',
        'inputResolved out',
        'nodeStart out',
        'nodeEnd out',
        'graphComplete',
      ],
    );
    const { rows } = await readList(service, 'g', (reading) => reading.isComplete);
    assert.deepEqual(
      [...rows.values()].map(({ sessionId, status }) => [sessionId, status]),
      [['t~r', 'completed']],
    );
  });

  it('is continued once: a second tab, and a page of others that was faster, make the answer a duplicate', async () => {
    const { server, service, open } = serve();
    server.run('r', BEFORE_OUT);
    // The server refuses a run while another one is in progress.
    server.refuses = () => server.started.length > 0;
    const answers = await Promise.all(
      [service, open(), open()].map((each) => each.resumeSession('t~r', QUESTION, CONTINUE)),
    );
    assert.deepEqual(answers.map(({ isDuplicate }) => isDuplicate).sort(), [false, true, true]);
    assert.equal(server.started.length, 1);
    server.write('own1');
    server.end('own1');
    const late = await service.resumeSession('t~r', QUESTION, CONTINUE);
    assert.equal(late.isDuplicate, true);
    assert.equal(server.started.length, 1);
  });

  it('is continued once by several tabs although each run ends at once, at the next breakpoint', async () => {
    const { server, service, open } = serve();
    server.run('r', BEFORE_OUT);
    server.onStart = (runId) => {
      server.write(runId, { id: `after ${runId}`, name: 'last' });
      server.end(runId);
    };
    const answers = await Promise.all(
      [service, open(), open(), open()].map((each) => each.resumeSession('t~r', QUESTION, CONTINUE)),
    );
    assert.equal(answers.filter(({ isDuplicate }) => !isDuplicate).length, 1);
    assert.equal(server.started.length, 1);
    // What kept the others out is gone.
    assert.equal(server.otherThreads, 0);
  });

  it('is continued by the next tab if the one that was about to has gone', async () => {
    const { server, service } = serve();
    server.run('r', BEFORE_OUT);
    const gone = new AbortController();
    server.before = (call) => {
      if (call === 'POST /threads/t/runs' || call.startsWith('DELETE')) return new Promise(() => undefined);
      return undefined;
    };
    const first = service.resumeSession('t~r', QUESTION, CONTINUE, { signal: gone.signal });
    first.catch(() => undefined);
    while (server.otherThreads === 0) await new Promise((resolve) => setImmediate(resolve));
    server.before = () => undefined;
    const other = new LangGraphRunService({
      url: 'http://127.0.0.1:1',
      fetch: server.fetch,
      pollMs: 20,
    });
    assert.equal((await other.resumeSession('t~r', QUESTION, CONTINUE)).isDuplicate, false);
    assert.equal(server.started.length, 1);
  });

  it('is continued without a claim where the server takes no ids of its callers', async () => {
    const { server } = serve();
    server.run('r', BEFORE_OUT);
    const fetching: typeof fetch = async (input, init) =>
      new URL(String(input)).pathname === '/threads'
        ? new Response('{"detail":"no uuid"}', { status: 422 })
        : server.fetch(input, init);
    const own = new LangGraphRunService({ url: 'http://127.0.0.1:1', fetch: fetching, pollMs: 20 });
    assert.equal((await own.resumeSession('t~r', QUESTION, CONTINUE)).isDuplicate, false);
  });

  it('is not continued past the next breakpoint by an answer to the one before', async () => {
    const { server, service } = serve();
    server.run('r', BEFORE_OUT);
    server.run('s', [{ id: 'y', name: 'last' }], { input: null });
    assert.equal((await service.resumeSession('t~r', QUESTION, CONTINUE)).isDuplicate, true);
    assert.deepEqual(server.started, []);
    const { events } = await readSession(service, 't~r', ({ events: all }) =>
      all.some((event) => event.type === 'inputRequired' && event.interactionId === 'breakpoint~s'),
    );
    assert.equal(applyEvents(EMPTY_SESSION, events).status, 'suspended');
  });

  it('takes back its own run if another one has continued meanwhile', async () => {
    const { server, service } = serve();
    server.run('r', BEFORE_OUT);
    server.before = (call) => {
      if (call !== 'POST /threads/t/runs') return;
      server.before = () => undefined;
      server.run('s', [{ id: 'y', name: 'last' }], { input: null });
    };
    const pending: string[] = [];
    const fetching: typeof fetch = async (input, init) => {
      const answer = await server.fetch(input, init);
      const path = new URL(String(input)).pathname;
      // It is queued, and has not begun.
      if (path !== '/threads/t/runs/own1' || init?.method === 'DELETE') return answer;
      pending.push(path);
      return Response.json({ ...(await answer.json()), status: 'pending' });
    };
    const own = new LangGraphRunService({ url: 'http://127.0.0.1:1', fetch: fetching, pollMs: 20 });
    assert.equal((await own.resumeSession('t~r', QUESTION, CONTINUE)).isDuplicate, true);
    assert.equal(pending.length, 1);
    assert.ok(server.calls.includes('DELETE /threads/t/runs/own1'));
    void service;
  });

  it('is cancelled as any session that waits, and takes no answer then', async () => {
    const { server, service } = serve();
    server.run('r', BEFORE_OUT);
    assert.deepEqual(await service.cancelSession('t~r'), { status: 'cancelled' });
    server.run('s', [], { input: {} });
    await assert.rejects(service.resumeSession('t~r', QUESTION, CONTINUE), { code: 'session-terminal' });
    assert.deepEqual(server.started, []);
  });

  it('takes nothing but “continue”, and no such question exists where a run has not stopped', async () => {
    const { server, service } = serve();
    server.run('r', BEFORE_OUT);
    await assert.rejects(service.resumeSession('t~r', QUESTION, {}), { code: 'invalid-response' });
    await assert.rejects(service.resumeSession('t~r', 'breakpoint~other', CONTINUE), {
      code: 'interaction-not-found',
    });
    assert.deepEqual(server.started, []);
  });
});

describe('a run without an input', () => {
  it('is a turn of its own after a run that had nothing left to do, which stays as it ended', async () => {
    const { server, service } = serve();
    server.run('r', []);
    server.run('s', [], { input: null });
    const { rows } = await readList(service, 'g', (reading) => reading.isComplete);
    assert.deepEqual([...rows.keys()].sort(), ['t~r', 't~s']);
  });

  it('is a turn of its own from an older checkpoint, and after a failure', async () => {
    const { server, service } = serve();
    server.run('r', BEFORE_OUT);
    server.run('s', [], { input: null, config: { configurable: { checkpoint_id: '0' } } });
    server.begin('u');
    server.write('u', { id: 'z', name: 'out' });
    server.end('u', 'error');
    server.run('v', [], { input: null });
    const { rows } = await readList(service, 'g', (reading) => reading.isComplete);
    assert.deepEqual([...rows.keys()].sort(), ['t~r', 't~s', 't~u', 't~v']);
  });
});
