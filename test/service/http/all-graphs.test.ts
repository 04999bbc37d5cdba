import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { createSessions } from '../../../src/actions/create-sessions.js';
import { memoryDraftStore } from '../../../src/controller/draft-store.js';
import { ALL_GRAPHS } from '../../../src/protocol/all-graphs.js';
import type { MonitorMessage } from '../../../src/protocol/stream/messages.js';
import { HttpGraphRunService } from '../../../src/service/http/http-graph-run-service.js';
import { FakeEnvironment } from '../../support/fake-environment.js';
import {
  FakeServer,
  FakeStream,
  jsonAnswer,
  problemAnswer,
  type FakeAnswer,
} from '../../support/fake-server.js';
import { OriginServer } from '../../support/origin-server.js';
import { ONE_NODE, PuppetRunner } from '../../support/puppet-runner.js';
import { TestServer } from '../../support/server.js';
import { eventually } from '../../support/watch.js';

const START = { graphs: 'all', protocol: 1, features: ['all-graphs'], revision: 1, heartbeatMs: 15_000 };

/** Reads the list of all graphs until it fails, and returns its code; back-offs take no time. */
async function failureOf(service: HttpGraphRunService, environment: FakeEnvironment): Promise<unknown> {
  try {
    for await (const batch of service.monitorSessions(ALL_GRAPHS)) {
      for (const message of batch) {
        if (message.kind !== 'connection' || message.connection.retryAtMs === undefined) continue;
        void environment.advance(message.connection.retryAtMs - environment.wallNow());
      }
    }
  } catch (error) {
    return error;
  }
  return undefined;
}

function listAnswer(start: object): FakeAnswer {
  return () => new FakeStream().send({ event: 'monitorStart', data: start }).end().response;
}

async function sessionsOn(t: TestContext, service: HttpGraphRunService) {
  const sessions = createSessions(service, { drafts: memoryDraftStore() });
  t.after(() => sessions.actions.dispose());
  sessions.actions.monitor(ALL_GRAPHS);
  return sessions;
}

describe('the list of all graphs over HTTP', () => {
  it('has the sessions of every graph, live, and reaches older ones by pages', async (t) => {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { runner, limits: { monitorRows: 3 } });
    const ids: string[] = [];
    for (let count = 0; count < 7; count += 1) ids.push(await server.create(ONE_NODE, `g${count % 3}`));
    const service = new HttpGraphRunService({ baseUrl: server.base });
    const { history, actions } = await sessionsOn(t, service);
    await eventually(() => history.isLoaded);
    assert.equal(service.capabilities.allGraphs, true);
    assert.deepEqual(
      history.sessionIds.map((id) => history.getSession(id)?.graphId),
      ['g0', 'g2', 'g1'],
    );
    while (history.older?.phase === 'ready') await actions.showOlder?.();
    assert.deepEqual([history.older?.phase, new Set(history.sessionIds)], ['complete', new Set(ids)]);
    const added = await server.create(ONE_NODE, 'another');
    await eventually(() => history.getSession(added)?.graphId === 'another');
    await runner.complete(ids[0] ?? '');
    await eventually(() => history.getSession(ids[0] ?? '')?.status === 'completed');
  });

  it('is asked for in words that no graph can be confused with', async () => {
    const server = new FakeServer();
    const abort = new AbortController();
    const reading = (async () => {
      const service = server.client(new FakeEnvironment());
      for await (const _ of service.monitorSessions(ALL_GRAPHS, { signal: abort.signal }));
    })();
    await eventually(() => server.requests.length === 1);
    assert.equal(server.requests[0]?.path, '?graphs=all&protocol=1');
    abort.abort();
    await reading;
  });

  it('is refused by a server of version 1 without it: one request, and a sentence', async (t) => {
    const environment = new FakeEnvironment();
    const server = FakeServer.withAnswers(problemAnswer(400, 'missing-graph-id'));
    const { history } = await sessionsOn(t, server.client(environment));
    await eventually(() => history.monitor.phase === 'failed');
    assert.equal(history.monitor.error?.code, 'all-graphs-unsupported');
    assert.match(history.monitor.error?.message ?? '', /one graph at a time/);
    await environment.advance(3_600_000);
    assert.equal(server.requests.length, 1);
  });

  it('is not followed on a server that is known not to have it', async (t) => {
    const environment = new FakeEnvironment();
    const start = { ...START, graphs: undefined, graphId: 'g', features: ['delete-many'] };
    const server = FakeServer.withAnswers(listAnswer(start), () => new Promise(() => undefined));
    const service = server.client(environment);
    for await (const batch of service.monitorSessions('g')) {
      if (batch.some(({ kind }) => kind === 'snapshotStart')) break;
    }
    assert.equal(service.capabilities.allGraphs, false);
    const { history } = await sessionsOn(t, service);
    assert.deepEqual(
      [history.monitor.phase, history.monitor.error?.code],
      ['failed', 'all-graphs-unsupported'],
    );
    assert.equal(server.requests.length, 1);
  });

  it('is refused by a server older than version 1, which takes it for a graph without a name', async (t) => {
    const server = await OriginServer.start();
    t.after(() => server.close());
    for (const isEmpty of [true, false]) {
      if (!isEmpty) server.addSession('');
      const before = server.requests.length;
      const environment = new FakeEnvironment();
      const service = new HttpGraphRunService({ baseUrl: server.baseUrl, environment });
      const failing = failureOf(service, environment);
      await eventually(() => server.requests.length > before);
      const failed: unknown[] = [];
      void failing.then((reason) => failed.push(reason));
      // A list that is empty shows by its silence that the server is an older one.
      while (failed.length === 0) await environment.advance(1000);
      const [error] = failed;
      assert.ok(error instanceof Error && 'code' in error);
      assert.equal(error.code, 'all-graphs-unsupported');
      assert.ok(server.requests.length - before <= 2, server.requests.join('\n'));
    }
  });

  it('is never mixed with the list of one graph that something in between answers with', async () => {
    for (const [asked, start] of [
      [ALL_GRAPHS, { ...START, graphs: undefined, graphId: 'g' }],
      [ALL_GRAPHS, { ...START, graphs: undefined, graphId: '*' }],
      ['g', START],
    ] as const) {
      const server = FakeServer.withAnswers(listAnswer(start), () => new Promise(() => undefined));
      const messages: MonitorMessage[] = [];
      for await (const batch of server.client(new FakeEnvironment()).monitorSessions(asked)) {
        messages.push(...batch);
        if (batch.some((message) => message.kind === 'connection' && message.connection.phase === 'backoff'))
          break;
      }
      const failed = messages.find(
        (message) => message.kind === 'connection' && message.connection.phase === 'backoff',
      );
      assert.ok(failed?.kind === 'connection');
      assert.equal(failed.connection.error?.code, 'foreign-answer');
      assert.ok(!messages.some(({ kind }) => kind === 'snapshotStart'));
    }
  });

  it('takes an older page of another list for the answer of something else', async () => {
    const environment = new FakeEnvironment();
    for (const [asked, page] of [
      [ALL_GRAPHS, { graphId: 'g', rows: [] }],
      [ALL_GRAPHS, { rows: [] }],
      ['g', { graphs: 'all', rows: [] }],
      ['g', { rows: [] }],
    ] as const) {
      const server = FakeServer.withAnswers(jsonAnswer(page));
      await assert.rejects(server.client(environment).listOlder(asked, '1'), { code: 'foreign-answer' });
    }
    const server = FakeServer.withAnswers(jsonAnswer({ graphs: 'all', rows: [] }));
    assert.deepEqual(await server.client(environment).listOlder(ALL_GRAPHS, '1'), { rows: [] });
  });
});
