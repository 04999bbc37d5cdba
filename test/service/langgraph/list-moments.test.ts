/* The list reads a thread and its runs one after the other: what happens in between must not make it say what never was. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readList } from '../../../src/conformance/watching.js';
import { LangGraphRunService } from '../../../src/service/langgraph/index.js';
import { FakeLangGraph, type FakeTask } from '../../support/fake-langgraph.js';

const asks = (id: string): FakeTask => ({
  id: `task-${id}`,
  name: 'ask',
  interrupts: [{ id, value: `${id}?` }],
});

function serve() {
  const server = new FakeLangGraph();
  const service = new LangGraphRunService({ url: 'http://127.0.0.1:1', fetch: server.fetch, pollMs: 20 });
  return { server, service };
}

/** Does something once, between the search of the list and the look at the runs of its thread. */
function betweenLooks(server: FakeLangGraph, happens: () => void): void {
  server.before = (call) => {
    if (call !== 'GET /threads/t/runs') return;
    server.before = () => undefined;
    happens();
  };
}

/** The statuses of the only row, in their order, until it has one of `last`. */
async function statuses(service: LangGraphRunService, last: string): Promise<readonly string[]> {
  const { messages } = await readList(service, 'g', ({ rows }) => [...rows.values()].at(-1)?.status === last);
  return messages.flatMap((message) => (message.kind === 'row' ? [message.row.status] : []));
}

describe('a row of the list, when a run ends between the look at its thread and the one at its runs', () => {
  it('waits if the run has asked, and was never completed', async () => {
    const { server, service } = serve();
    betweenLooks(server, () => server.run('r', [asks('q')]));
    assert.deepEqual(await statuses(service, 'suspended'), ['suspended']);
  });

  it('waits for the next question if the run that answered the one before has asked it', async () => {
    const { server, service } = serve();
    server.run('r', [asks('q')]);
    betweenLooks(server, () => server.run('s', [asks('p')], { command: { resume: { q: 'beans' } } }));
    const { rows } = await readList(service, 'g', (reading) => reading.rows.size > 0);
    const { status, pendingInputs, question } = rows.get('t~r') ?? {};
    assert.deepEqual([status, pendingInputs, question], ['suspended', 1, 'p?']);
  });

  it('waits at once if the thread was still busy, and is not running with an open question', async () => {
    for (const left of [asks('q'), { id: 'x', name: 'out' }]) {
      const { server, service } = serve();
      server.begin('r');
      betweenLooks(server, () => {
        server.write('r', left);
        server.end('r');
      });
      const { rows } = await readList(service, 'g', (reading) => reading.rows.size > 0);
      const { status, pendingInputs } = rows.get('t~r') ?? {};
      assert.deepEqual([status, pendingInputs], ['suspended', 1]);
    }
  });

  it('is completed if the run was the last one, and waits for nothing that it has answered', async () => {
    const { server, service } = serve();
    server.run('r', [asks('q')]);
    betweenLooks(server, () => server.run('s', [], { command: { resume: { q: 'beans' } } }));
    const { rows } = await readList(service, 'g', (reading) => reading.rows.size > 0);
    const { status, pendingInputs, question } = rows.get('t~r') ?? {};
    assert.deepEqual([status, pendingInputs, question], ['completed', 0, undefined]);
  });

  it('waits at a breakpoint, and is completed when a run has continued it meanwhile', async () => {
    const { server, service } = serve();
    betweenLooks(server, () => server.run('r', [{ id: 'x', name: 'out' }]));
    assert.deepEqual(await statuses(service, 'suspended'), ['suspended']);
    betweenLooks(server, () => server.run('s', [], { input: null }));
    assert.deepEqual(await statuses(service, 'completed'), ['completed']);
  });

  it('costs no further call where the thread is as new as its last run', async () => {
    const { server, service } = serve();
    server.run('r', []);
    await statuses(service, 'completed');
    assert.deepEqual(server.calls, ['POST /threads/search', 'GET /threads/t/runs']);
  });
});

describe('a call for a session whose run has ended since its thread was read', () => {
  it('cancels it where it waits, and does not take it for completed', async () => {
    const { server, service } = serve();
    server.begin('r');
    betweenLooks(server, () => {
      server.write('r', asks('q'));
      server.end('r');
    });
    assert.deepEqual(await service.cancelSession('t~r'), { status: 'cancelled' });
    assert.ok(server.calls.includes('POST /threads/t/state'));
  });

  it('does not refuse an answer to a question that came since its state was read, as one to an ended session', async () => {
    const { server, service } = serve();
    server.begin('r');
    server.write('r', { id: 'x', name: 'ask' });
    betweenLooks(server, () => {
      server.write('r', asks('q'));
      server.end('r');
    });
    await assert.rejects(service.resumeSession('t~r', 'q', {}), { code: 'interaction-not-found' });
  });
});

describe('a run that its server calls running', () => {
  const joinable = { input: {}, resumable: true, stream_mode: ['tasks'] };

  it('says in its row since when there is no sign of it, if the server has lost its stream', async () => {
    const { server, service } = serve();
    server.begin('r', joinable);
    server.write('r', { id: 'x', name: 'work' });
    const { rows } = await readList(
      service,
      'g',
      (reading) => reading.rows.get('t~r')?.silentSince !== undefined,
    );
    const { status, silentSince } = rows.get('t~r') ?? {};
    assert.deepEqual([status, silentSince], ['running', Date.parse('2026-01-01T00:00:00.030Z') / 1000]);
  });

  it('says nothing of the kind while the server has its stream, or where only one reader may join it', async () => {
    for (const [kwargs, stream] of [
      [joinable, 'id: 0\nevent: metadata\ndata: {}\n\n'],
      [{ ...joinable, resumable: false }, ''],
    ] as const) {
      const { server, service } = serve();
      server.begin('r', kwargs);
      server.streams.set('r', stream);
      const left = new AbortController();
      let looks = 0;
      server.before = (call) => {
        if (call === 'POST /threads/search' && (looks += 1) > 3) left.abort();
      };
      const { rows } = await readList(service, 'g', () => false, left.signal);
      assert.equal(rows.get('t~r')?.silentSince, undefined);
      const joins = server.calls.filter((call) => call.endsWith('/stream'));
      assert.equal(joins.length, kwargs.resumable ? 1 : 0);
    }
  });
});
