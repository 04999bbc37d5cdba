import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import { isTerminalEvent, type GraphRunEvent } from '../../../../src/protocol/events.js';
import type { JsonObject } from '../../../../src/protocol/values/json.js';
import { GraphRunError } from '../../../../src/protocol/problems.js';
import { EMPTY_SESSION } from '../../../../src/protocol/empty-session.js';
import { applyEvents } from '../../../../src/protocol/session-state.js';
import { HttpGraphRunService } from '../../../../src/service/http/http-graph-run-service.js';
import { LegacySilence } from '../../../../src/service/http/legacy/legacy-silence.js';
import { FakeEnvironment } from '../../../support/fake-environment.js';
import { follow, type Followed } from '../../../support/follow.js';
import { Gate } from '../../../support/gate.js';
import { originFrame } from '../../../support/origin-format.js';
import { contentOf, ORIGIN_ENDS, originRuns } from '../../../support/origin-runs.js';
import { OriginServer, type OriginServerOptions } from '../../../support/origin-server.js';
import type { OriginEvent, OriginSession, OriginStep } from '../../../support/origin-session.js';

const RESPONSE = { input: { parts: [{ text: 'beans' }] } };
const isCode = (code: string) => (error: unknown) => error instanceof GraphRunError && error.code === code;

/** Starts an older server and a client of it. */
async function setUp(t: TestContext, options: OriginServerOptions = {}) {
  const server = await OriginServer.start(options);
  t.after(() => server.close());
  const environment = new FakeEnvironment();
  const service = new HttpGraphRunService({ baseUrl: server.baseUrl, environment });
  const create = async () => {
    const { sessionId } = await service.createSession({ graphId: 'g' });
    const session = server.sessions.get(sessionId);
    assert.ok(session);
    return { sessionId, session };
  };
  return { server, environment, service, create };
}

function nodeStart(nodeId: string): OriginEvent {
  return { type: 'nodeStart', nodeId };
}

function nodeEnd(nodeId: string): OriginEvent {
  return { type: 'nodeEnd', nodeId, outputs: {} };
}

const COMPLETE: OriginEvent = { type: 'graphComplete', sessionId: 's', outputs: {} };

const emit = (...events: readonly OriginEvent[]): readonly OriginStep[] =>
  events.map((event) => ({ emit: event }));

/** Writes events as `type:node`, with a star for those that the client inferred. */
function storyOf(events: readonly GraphRunEvent[]): readonly string[] {
  return events.map((event) => {
    const { type, nodeId, synthetic } = event as unknown as JsonObject;
    return `${synthetic === true ? '*' : ''}${String(type)}${nodeId === undefined ? '' : `:${String(nodeId)}`}`;
  });
}

const isLive = ({ messages }: Followed) => messages.some(({ kind }) => kind === 'replayComplete');

const questionsOf = ({ events }: Followed) => events.filter((event) => event.type === 'inputRequired');

describe('X2 our client on an older server', () => {
  it('X2 numbers that drift, thoughts that are not replayed, cuts: each logged event once', async (t) => {
    const thought: OriginEvent = { type: 'thoughtEvent', nodeId: 'a', text: 'Hm.' };
    const events = [nodeStart('a'), thought, thought, nodeEnd('a'), nodeStart('b'), thought, nodeEnd('b')];
    const { server, environment, service, create } = await setUp(t, {
      live(session, connection) {
        const next = events[connection];
        if (next === undefined) session.start(emit(COMPLETE));
        else {
          session.emit(next);
          session.drop();
        }
      },
    });
    const { sessionId } = await create();
    const followed = await follow(service, environment, sessionId);
    assert.deepEqual(storyOf(followed.events), [
      'graphStart',
      'nodeStart:a',
      'thoughtEvent:a',
      'thoughtEvent:a',
      'nodeEnd:a',
      'nodeStart:b',
      'thoughtEvent:a',
      'nodeEnd:b',
      'graphComplete',
    ]);
    // Eight connections and one verifying replay.
    assert.equal(server.requests.filter((request) => request.startsWith('GET')).length, 9);
  });

  it('X2 events lost between replay and live are delivered before the end, also a lost terminal event', async (t) => {
    for (const isEndLost of [false, true]) {
      const { environment, service, create } = await setUp(t, {
        gap(session, connection) {
          if (connection > 0) return;
          session.emit(nodeStart('a'));
          session.emit(nodeEnd('a'));
          if (isEndLost) session.start(emit(COMPLETE));
        },
        live(session, connection) {
          if (connection === 0 && !isEndLost) session.start(emit(nodeStart('b'), nodeEnd('b'), COMPLETE));
        },
      });
      const { sessionId } = await create();
      const { events } = await follow(service, environment, sessionId);
      const late = ['nodeStart:a', 'nodeEnd:a'];
      const inTime = isEndLost ? [] : ['nodeStart:b', 'nodeEnd:b'];
      assert.deepEqual(storyOf(events), ['graphStart', ...inTime, ...late, 'graphComplete']);
    }
  });

  it('X2 an answer to an agent counts as accepted when the run continues, not when the server confirms it', async (t) => {
    const agent = new Gate();
    const { server, environment, service, create } = await setUp(t, {
      script: () => [
        { emit: nodeStart('a') },
        { ask: 'a', interactionId: 'i', by: 'agent' },
        { until: agent.opened },
        ...emit(nodeEnd('a'), COMPLETE),
      ],
    });
    const { sessionId } = await create();
    const answered = new Gate();
    const reading = follow(service, environment, sessionId, {
      isEnough(soFar) {
        if (questionsOf(soFar).length === 1 && isLive(soFar)) answered.open();
        return false;
      },
    });
    await answered.opened;
    const result = await service.resumeSession(sessionId, 'i', RESPONSE);
    assert.deepEqual(result, { status: 'running', isDuplicate: false });
    agent.open();
    const { events } = await reading;
    assert.deepEqual(storyOf(events).slice(-5), [
      'inputRequired:a',
      '*inputResolved:a',
      'agentEvent:a',
      'nodeEnd:a',
      'graphComplete',
    ]);
    assert.deepEqual(applyEvents(EMPTY_SESSION, events).pending.size, 0);
    assert.equal(server.requests.filter((request) => request.includes(':resume')).length, 1);
  });

  it('X2 two questions at once, answered in the other order, over a reconnect', async (t) => {
    const { environment, service, create } = await setUp(t, {
      script: () => [
        {
          parallel: ['a', 'b'].map((node) => [
            { emit: nodeStart(node) },
            { ask: node, interactionId: `i-${node}`, by: 'input' } as const,
          ]),
        },
        ...emit(nodeStart('join'), nodeEnd('join'), COMPLETE),
      ],
    });
    const { sessionId, session } = await create();
    const steps: Promise<unknown>[] = [];
    const { events } = await follow(service, environment, sessionId, {
      isEnough(soFar) {
        if (steps.length === 0 && questionsOf(soFar).length === 2) {
          session.drop();
          steps.push(service.resumeSession(sessionId, 'i-b', RESPONSE));
        } else if (steps.length === 1 && soFar.events.some((event) => event.type === 'inputResolved')) {
          steps.push(service.resumeSession(sessionId, 'i-a', RESPONSE));
        }
        return false;
      },
    });
    await Promise.all(steps);
    const resolved = events.filter((event) => event.type === 'inputResolved').map(({ nodeId }) => nodeId);
    assert.deepEqual(resolved, ['b', 'a']);
    const state = applyEvents(EMPTY_SESSION, events);
    assert.equal(state.status, 'completed');
    assert.deepEqual(
      [...state.nodes.values()].map(({ status }) => status),
      ['completed', 'completed', 'completed'],
    );
  });

  it('X2 an answer from a second page, which the server accepts too, does not change the shown one', async (t) => {
    const { server, environment, service, create } = await setUp(t, {
      script: () => [
        { emit: nodeStart('a') },
        { ask: 'a', interactionId: 'i', by: 'input' },
        { until: answeredTwice.opened },
        { emit: COMPLETE },
      ],
    });
    const answeredTwice = new Gate();
    const { sessionId, session } = await create();
    await service.resumeSession(sessionId, 'i', RESPONSE);
    const other = new HttpGraphRunService({ baseUrl: server.baseUrl, environment });
    await other.resumeSession(sessionId, 'i', RESPONSE);
    answeredTwice.open();
    const { events } = await follow(service, environment, sessionId);
    assert.equal(session.log.filter(({ type }) => type === 'nodeEnd').length, 2);
    assert.deepEqual(storyOf(events).slice(2), [
      'inputRequired:a',
      '*inputResolved:a',
      'nodeEnd:a',
      'nodeEnd:a',
      'graphComplete',
    ]);
    const { nodes, status } = applyEvents(EMPTY_SESSION, events);
    assert.deepEqual([status, nodes.get('a')?.status], ['completed', 'completed']);
  });

  it('X2 a wrong status of a running session only delays the client', async (t) => {
    const { server, environment, service, create } = await setUp(t, {
      live(session, connection) {
        if (connection === 2) session.start(emit(COMPLETE));
      },
      recording: (connection) =>
        connection < 2
          ? Buffer.from(originFrame('start', { sessionId: 's' }) + originFrame('done', {}))
          : undefined,
    });
    const { sessionId } = await create();
    const { messages, events } = await follow(service, environment, sessionId);
    assert.deepEqual(storyOf(events), ['graphStart', 'graphComplete']);
    const waits = messages.filter(
      (message) => message.kind === 'connection' && message.connection.phase === 'backoff',
    );
    assert.equal(waits.length, 2);
    assert.equal(server.requests.filter((request) => request === 'GET /status').length, 2);
  });

  it('X2 a cancellation is delivered, also when the server loses it', async (t) => {
    for (const isCancelLost of [false, true]) {
      const { environment, service, create } = await setUp(t, {
        isCancelLost,
        script: () => [{ until: new Gate().opened }],
      });
      const { sessionId } = await create();
      const cancels: Promise<unknown>[] = [];
      const { events } = await follow(service, environment, sessionId, {
        isEnough(soFar) {
          if (cancels.length === 0 && isLive(soFar)) cancels.push(service.cancelSession(sessionId));
          return false;
        },
      });
      assert.deepEqual(await Promise.all(cancels), [{ status: 'cancelled' }]);
      assert.deepEqual(storyOf(events), ['graphStart', isCancelLost ? '*graphCancelled' : 'graphCancelled']);
    }
  });

  it('X2 a session that has ended is not cancelled, which would overwrite its end', async (t) => {
    const { server, service, create } = await setUp(t, { script: () => emit(COMPLETE) });
    const { sessionId, session } = await create();
    assert.deepEqual(await service.cancelSession(sessionId), { status: 'completed' });
    assert.equal(session.status, 'completed');
    assert.ok(!server.requests.some((request) => request.includes(':cancel')));
  });

  it('X2 a session that is deleted while it is watched ends as cancelled, and is gone', async (t) => {
    const { environment, service, create } = await setUp(t, { script: () => [{ until: new Gate().opened }] });
    const { sessionId } = await create();
    const deletions: Promise<unknown>[] = [];
    const { events } = await follow(service, environment, sessionId, {
      isEnough(soFar) {
        if (deletions.length === 0 && isLive(soFar)) deletions.push(service.deleteSession(sessionId));
        return false;
      },
    });
    await Promise.all(deletions);
    assert.deepEqual(storyOf(events), ['graphStart', '*graphCancelled']);
    await service.deleteSession(sessionId);
    await environment.advance(5000);
    await assert.rejects(follow(service, environment, sessionId), isCode('session-gone'));
  });

  it('X2 a known end is delivered, even if it can no longer be verified', async (t) => {
    for (const [status, text, requests] of [
      [404, 'Graph session not found', 2],
      // A router in front of the server says nothing about the session.
      [404, 'Not Found', 4],
      [503, 'gone', 4],
    ] as const) {
      let connections = 0;
      const { server, environment, service, create } = await setUp(t, {
        script: () => [{ until: started.opened }, ...emit(nodeStart('a'), nodeEnd('a'), COMPLETE)],
        live: () => started.open(),
        intercept(request, response) {
          if (!/\?after/.test(request.url ?? '')) return false;
          connections += 1;
          if (connections === 1) return false;
          response
            .writeHead(status, { 'content-type': 'application/json' })
            .end(JSON.stringify({ error: text }));
          return true;
        },
      });
      const started = new Gate();
      const { sessionId } = await create();
      const { events } = await follow(service, environment, sessionId);
      assert.deepEqual(storyOf(events), ['graphStart', 'nodeStart:a', 'nodeEnd:a', 'graphComplete']);
      assert.equal(server.requests.filter((request) => request.includes('after')).length, requests);
    }
  });

  it('X2 an unreadable frame becomes an event and does not end the stream', async (t) => {
    const frames = [
      originFrame('start', { sessionId: 's' }),
      'id: 0\r\nevent: event\r\ndata: {"type": "nodeEnd", "nodeId": "a", "outputs": {"x": NaN, "t": "NaN"}, "index": 0}\r\n\r\n',
      'id: 1\r\nevent: event\r\ndata: {"type": "nodeSt', // a broken line
      '\r\n\r\n',
      originFrame('event', { type: 'scored', nodeId: 'a', score: 1, index: 2 }, 2),
    ];
    const recording = Buffer.from(frames.join(''));
    const whole = Buffer.from(
      [
        ...frames,
        originFrame('event', { ...COMPLETE, index: 3 }, 3),
        originFrame('event', { type: 'replayComplete', index: 4 }, 4),
      ].join(''),
    );
    const { environment, service, create } = await setUp(t, {
      recording: (connection) => (connection === 0 ? recording : whole),
    });
    const { sessionId } = await create();
    const { events } = await follow(service, environment, sessionId);
    assert.deepEqual(storyOf(events), ['nodeEnd:a', 'unknown', 'unknown', 'graphComplete']);
    const [ended, , scored] = events;
    assert.ok(ended?.type === 'nodeEnd');
    assert.deepEqual(ended.outputs, { x: null, t: 'NaN' });
    assert.ok(scored?.type === 'unknown' && scored.wireType === 'scored' && scored.wire['index'] === 2);
  });

  it('X2 open questions are shown again after a reload of the page', async (t) => {
    const { environment, service, create } = await setUp(t, {
      script: () => [
        { emit: nodeStart('a') },
        { ask: 'a', interactionId: 'i', by: 'agent' },
        ...emit(nodeEnd('a'), COMPLETE),
      ],
    });
    const { sessionId } = await create();
    const first = await follow(service, environment, sessionId, { isEnough: isLive });
    const second = await follow(service, environment, sessionId, { isEnough: isLive, cursor: 'legacy' });
    assert.deepEqual(storyOf(second.events), storyOf(first.events));
    const kinds = second.messages
      .map(({ kind }) => kind)
      .filter((kind) => kind !== 'connection' && kind !== 'event');
    assert.deepEqual(kinds, ['reset', 'start', 'replayComplete']);
    assert.equal(environment.timerCount + environment.listenerCount, 0);
  });

  it('X2 a server that changes to version 1, or back, resets the application', async () => {
    const own = (index: number) =>
      `id: ${index}\nevent: event\ndata: {"type":"${index === 0 ? 'graphStart' : 'graphComplete'}","sessionId":"s","index":${index}}\n\n`;
    const ownStart = 'event: start\ndata: {"sessionId":"s","protocol":1}\n\n';
    const ownMarker = 'event: event\ndata: {"type":"replayComplete"}\n\n';
    const oldStart = originFrame('start', { sessionId: 's' });
    const oldEvent = (type: string, index: number) =>
      originFrame('event', { type, sessionId: 's', index }, index);
    const orders: readonly (readonly string[])[] = [
      [
        oldStart + oldEvent('graphStart', 0),
        `${ownStart}${own(0)}${ownMarker}${own(1)}event: done\ndata: {}\n\n`,
      ],
      [
        ownStart + own(0) + ownMarker,
        // This connection was requested after event 1.
        oldStart + oldEvent('graphComplete', 1) + oldEvent('replayComplete', 2),
        oldStart + oldEvent('graphStart', 0) + oldEvent('graphComplete', 1) + oldEvent('replayComplete', 2),
      ],
    ];
    for (const bodies of orders) {
      const environment = new FakeEnvironment();
      let connection = 0;
      const service = new HttpGraphRunService({
        baseUrl: 'http://host',
        environment,
        fetch: async () => {
          const body = bodies[connection];
          connection += 1;
          return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
        },
      });
      const { messages } = await follow(service, environment, 's');
      const kinds = messages.flatMap((message) =>
        message.kind === 'event' ? [message.event.type] : message.kind === 'reset' ? ['reset'] : [],
      );
      assert.deepEqual(kinds, ['graphStart', 'reset', 'graphStart', 'graphComplete']);
    }
  });
});

describe('X2 any run of an older server', () => {
  it('X2 random cuts, drift and losses over real connections', async (t) => {
    const plan = fc.array(fc.record({ gap: fc.nat(4), live: fc.nat(6), isDropped: fc.boolean() }), {
      maxLength: 6,
    });
    let connectionCount = 0;
    await fc.assert(
      fc.asyncProperty(originRuns, plan, async ({ items, status }, connections) => {
        let position = 0;
        const publish = (session: OriginSession, count: number) => {
          for (const { event } of items.slice(position, position + count)) session.emit(event);
          position += count;
          if (position >= items.length && !session.isOver) {
            session.status = status;
            session.close();
          }
        };
        const server = await OriginServer.start({
          gap: (session, connection) => publish(session, connections[connection]?.gap ?? 0),
          live(session, connection) {
            connectionCount += 1;
            const { live, isDropped } = connections[connection] ?? { live: items.length, isDropped: false };
            publish(session, live);
            if (isDropped || connections[connection] !== undefined) session.drop();
          },
        });
        try {
          const environment = new FakeEnvironment();
          const service = new HttpGraphRunService({ baseUrl: server.baseUrl, environment });
          const session = server.addSession();
          const { events } = await follow(service, environment, session.sessionId);
          const delivered = events.filter(
            ({ synthetic, type }) =>
              synthetic !== true && type !== 'thoughtEvent' && type !== 'graphCancelled',
          );
          const text = (content: JsonObject) => JSON.stringify(content);
          assert.deepEqual(
            delivered.map((event) => text(contentOf(event))).sort(),
            session.log.map(text).sort(),
          );
          assert.equal(events.findIndex(isTerminalEvent), events.length - 1);
          assert.equal(events.at(-1)?.type, ORIGIN_ENDS[status].event.type);
          assert.equal(environment.timerCount + environment.listenerCount, 0);
        } finally {
          await server.close();
        }
      }),
      { numRuns: 150 },
    );
    t.diagnostic(`150 runs, ${connectionCount} connections`);
  });
});

describe('X4 answers to an older server', () => {
  for (const fault of [500, 502, 504, 'network'] as const) {
    it(`X4 ${fault}: sent once, and its outcome reported as unknown`, async (t) => {
      const { server, service, create } = await setUp(t, {
        script: () => [{ emit: nodeStart('a') }, { ask: 'a', interactionId: 'i', by: 'agent' }],
        intercept(request, response) {
          if (!(request.url ?? '').includes(':resume')) return false;
          if (fault === 'network') request.socket.destroy();
          else response.writeHead(fault, { 'content-type': 'text/plain' }).end('Internal Server Error');
          return true;
        },
      });
      const { sessionId } = await create();
      await assert.rejects(service.resumeSession(sessionId, 'i', RESPONSE), isCode('resume-unknown'));
      assert.equal(server.requests.filter((request) => request.includes(':resume')).length, 1);
    });
  }

  it('X4 an answer whose confirmation was lost is accepted once the run continues', async (t) => {
    const agent = new Gate();
    const { environment, service, create } = await setUp(t, {
      script: () => [
        { ask: 'a', interactionId: 'i', by: 'agent' },
        { until: agent.opened },
        ...emit(nodeEnd('a'), COMPLETE),
      ],
    });
    const { sessionId, session } = await create();
    const results: Promise<unknown>[] = [];
    await follow(service, environment, sessionId, {
      isEnough(soFar) {
        if (results.length === 0 && questionsOf(soFar).length === 1) {
          results.push(service.resumeSession(sessionId, 'i', RESPONSE).finally(() => agent.open()));
          session.drop();
        }
        return false;
      },
    });
    assert.deepEqual(await Promise.all(results), [{ status: 'running', isDuplicate: false }]);
  });

  it('X4 an unknown question, an unknown session and an abort are distinguished', async (t) => {
    const { server, service, create } = await setUp(t, {
      script: () => [{ ask: 'a', interactionId: 'i', by: 'agent' }, { until: new Gate().opened }],
    });
    const { sessionId } = await create();
    await assert.rejects(
      service.resumeSession(sessionId, 'other', RESPONSE),
      isCode('interaction-not-found'),
    );
    await assert.rejects(service.resumeSession('other', 'i', RESPONSE), isCode('session-not-found'));
    const reason = new Error('enough');
    await assert.rejects(
      service.resumeSession(sessionId, 'i', RESPONSE, { signal: AbortSignal.abort(reason) }),
      (error) => error === reason,
    );
    assert.ok(server.requests.length <= 4);
  });

  it('X4 a run is not started twice', async (t) => {
    const { server, service } = await setUp(t, {
      intercept(request, response) {
        if (!(request.url ?? '').endsWith('/new')) return false;
        response.writeHead(503).end();
        return true;
      },
    });
    await assert.rejects(service.createSession({ graphId: 'g' }));
    assert.deepEqual(server.requests, ['POST /new']);
  });
});

describe('X5 the end of a session that an older server does not report', () => {
  for (const status of ['cancelled', 'completed', 'failed'] as const) {
    it(`X5 ${status}: inferred after at most four requests`, async (t) => {
      const { server, environment, service } = await setUp(t);
      const session = server.addSession();
      session.emit({ type: 'graphStart', sessionId: session.sessionId });
      session.status = status;
      session.close();
      const { events } = await follow(service, environment, session.sessionId);
      const end = { cancelled: 'graphCancelled', completed: 'graphComplete', failed: 'graphError' }[status];
      assert.deepEqual(storyOf(events), ['graphStart', `*${end}`]);
      assert.deepEqual(
        server.requests.map((request) => request.replace('&protocol=1', '')),
        ['GET ?after=-1', 'GET /status', 'GET ?after=-1'],
      );
      assert.equal(environment.now(), 0, 'without a wait');
    });
  }
});

describe('the silence of an older server', () => {
  it('C3 is limited by its comments: three times their interval, once there were two', async () => {
    const environment = new FakeEnvironment();
    const bodies: ReadableStreamDefaultController<Uint8Array>[] = [];
    const service = new HttpGraphRunService({
      baseUrl: 'http://host',
      environment,
      fetch: async (_input, init) => {
        const body = new ReadableStream<Uint8Array>({
          start(controller) {
            bodies.push(controller);
            init?.signal?.addEventListener('abort', () => controller.error(new Error('aborted')));
            controller.enqueue(encode(originFrame('start', { sessionId: 's' })));
            controller.enqueue(encode(originFrame('event', { type: 'replayComplete', index: 0 })));
          },
        });
        return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
      },
    });
    const abort = new AbortController();
    const reading = follow(service, environment, 's', { signal: abort.signal });
    const ping = () => bodies.at(-1)?.enqueue(encode(': ping - now\r\n\r\n'));
    await environment.advance(3_600_000);
    assert.equal(bodies.length, 1, 'Nothing is known of its rhythm: it may be silent.');
    ping();
    await environment.advance(15_000);
    ping();
    await environment.advance(44_000);
    assert.equal(bodies.length, 1);
    await environment.advance(2000);
    assert.equal(bodies.length, 2, 'It is taken for dead.');
    await environment.advance(40_000);
    assert.equal(bodies.length, 2, 'What was learned is kept.');
    abort.abort();
    await reading;
    assert.equal(environment.timerCount + environment.listenerCount, 0);
  });

  it('C3 comments out of one buffer do not count, and the limit is 10 to 120 seconds', async () => {
    const environment = new FakeEnvironment();
    const silence = new LegacySilence(environment);
    silence.onComment();
    silence.onComment();
    assert.ok(silence.limitMs > 3_600_000);
    for (const [distanceMs, limitMs] of [
      [2000, 10_000],
      [15_000, 45_000],
      [1000, 45_000],
      [90_000, 120_000],
    ] as const) {
      await environment.advance(distanceMs);
      silence.onComment();
      assert.equal(silence.limitMs, limitMs);
    }
    silence.connect();
    await environment.advance(1000);
    silence.onComment();
    assert.equal(silence.limitMs, 120_000);
  });
});

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
