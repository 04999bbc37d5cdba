import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { SERVICE_CASES } from '../../../src/conformance/service-cases.js';
import { exampleHandlers, createGraphRunner } from '../../../src/runner/index.js';
import { startServer, type RunningServer } from '../../../src/server/index.js';
import type { GraphRunService } from '../../../src/service/graph-run-service.js';
import { HttpGraphRunService } from '../../../src/service/http/http-graph-run-service.js';
import { MemoryGraphRunService } from '../../../src/service/memory/memory-graph-run-service.js';
import { shareAcrossTabs } from '../../../src/service/tabs/share-across-tabs.js';
import { FakeEnvironment } from '../../support/fake-environment.js';
import { FakeBrowser } from '../../support/fake-tabs.js';

/** Creates the service of a tab that follows the lists of another tab. */
function asFollower(service: GraphRunService): GraphRunService {
  const browser = new FakeBrowser(new FakeEnvironment());
  const inTab = () => shareAcrossTabs(service, { name: 'test', maxStreams: 50, tab: browser.open() });
  const leader = inTab();
  const follower = inTab();
  return {
    capabilities: service.capabilities,
    createSession: (...call) => follower.createSession(...call),
    connectSession: (...call) => follower.connectSession(...call),
    resumeSession: (...call) => follower.resumeSession(...call),
    cancelSession: (...call) => follower.cancelSession(...call),
    deleteSession: (...call) => follower.deleteSession(...call),
    monitorSessions(graphId, options) {
      void drain(leader.monitorSessions(graphId));
      return follower.monitorSessions(graphId, options);
    },
  };
}

const abandoned = new Set<AsyncIterator<unknown>>();

async function drain(list: AsyncIterable<unknown>): Promise<void> {
  const iterator = list[Symbol.asyncIterator]();
  abandoned.add(iterator);
  for (let isDone = false; !isDone;) isDone = (await iterator.next()).done === true;
}

/** Creates the service of the only tab. */
function alone(service: GraphRunService): GraphRunService {
  const browser = new FakeBrowser(new FakeEnvironment());
  return shareAcrossTabs(service, { name: 'test', maxStreams: 50, tab: browser.open() });
}

describe('a service whose connections tabs share', () => {
  let server: RunningServer;
  let http: HttpGraphRunService;
  const runner = createGraphRunner({ handlers: exampleHandlers });

  before(async () => {
    server = await startServer({ port: 0, runner });
    http = new HttpGraphRunService({ baseUrl: `${server.url}/v1beta1/graphSessions` });
  });
  after(async () => {
    await Promise.all([...abandoned].map((iterator) => iterator.return?.()));
    await server.close();
  });

  const services: readonly (readonly [string, () => GraphRunService])[] = [
    ['memory, only tab', () => alone(new MemoryGraphRunService({ runner }))],
    ['memory, second tab', () => asFollower(new MemoryGraphRunService({ runner }))],
    ['HTTP, only tab', () => alone(http)],
    ['HTTP, second tab', () => asFollower(http)],
  ];
  for (const [title, create] of services) {
    describe(title, () => {
      for (const { name, run } of SERVICE_CASES) {
        it(name, { timeout: 10_000 }, () => run({ service: create() }));
      }
    });
  }

  it('is the service itself where tabs cannot communicate', () => {
    assert.equal(shareAcrossTabs(http, { name: 'test' }), http);
  });

  it('can do in each tab what the server of the one with the connection can do', async () => {
    const browser = new FakeBrowser(new FakeEnvironment());
    const inTab = () => {
      const own = new HttpGraphRunService({ baseUrl: `${server.url}/v1beta1/graphSessions` });
      return shareAcrossTabs(own, { name: 'capabilities', tab: browser.open() });
    };
    const [leader, follower] = [inTab(), inTab()];
    assert.deepEqual(follower.capabilities, leader.capabilities);
    assert.equal(follower.capabilities.rename, false);
    void drain(leader.monitorSessions('shared'));
    const list = follower.monitorSessions('shared')[Symbol.asyncIterator]();
    abandoned.add(list);
    for (let isLoaded = false; !isLoaded;) {
      const { value } = await list.next();
      assert.ok(Array.isArray(value));
      isLoaded = value.some(({ kind }) => kind === 'snapshotComplete');
    }
    const { rename, pin, rerun, rerunFrom, deleteMany, olderSessions } = follower.capabilities;
    assert.deepEqual(
      { rename, pin, rerun, rerunFrom, deleteMany, olderSessions },
      { rename: true, pin: true, rerun: true, rerunFrom: true, deleteMany: true, olderSessions: true },
    );
  });

  it('different names share nothing', async () => {
    const browser = new FakeBrowser(new FakeEnvironment());
    const service = new MemoryGraphRunService({ runner });
    let opened = 0;
    const counting: GraphRunService = Object.assign(Object.create(service) as GraphRunService, {
      monitorSessions: (...call: Parameters<GraphRunService['monitorSessions']>) => {
        opened += 1;
        return service.monitorSessions(...call);
      },
    });
    const abort = new AbortController();
    for (const name of ['ada', 'bob', 'bob']) {
      const shared = shareAcrossTabs(counting, { name, tab: browser.open() });
      void drain(shared.monitorSessions('g', { signal: abort.signal }));
    }
    await new FakeEnvironment().turn();
    assert.equal(opened, 2);
    abort.abort();
  });
});
