import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readSession, type Reading } from '../../../src/conformance/watching.js';
import type { ConnectionState, MonitorMessage } from '../../../src/protocol/stream/messages.js';
import { SessionHistoryController } from '../../../src/controller/session-history-controller.js';
import { LangGraphRunService } from '../../../src/service/langgraph/index.js';

/** A `fetch` that answers with these, one after the other, and the last one for ever; an error means no answer. */
function answering(...answers: readonly (Error | (() => Response))[]) {
  const calls: string[] = [];
  const scripted: typeof fetch = async (input, init) => {
    const answer = answers[Math.min(calls.length, answers.length - 1)];
    calls.push(`${init?.method ?? 'GET'} ${new URL(String(input)).pathname}`);
    if (answer === undefined || answer instanceof Error) throw answer;
    return answer();
  };
  return { calls, fetch: scripted };
}

const json = (value: unknown) => () => Response.json(value);
const status = (code: number) => () => new Response('no', { status: code });

function phases(messages: readonly MonitorMessage[]): readonly ConnectionState['phase'][] {
  return messages.flatMap((message) => (message.kind === 'connection' ? [message.connection.phase] : []));
}

describe('the list of LangGraph’s server', () => {
  async function read(service: LangGraphRunService, until: (all: readonly MonitorMessage[]) => boolean) {
    const all: MonitorMessage[] = [];
    for await (const batch of service.monitorSessions('plain')) {
      all.push(...batch);
      if (until(all)) break;
    }
    return all;
  }

  it('waits when its server cannot be reached, and is whole after that', async () => {
    const { fetch, calls } = answering(new TypeError('refused'), json([]));
    const service = new LangGraphRunService({ url: 'http://127.0.0.1:1/', fetch });
    const all = await read(service, (messages) => phases(messages).includes('live'));
    assert.deepEqual(phases(all), ['connecting', 'backoff', 'live']);
    assert.equal(all.filter(({ kind }) => kind === 'snapshotComplete').length, 1);
    assert.deepEqual(calls, ['POST /threads/search', 'POST /threads/search']);
  });

  it('ends when its server refuses the headers of the host, which it asks for twice', async () => {
    let asked = 0;
    const { fetch } = answering(status(401));
    const headers = () => {
      asked += 1;
      return { 'x-api-key': 'old' };
    };
    const service = new LangGraphRunService({ url: 'http://127.0.0.1:1', fetch, headers });
    await assert.rejects(
      read(service, () => false),
      { code: 'unauthenticated' },
    );
    assert.equal(asked, 2);
  });

  it('asks less often while nothing happens, and says so', async () => {
    const { fetch } = answering(json([]));
    const service = new LangGraphRunService({ url: 'http://127.0.0.1:1', fetch, pollMs: 10 });
    const all = await read(service, (messages) => phases(messages).length === 3);
    assert.deepEqual(
      all.flatMap((message) => (message.kind === 'connection' ? [message.connection.pollMs] : [])),
      [undefined, 10, 50],
    );
  });

  it('has every session, however its first look breaks', async () => {
    const threads = Array.from({ length: 9 }, (_, at) => ({ thread_id: `t${at}` }));
    const broken = new Set(['t2', 't8']);
    const scripted: typeof fetch = async (input) => {
      const { pathname } = new URL(String(input));
      const [, threadId = ''] = /threads\/(t\d)\/runs/.exec(pathname) ?? [];
      if (broken.delete(threadId)) return new Response('no', { status: 503 });
      return Response.json(threadId === '' ? threads : [{ run_id: 'r', status: 'success', kwargs: {} }]);
    };
    const service = new LangGraphRunService({ url: 'http://127.0.0.1:1', fetch: scripted, pollMs: 10 });
    const history = new SessionHistoryController();
    const connection = service.monitorSessions('plain');
    for await (const batch of connection) {
      history.apply(batch);
      connection.retryNow();
      if (phases(batch).includes('live')) break;
    }
    assert.deepEqual(
      [...history.sessionIds].sort(),
      threads.map(({ thread_id: threadId }) => `${threadId}~r`),
    );
  });

  it('is not read when it is something else than a list', async () => {
    const { fetch } = answering(json({ detail: 'a login page' }), json([{ no: 'id' }]), json([]));
    const service = new LangGraphRunService({ url: 'http://127.0.0.1:1', fetch });
    const all = await read(service, (messages) => phases(messages).includes('live'));
    assert.deepEqual(phases(all), ['connecting', 'backoff', 'backoff', 'live']);
  });
});

describe('a session of LangGraph’s server', () => {
  it('has its steps from the history when the stream of its ended run brings nothing', async () => {
    const run = {
      run_id: 'r',
      status: 'success',
      created_at: '2026-01-01T00:00:00Z',
      kwargs: { input: {}, resumable: true, stream_mode: ['tasks'] },
    };
    const task = { id: 't', name: 'work', result: { text: 'done' } };
    const states = [
      { checkpoint: { checkpoint_id: 'b' }, parent_checkpoint: { checkpoint_id: 'a' }, tasks: [] },
      { checkpoint: { checkpoint_id: 'a' }, tasks: [task] },
    ].map((state) => ({ ...state, metadata: { run_id: 'r' }, created_at: '2026-01-01T00:00:01Z' }));
    const scripted: typeof fetch = async (input) => {
      const { pathname } = new URL(String(input));
      if (pathname.endsWith('/stream')) return new Response('');
      if (pathname === '/threads/search') return Response.json([{ thread_id: 't' }]);
      if (pathname.endsWith('/runs')) return Response.json([run]);
      return Response.json(pathname.endsWith('/history') ? states : run);
    };
    const service = new LangGraphRunService({ url: 'http://127.0.0.1:1', fetch: scripted, pollMs: 50 });
    const { events } = await readSession(service, 't~r');
    assert.deepEqual(
      events.map(({ type }) => type),
      ['graphStart', 'nodeStart', 'nodeEnd', 'graphComplete'],
    );
  });

  it('says when its run gave the last sign, if the server has no stream of it and calls it running', async () => {
    const run = { run_id: 'r', status: 'running', created_at: '2026-01-01T00:00:00Z', kwargs: {} };
    const joinable = { ...run, kwargs: { input: {}, resumable: true, stream_mode: ['tasks'] } };
    const state = (at: string, tasks: readonly unknown[]) => ({
      created_at: at,
      checkpoint: { checkpoint_id: at },
      metadata: { run_id: 'r' },
      tasks,
    });
    const task = { id: 't', name: 'work', checkpoint: { checkpoint_ns: 'work:t' } };
    const answerOf = (path: string, body: string): unknown => {
      if (path === '/threads/search') return [{ thread_id: 't' }];
      if (path.endsWith('/runs')) return [joinable];
      if (path.endsWith('/runs/r')) return joinable;
      // The newest sign is one of a step inside the node.
      if (path.endsWith('/history')) {
        return body.includes('work:t')
          ? [state('2026-01-01T00:00:09Z', [])]
          : [state('2026-01-01T00:00:04Z', [task])];
      }
      return {};
    };
    const scripted: typeof fetch = async (input, init) => {
      const { pathname } = new URL(String(input));
      if (!pathname.endsWith('/stream')) return Response.json(answerOf(pathname, String(init?.body ?? '')));
      // As after a restart: it stays open, and says nothing.
      const body = new ReadableStream<Uint8Array>({
        start: (controller) =>
          init?.signal?.addEventListener('abort', () => controller.error(init.signal?.reason)),
      });
      return new Response(body);
    };
    const service = new LangGraphRunService({ url: 'http://127.0.0.1:1', fetch: scripted, pollMs: 50 });
    const signs = ({ messages }: Reading) =>
      messages.flatMap((message) =>
        message.kind === 'connection' ? (message.connection.silentSinceMs ?? []) : [],
      );
    const reading = await readSession(service, 't~r', (all) => signs(all).length > 0);
    assert.deepEqual(signs(reading), [Date.parse('2026-01-01T00:00:09Z')]);
    // It may still be busy: nothing says that it has ended.
    assert.equal(reading.events.at(-1)?.type, 'nodeStart');
  });
});

describe('a call of LangGraph’s server', () => {
  it('for a session that it cannot have asks nothing of the server', async () => {
    const { fetch, calls } = answering(json([]));
    const service = new LangGraphRunService({ url: 'http://127.0.0.1:1', fetch });
    await assert.rejects(service.resumeSession('other', 'q', {}), { code: 'session-not-found' });
    await assert.rejects(service.cancelSession('other'), { code: 'session-not-found' });
    await service.deleteSession('other');
    assert.deepEqual(calls, []);
  });

  it('for a graph that the server does not have is refused with the name', async () => {
    const { fetch, calls } = answering(json({ thread_id: 't' }), status(404));
    const service = new LangGraphRunService({ url: 'http://127.0.0.1:1', fetch });
    await assert.rejects(service.createSession({ graphId: 'nothing' }), {
      code: 'invalid-graph',
      message: /nothing/,
    });
    // The thread that it was to run on does not stay behind.
    assert.deepEqual(calls, ['POST /threads', 'POST /threads/t/runs', 'DELETE /threads/t']);
  });

  it('never asks the server to wait for a cancelled run, which would end the wait of others', async () => {
    const urls: string[] = [];
    const run = (state: string) => [
      { run_id: 'r', status: state, created_at: '2026-01-01', kwargs: { input: {} } },
    ];
    const answers = [[{ thread_id: 't' }], run('running'), '', [{ thread_id: 't' }], run('interrupted')];
    const scripted: typeof fetch = async (input) => {
      urls.push(String(input));
      return Response.json(answers[urls.length - 1]);
    };
    const service = new LangGraphRunService({ url: 'http://127.0.0.1:1', fetch: scripted });
    assert.deepEqual(await service.cancelSession('t~r'), { status: 'cancelled' });
    assert.deepEqual(
      urls.filter((url) => url.includes('cancel')),
      ['http://127.0.0.1:1/threads/t/runs/r/cancel?action=interrupt'],
    );
  });
});
