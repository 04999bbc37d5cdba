import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { SCENARIO_GRAPHS, type Scenario } from '../../../src/conformance/scenarios.js';
import { readSession } from '../../../src/conformance/watching.js';
import type { SessionMessage } from '../../../src/protocol/stream/messages.js';
import { exampleHandlers, createGraphRunner, type NodeHandler } from '../../../src/runner/index.js';
import type { RunningServer } from '../../../src/server/index.js';
import { HttpGraphRunService } from '../../../src/service/http/http-graph-run-service.js';
import { FaultProxy } from '../../support/fault-proxy.js';
import { IS_EXHAUSTIVE } from '../../support/fault-runs.js';
import { answerQuestion, baseUrlOf, startTestServer } from '../../support/recorded-session.js';
import { eventually, watch, type Watch } from '../../support/watch.js';

const FLOOD_EVENTS = 400;
const FLOOD_TEXT = 'x'.repeat(100_000);

/** Sends far more than all buffers between server and client can hold: 40 MB. */
const floodHandler: NodeHandler = {
  async run({ emit }) {
    for (let count = 0; count < FLOOD_EVENTS; count += 1) {
      await emit({ type: 'thoughtEvent', text: `${count} ${FLOOD_TEXT}` });
    }
    return {};
  },
};

describe('closing connections (real server, real sockets)', () => {
  let server: RunningServer;
  let proxy: FaultProxy;
  let direct: HttpGraphRunService;
  let service: HttpGraphRunService;
  before(async () => {
    server = await startTestServer({
      runner: createGraphRunner({ handlers: { ...exampleHandlers, flood: floodHandler } }),
      limits: { heartbeatMs: IS_EXHAUSTIVE ? 15_000 : 20, streamAgeMs: 3_600_000 },
    });
    proxy = await FaultProxy.start(server.port);
    direct = new HttpGraphRunService({ baseUrl: baseUrlOf(server) });
    service = new HttpGraphRunService({ baseUrl: baseUrlOf(proxy) });
  });
  after(async () => {
    await proxy.close();
    await server.close();
  });

  /** Returns the text that identifies a message. */
  function typeOf(message: SessionMessage): string {
    if (message.kind === 'event') return message.event.type;
    return message.kind === 'connection' ? `connection ${message.connection.phase}` : message.kind;
  }

  async function ended(scenario: Scenario): Promise<string> {
    const { sessionId } = await direct.createSession({ graphId: 'g', graph: SCENARIO_GRAPHS[scenario] });
    const answers: Promise<void>[] = [];
    if (scenario === 'slow') await direct.cancelSession(sessionId);
    const { ended } = watch(direct.connectSession(sessionId), (message) => {
      if (message.kind === 'event') answers.push(answerQuestion(direct, sessionId, message.event));
    });
    assert.equal(await ended, undefined);
    await Promise.all(answers);
    return sessionId;
  }

  it('C11 the socket is closed within a second, on whichever message the loop is left', async (test) => {
    const left = new Set<string>();
    for (const scenario of ['plain', 'twoQuestions', 'failing', 'slow'] as const) {
      const sessionId = await ended(scenario);
      proxy.script = () => ({});
      const { messages } = await readSession(service, sessionId);
      const length = proxy.connections.at(-1)?.bytesReceived ?? 0;
      // The server never closes: the last bytes of its answer do not come through.
      proxy.script = () => ({ cutAfter: length - 20, cut: 'halfOpen' });
      for (const type of new Set(messages.map(typeOf))) {
        if (type === 'connection terminal') continue;
        let hasLeft = false;
        for await (const batch of service.connectSession(sessionId)) {
          hasLeft = batch.messages.some((message) => typeOf(message) === type);
          if (hasLeft) break;
        }
        assert.ok(hasLeft, `${scenario}: ${type} came`);
        const start = performance.now();
        await eventually(() => proxy.openCount === 0, `the socket is closed after ${type}`);
        assert.ok(performance.now() - start < 1000, type);
        left.add(type);
      }
    }
    test.diagnostic([...left].join(', '));
    assert.ok(left.has('inputRequired') && left.has('graphCancelled') && left.has('nodeSkipped'));
  });

  it('C11 the server notices within a second that the viewer of a running session left', async () => {
    proxy.script = () => ({});
    const { sessionId } = await direct.createSession({ graphId: 'g', graph: SCENARIO_GRAPHS.question });
    for (const type of ['start', 'inputRequired', 'replayComplete']) {
      for await (const batch of service.connectSession(sessionId)) {
        if (batch.messages.some((message) => typeOf(message) === type)) break;
      }
      const start = performance.now();
      await eventually(() => proxy.openCount === 0, `the socket is closed after ${type}`);
      assert.ok(performance.now() - start < 1000, type);
    }
    await direct.deleteSession(sessionId);
  });

  it('C20 of 50 sessions opened one after the other, only the last one has a socket', async () => {
    proxy.script = () => ({});
    const ids: string[] = [];
    for (const _ of ['a', 'b']) {
      const graph = SCENARIO_GRAPHS.question;
      ids.push((await direct.createSession({ graphId: 'g', graph })).sessionId);
    }
    let abort = new AbortController();
    const delivered: string[] = [];
    let current = '';
    const watches: Watch[] = [];
    for (let count = 0; count < 50; count += 1) {
      abort.abort();
      abort = new AbortController();
      const name = `${count}`;
      current = name;
      const connection = service.connectSession(ids[count % 2] ?? '', { signal: abort.signal });
      watches.push(
        watch(connection, () => {
          assert.equal(current, name, 'only the newest one delivers');
          delivered.push(name);
        }),
      );
      // Leaves at different moments of the connection.
      const enough = count % 5;
      await eventually(() => (watches.at(-1)?.messages.length ?? 0) >= enough);
    }
    const last = watches.at(-1);
    await eventually(() => last?.connection?.phase === 'live' && proxy.openCount === 1);
    abort.abort();
    for (const { ended } of watches) assert.equal(await ended, undefined);
    await eventually(() => proxy.openCount === 0);
    for (const id of ids) await direct.deleteSession(id);
  });

  it('C13 a slow consumer: the client reads no further than it delivers, and nothing is lost', async (test) => {
    proxy.script = () => ({});
    const graph = { nodes: [{ id: 'n', type: 'flood' }] };
    const { sessionId } = await direct.createSession({ graphId: 'g', graph });
    const total = FLOOD_EVENTS * FLOOD_TEXT.length;
    const indexes: number[] = [];
    let isFirst = true;
    for await (const { messages } of service.connectSession(sessionId)) {
      for (const message of messages) if (message.kind === 'event') indexes.push(message.event.index);
      if (!isFirst || indexes.length === 0) continue;
      isFirst = false;
      // No one reads now, so in the end the proxy can no longer write.
      await eventually(() => proxy.connections.at(-1)?.isBlocked === true, 'the client stops reading');
      const sent = proxy.connections.at(-1)?.bytesSent ?? 0;
      test.diagnostic(`${Math.round(sent / 1024)} KiB were under way, of ${Math.round(total / 1024)}`);
      assert.ok(sent < total / 2, `${sent} bytes`);
    }
    assert.deepEqual(
      indexes,
      Array.from({ length: FLOOD_EVENTS + 4 }, (_, index) => index),
    );
    assert.equal(proxy.connections.at(-1)?.target.includes('after=-1'), true, 'it was one connection');
    await direct.deleteSession(sessionId);
  });

  const beats = IS_EXHAUSTIVE ? 40 : 50;
  const length = IS_EXHAUSTIVE
    ? 'for ten minutes'
    : `over ${beats} heartbeats (ten minutes: npm run test:faults)`;
  it(`C23 in Node an idle connection lives ${length}`, { timeout: 700_000 }, async () => {
    proxy.script = () => ({});
    const { sessionId } = await direct.createSession({ graphId: 'g', graph: SCENARIO_GRAPHS.question });
    const abort = new AbortController();
    const watched = watch(service.connectSession(sessionId, { signal: abort.signal }));
    await eventually(() => watched.connection?.phase === 'live');
    const connections = proxy.connections.length;
    const connection = proxy.connections.at(-1);
    // A heartbeat is a chunk of its own.
    const enough = (connection?.bytesSent ?? 0) + beats * '6\r\n: hb\n\n\r\n'.length;
    await eventually(() => (connection?.bytesSent ?? 0) >= enough, 'heartbeats', 660_000);
    assert.equal(watched.connection?.phase, 'live');
    assert.equal(proxy.connections.length, connections);
    abort.abort();
    assert.equal(await watched.ended, undefined);
    await direct.deleteSession(sessionId);
  });
});
