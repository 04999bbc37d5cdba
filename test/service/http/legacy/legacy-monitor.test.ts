import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import type { MonitorMessage } from '../../../../src/protocol/stream/messages.js';
import type { SessionSummary } from '../../../../src/protocol/session-summary.js';
import { HttpGraphRunService } from '../../../../src/service/http/http-graph-run-service.js';
import { LegacySnapshot } from '../../../../src/service/http/legacy/legacy-snapshot.js';
import { FakeEnvironment } from '../../../support/fake-environment.js';
import { originFrames } from '../../../support/origin-format.js';
import { OriginServer } from '../../../support/origin-server.js';

/** Writes a message as `id status` or `-id`, the ends of the list as `[` and `]`. */
function storyOf(messages: readonly MonitorMessage[]): readonly string[] {
  return messages.flatMap((message) => {
    switch (message.kind) {
      case 'snapshotStart':
        return ['['];
      case 'snapshotComplete':
        return [']'];
      case 'row':
        return [`${message.row.sessionId} ${message.row.status}`];
      case 'deleted':
        return [`-${message.sessionId}`];
      default:
        return [];
    }
  });
}

/** A list that is being read. */
class Watch {
  readonly messages: MonitorMessage[] = [];
  readonly #abort = new AbortController();
  readonly #waiting = new Set<() => void>();
  readonly #ended: Promise<void>;

  constructor(service: HttpGraphRunService, environment: FakeEnvironment) {
    this.#ended = this.#read(service, environment);
  }

  get story(): readonly string[] {
    return storyOf(this.messages);
  }

  /** Resolves when this entry was delivered, `count` times. */
  async until(entry: string, count = 1): Promise<void> {
    while (this.story.filter((delivered) => delivered === entry).length < count) {
      await new Promise<void>((resolve) => {
        this.#waiting.add(resolve);
      });
    }
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await this.#ended;
  }

  async #read(service: HttpGraphRunService, environment: FakeEnvironment): Promise<void> {
    for await (const batch of service.monitorSessions('g', { signal: this.#abort.signal })) {
      for (const message of batch) {
        this.messages.push(message);
        if (message.kind === 'connection' && message.connection.retryAtMs !== undefined) {
          void environment.advance(message.connection.retryAtMs - environment.wallNow());
        }
      }
      for (const resolve of this.#waiting) resolve();
      this.#waiting.clear();
    }
  }
}

async function setUp(t: TestContext, ids: readonly string[]) {
  const server = await OriginServer.start();
  t.after(() => server.close());
  const sessions = new Map(ids.map((id) => [id, server.addSession('g', id)] as const));
  const environment = new FakeEnvironment();
  const service = new HttpGraphRunService({ baseUrl: server.baseUrl, environment });
  const watch = new Watch(service, environment);
  t.after(() => watch.close());
  return { server, sessions, environment, watch };
}

describe('the list of an older server', () => {
  it('X2 M1 ends with the first row that is newer, already delivered or deleted', () => {
    const row = (sessionId: string, createdAt: number, status = 'running'): SessionSummary => ({
      sessionId,
      status,
      createdAt,
      updatedAt: createdAt,
      pendingInputs: 0,
    });
    const takes = (rows: readonly SessionSummary[]) => {
      const snapshot = new LegacySnapshot();
      return rows.map((next) => snapshot.take(next));
    };
    assert.deepEqual(takes([row('b', 2), row('a', 1), row('z', 1)]), [true, true, true]);
    assert.deepEqual(takes([row('b', 2), row('c', 3)]), [true, false]);
    assert.deepEqual(takes([row('b', 2), row('a', 1), row('b', 2)]), [true, true, false]);
    assert.deepEqual(takes([row('b', 2), row('a', 1, 'deleted')]), [true, false]);
  });

  it('X2 M1 recorded lists: their rows and the later changes', async () => {
    const expected: Readonly<Record<string, number>> = {
      'monitor.m1.sse': 1,
      'monitor.m2.sse': 2,
      'two-inputs.monitor.sse': 1,
      'delete-while-connected.monitor.sse': 1,
    };
    for (const [name, count] of Object.entries(expected)) {
      const bytes = readFileSync(new URL(`../../../fixtures/origin/${name}`, import.meta.url));
      const environment = new FakeEnvironment();
      const abort = new AbortController();
      const service = new HttpGraphRunService({
        baseUrl: 'http://host',
        environment,
        fetch: async () => new Response(bytes, { headers: { 'content-type': 'text/event-stream' } }),
      });
      const messages: MonitorMessage[] = [];
      for await (const batch of service.monitorSessions('g', { signal: abort.signal })) {
        messages.push(...batch);
        if (batch.some((message) => message.kind === 'connection' && message.connection.phase === 'backoff'))
          break;
      }
      const story = storyOf(messages);
      assert.equal(story.indexOf(']') - 1, count, name);
      const rows = story.filter((entry) => entry !== '[' && entry !== ']');
      const sent = originFrames(bytes.toString()).map(({ data }) =>
        data['status'] === 'deleted'
          ? `-${String(data['sessionId'])}`
          : `${String(data['sessionId'])} ${String(data['status'])}`,
      );
      assert.deepEqual(rows, sent, name);
    }
  });

  it('X2 M1 is complete after a second of silence, also when it is empty', async (t) => {
    for (const ids of [[], ['a', 'b']]) {
      const { environment, watch, server } = await setUp(t, ids);
      if (ids.length > 0) await watch.until('a running');
      else await waitForRequest(server);
      while (!watch.story.includes(']')) await environment.advance(1000);
      assert.deepEqual(watch.story, ['[', ...ids.map((id) => `${id} running`).reverse(), ']']);
      server.addSession('g', 'c');
      await watch.until('c running');
      await watch.close();
      assert.equal(environment.timerCount + environment.listenerCount, 0);
    }
  });

  it('X2 M1 is complete with a comment or a change', async (t) => {
    const { server, sessions, watch } = await setUp(t, ['a', 'b']);
    await watch.until('a running');
    server.pingMonitors();
    await watch.until(']');
    sessions.get('a')?.setStatus('suspended');
    await watch.until('a suspended');
    assert.deepEqual(watch.story, ['[', 'b running', 'a running', ']', 'a suspended']);
    const phases = watch.messages.flatMap((message) =>
      message.kind === 'connection' ? [message.connection.phase] : [],
    );
    assert.deepEqual(phases, ['connecting', 'replaying', 'live']);
  });

  it('X2 M2 unreported deletions show in the list five minutes later, after a request for each', async (t) => {
    const { server, environment, sessions, watch } = await setUp(t, ['a', 'b', 'c']);
    await watch.until('a running');
    sessions.get('c')?.setStatus('completed');
    await watch.until('c completed');
    server.forget('b');
    server.pingMonitors();
    await environment.advance(300_000);
    await watch.until('a running', 2);
    server.pingMonitors();
    await watch.until('-b');
    const again = watch.story.slice(watch.story.lastIndexOf('['));
    assert.deepEqual(again, ['[', 'c completed', 'a running', 'b running', ']', '-b']);
    assert.deepEqual(
      server.requests.map((request) => request.replace('&protocol=1', '')),
      ['GET ?graphId=g', 'GET ?graphId=g', 'GET /status'],
    );
  });

  it('X2 a session stays although its row was late', async (t) => {
    const { server, environment, watch } = await setUp(t, ['a', 'b']);
    await watch.until('a running');
    server.pingMonitors();
    await watch.until(']');
    const [late] = [...server.sessions.values()];
    assert.ok(late);
    await environment.advance(299_000);
    // It is not in the next list, but the server knows it.
    server.hideFromLists(late.sessionId);
    await environment.advance(1000);
    await watch.until('b running', 2);
    late.status = 'completed';
    server.pingMonitors();
    await watch.until('a completed');
    assert.ok(!watch.story.includes('-a'));
  });
});

async function waitForRequest(server: OriginServer): Promise<void> {
  while (server.requests.length === 0) {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  }
}
