import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ConnectionState, MonitorMessage } from '../../../src/protocol/messages.js';
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

  it('is not read when it is something else than a list', async () => {
    const { fetch } = answering(json({ detail: 'a login page' }), json([{ no: 'id' }]), json([]));
    const service = new LangGraphRunService({ url: 'http://127.0.0.1:1', fetch });
    const all = await read(service, (messages) => phases(messages).includes('live'));
    assert.deepEqual(phases(all), ['connecting', 'backoff', 'backoff', 'live']);
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
