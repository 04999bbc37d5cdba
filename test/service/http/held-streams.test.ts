import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { eventToWire, type GraphRunEvent } from '../../../src/protocol/events.js';
import type { MonitorMessage } from '../../../src/protocol/stream/messages.js';
import { encodeFrame } from '../../../src/protocol/stream/sse.js';
import { FakeEnvironment } from '../../support/fake-environment.js';
import {
  completeEvent,
  FakeServer,
  jsonAnswer,
  networkFailure,
  problemAnswer,
  wholeStream,
  type FakeRequest,
} from '../../support/fake-server.js';
import { FAULT_RUNS } from '../../support/fault-runs.js';
import { watch } from '../../support/watch.js';

const LAST = 9;
const LOG: readonly GraphRunEvent[] = [
  ...Array.from({ length: LAST }, (_, index): GraphRunEvent => {
    return { type: 'thoughtEvent', nodeId: 'n', text: `t${index}`, index };
  }),
  completeEvent(LAST),
];
const PROTOCOL = { 'Graph-Session-Protocol': '1' };
const never = () => new Promise<Response>(() => undefined);

const isStream = ({ path }: FakeRequest) => !path.includes('/events') && !path.startsWith('/:list');
const afterOf = ({ query }: FakeRequest) => Number(query.get('after'));

/** A response that delivers its first `bytes` and then breaks off, or falls silent. */
function broken(text: string, type: string, bytes: number, isSilent: boolean): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text).subarray(0, bytes));
    },
    pull(controller) {
      if (!isSilent) controller.error(new TypeError('terminated'));
    },
  });
  return new Response(body, { headers: { ...PROTOCOL, 'Content-Type': type } });
}

const streamText = (request: FakeRequest) => wholeStream(afterOf(request), LAST).map(encodeFrame).join('');

function pageBody(request: FakeRequest, count: number) {
  const after = afterOf(request);
  const events = LOG.slice(after + 1, after + 1 + count).map(eventToWire);
  return { events, lastIndex: LAST, status: 'completed', closed: true, logId: 'log' };
}

function whole(request: FakeRequest): Response | Promise<Response> {
  return isStream(request)
    ? broken(streamText(request), 'text/event-stream', Number.POSITIVE_INFINITY, true)
    : jsonAnswer(pageBody(request, 1000))(request);
}

/** Lets time pass until the watch has ended. */
async function untilEnded(environment: FakeEnvironment, isEnded: () => boolean): Promise<void> {
  for (let steps = 0; !isEnded() && steps < 2000; steps += 1) {
    await environment.advance(Math.min(5000, environment.nextTimerMs ?? 100));
  }
  assert.ok(isEnded(), 'It never ended.');
}

describe('streams that something on the way holds back', () => {
  it('are replaced by pages after two silent attempts, and the state says so', async () => {
    const environment = new FakeEnvironment();
    const server = new FakeServer((request) => {
      if (isStream(request)) return never();
      const body = pageBody(request, 3);
      return jsonAnswer({ ...body, closed: body.events.length === 0 })(request);
    });
    const watched = watch(server.client(environment).connectSession('s'));
    await environment.advance(45_000);
    assert.deepEqual(
      watched.events.map(({ index }) => index),
      LOG.map(({ index }) => index),
    );
    assert.deepEqual(watched.connection, { phase: 'terminal', attempt: 0 });
    const states = watched.messages.flatMap((message) =>
      message.kind === 'connection' && message.connection.phase === 'live' ? [message.connection] : [],
    );
    assert.deepEqual(states, [{ phase: 'live', attempt: 0, isByRequests: true }]);
    assert.equal(server.requests.filter(isStream).length, 2);
  });

  it('are read again as soon as they get through, by all connections of the client', async () => {
    const environment = new FakeEnvironment();
    let isHeld = true;
    const rows = ['a'].map((sessionId) => {
      return { sessionId, status: 'running', createdAt: 1, updatedAt: 1, pendingInputs: 0, revision: 3 };
    });
    const server = new FakeServer((request) => {
      if (isStream(request)) {
        if (isHeld) return never();
        const start = { event: 'monitorStart', data: { graphId: 'g', protocol: 1, revision: 3 } };
        const complete = { event: 'snapshotComplete', data: { revision: 3 } };
        const frames = request.query.has('graphId')
          ? [start, ...rows.map((data) => ({ event: 'sessionStatus', data })), complete]
          : wholeStream(afterOf(request), LAST);
        return broken(frames.map(encodeFrame).join(''), 'text/event-stream', Number.POSITIVE_INFINITY, true);
      }
      const isKnown = request.query.get('revision') === '3' || request.query.get('after') === '0';
      if (isKnown) return never();
      if (request.path.startsWith('/:list')) return jsonAnswer({ revision: 3, rows })(request);
      return jsonAnswer({ ...pageBody(request, 1), lastIndex: 0, closed: false })(request);
    });
    const service = server.client(environment);
    const list: MonitorMessage[] = [];
    const abort = new AbortController();
    const reading = (async () => {
      for await (const messages of service.monitorSessions('g', { signal: abort.signal }))
        list.push(...messages);
    })();
    const stateOf = () =>
      list.flatMap((message) => (message.kind === 'connection' ? [message.connection] : [])).at(-1);
    await environment.advance(45_000);
    assert.deepEqual(stateOf(), { phase: 'live', attempt: 0, isByRequests: true });
    assert.deepEqual(
      list.flatMap((message) => (message.kind === 'row' ? [message.row.sessionId] : [])),
      ['a'],
    );
    const before = server.requests.length;
    const watched = watch(service.connectSession('s'));
    await environment.advance(1000);
    assert.deepEqual(watched.connection, { phase: 'live', attempt: 0, isByRequests: true });
    assert.ok(!server.requests.slice(before).some(isStream), 'a later connection begins with pages');
    isHeld = false;
    await environment.advance(60_000);
    await untilEnded(environment, () => watched.hasEnded);
    assert.deepEqual(
      watched.events.map(({ index }) => index),
      LOG.map(({ index }) => index),
    );
    assert.deepEqual(stateOf(), { phase: 'live', attempt: 0 });
    abort.abort();
    await reading;
    assert.equal(environment.timerCount, 0);
    assert.equal(environment.listenerCount, 0);
  });

  it('take one connection of the browser at a time, also while the client looks whether streams get through', async () => {
    const environment = new FakeEnvironment();
    const open = { now: 0, peak: 0 };
    const server = new FakeServer((request) => {
      if (isStream(request) || request.query.has('revision')) return never();
      return jsonAnswer({ revision: 3, rows: [] })(request);
    });
    const counted: typeof fetch = async (input, init) => {
      open.now += 1;
      open.peak = Math.max(open.peak, open.now);
      try {
        return await server.fetch(input, init);
      } finally {
        open.now -= 1;
      }
    };
    const service = server.client(environment, { fetch: counted });
    const abort = new AbortController();
    const reading = (async () => {
      for await (const _ of service.monitorSessions('g', { signal: abort.signal }));
    })();
    await environment.advance(45_000);
    const before = server.requests.filter(isStream).length;
    for (let minutes = 0; minutes < 10; minutes += 1) await environment.advance(60_000);
    assert.ok(server.requests.filter(isStream).length > before);
    assert.equal(open.peak, 1);
    abort.abort();
    await reading;
    assert.deepEqual([environment.timerCount, environment.listenerCount], [0, 0]);
  });

  it('are awaited as before where the server has no pages, or is out of reach', async () => {
    for (const answer of [problemAnswer(404, 'not-found'), networkFailure, never]) {
      const environment = new FakeEnvironment();
      const server = new FakeServer((request) => (isStream(request) ? never() : answer(request)));
      const abort = new AbortController();
      const reading = (async () => {
        for await (const _ of server.client(environment).monitorSessions('g', { signal: abort.signal }));
      })();
      await environment.advance(600_000);
      const streams = server.requests.filter(isStream).length;
      assert.ok(streams > 12, `${streams} attempts in 10 minutes`);
      abort.abort();
      await reading;
    }
  });

  it('are replaced by pages of the same session and log only', async () => {
    const LATER = 2;
    for (const [stranger, code] of [
      [{ sessionId: 'other' }, 'foreign-answer'],
      [{ logId: 'other' }, 'log-reset'],
    ] as const) {
      const environment = new FakeEnvironment();
      let pages = 0;
      const server = new FakeServer((request) => {
        if (isStream(request)) return never();
        const body = { sessionId: 's', ...pageBody(request, 3), closed: false };
        pages += 1;
        return jsonAnswer(
          pages === LATER ? { ...body, ...stranger } : { ...body, closed: pages > LATER + 2 },
        )(request);
      });
      const watched = watch(server.client(environment).connectSession('s'));
      await untilEnded(environment, () => watched.hasEnded);
      const { messages } = watched;
      const refused = messages.findIndex(
        (message) => message.kind === 'connection' && message.connection.error?.code === code,
      );
      const reset = messages.findIndex(({ kind }) => kind === 'reset');
      const turn = code === 'log-reset' ? reset : refused;
      assert.ok(turn > 0, `${code} is noticed`);
      const before = messages.slice(0, turn).filter(({ kind }) => kind === 'event');
      assert.equal(before.length, 3, 'nothing of that page is delivered');
    }
  });

  it('are replaced by pages of the same list only', async () => {
    const environment = new FakeEnvironment();
    let pages = 0;
    const server = new FakeServer((request) => {
      if (isStream(request)) return never();
      pages += 1;
      const row = { sessionId: 'a', status: 'running', createdAt: 1, updatedAt: 1, pendingInputs: 0 };
      if (pages === 1) return jsonAnswer({ graphId: 'g', revision: 1, rows: [row] })(request);
      if (pages === 2) return jsonAnswer({ graphId: 'other', revision: 9, rows: [] })(request);
      return never();
    });
    const messages: MonitorMessage[] = [];
    const abort = new AbortController();
    const reading = (async () => {
      for await (const some of server.client(environment).monitorSessions('g', { signal: abort.signal }))
        messages.push(...some);
    })();
    await environment.advance(120_000);
    const codes = messages.flatMap((message) =>
      message.kind === 'connection' ? [message.connection.error?.code] : [],
    );
    assert.ok(codes.includes('foreign-answer'));
    assert.equal(messages.filter(({ kind }) => kind === 'snapshotComplete').length, 1);
    abort.abort();
    await reading;
  });

  it('and every other fault of a line deliver each event once, in order (property)', async () => {
    const fault = fc.record({
      kind: fc.constantFrom('held', 'cut', 'silent', 'network', 'html', 'busy', 'short'),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fault, { maxLength: 25 }), async (faults) => {
        const environment = new FakeEnvironment({ randomNumbers: [0.1, 0.7] });
        const server = new FakeServer((request) => {
          const now = faults[request.number];
          if (now === undefined) return whole(request);
          const type = isStream(request) ? 'text/event-stream' : 'application/json';
          const text = isStream(request) ? streamText(request) : JSON.stringify(pageBody(request, 1000));
          const bytes = Math.floor(now.at * text.length);
          switch (now.kind) {
            case 'held':
              return isStream(request) ? never() : whole(request);
            case 'network':
              return networkFailure(request);
            case 'html':
              return new Response('<h1>Sign in</h1>', { headers: { 'Content-Type': 'text/html' } });
            case 'busy':
              return problemAnswer(503, 'unavailable')(request);
            case 'short':
              return isStream(request)
                ? never()
                : jsonAnswer(pageBody(request, Math.ceil(now.at * 4)))(request);
            default:
              return broken(text, type, bytes, now.kind === 'silent');
          }
        });
        const service = server.client(environment);
        // It knows its server, so that a foreign answer is not final.
        const watched = watch(service.connectSession('s'));
        await untilEnded(environment, () => watched.hasEnded);
        const error = await watched.ended;
        const isNoServer = error instanceof Error && 'code' in error && error.code === 'no-server';
        if (!isNoServer) assert.equal(error, undefined);
        assert.deepEqual(
          watched.events.map(({ index }) => index),
          LOG.map(({ index }) => index).slice(0, isNoServer ? watched.events.length : LOG.length),
        );
        assert.equal(environment.timerCount, 0);
      }),
      { numRuns: FAULT_RUNS },
    );
  });
});

describe('an event that a line never lets through at once', () => {
  const text = JSON.stringify({ ...LOG[1], text: 'é'.repeat(3000) });
  const bytes = new TextEncoder().encode(text);

  /** What the server says of the event at a piece, counted from 1, and its bytes. */
  type EventAt = (piece: number) => { readonly tag?: string; readonly bytes: Uint8Array<ArrayBuffer> };

  /** A line that cuts every response after `bytesPerResponse`. */
  function narrow(
    bytesPerResponse: number,
    isClean: boolean,
    eventAt: EventAt = () => ({ bytes }),
  ): FakeServer {
    let pieces = 0;
    return new FakeServer((request) => {
      const index = Number(/\/events\/(\d+)/.exec(request.path)?.[1] ?? -1);
      const cut = (from: Uint8Array, status: number, type: string, headers: Record<string, string> = {}) => {
        const part = from.subarray(0, bytesPerResponse);
        const body = new ReadableStream<Uint8Array>({
          start: (controller) => controller.enqueue(part),
          pull(controller) {
            if (isClean || part.length === from.length) controller.close();
            else controller.error(new TypeError('terminated'));
          },
        });
        return new Response(body, { status, headers: { ...PROTOCOL, 'Content-Type': type, ...headers } });
      };
      if (index >= 0) {
        assert.equal(index, 1);
        const from = Number(/^bytes=(\d+)-$/.exec(request.headers.get('range') ?? '')?.[1] ?? 0);
        const { tag, bytes: all } = eventAt((pieces += 1));
        const isWhole = from === 0 || request.headers.get('if-range') !== (tag ?? null);
        const headers = tag === undefined ? {} : { ETag: tag };
        return cut(isWhole ? all : all.subarray(from), isWhole ? 200 : 206, 'application/json', headers);
      }
      const stream = streamText(request).replace(
        JSON.stringify(eventToWire(LOG[1] ?? completeEvent(1))),
        text,
      );
      return cut(new TextEncoder().encode(stream), 200, 'text/event-stream');
    });
  }

  for (const isClean of [false, true]) {
    it(`arrives in pieces when responses are ${isClean ? 'ended early' : 'cut off'}`, async () => {
      const environment = new FakeEnvironment();
      const server = narrow(2001, isClean);
      const watched = watch(server.client(environment).connectSession('s'));
      await untilEnded(environment, () => watched.hasEnded);
      assert.equal(await watched.ended, undefined);
      assert.deepEqual(
        watched.events.map(({ index }) => index),
        LOG.map(({ index }) => index),
      );
      assert.deepEqual(eventToWire(watched.events[1] ?? completeEvent(1)), JSON.parse(text));
      const pieces = server.requests.filter(({ path }) => path.includes('/events/'));
      assert.equal(pieces.length, Math.ceil(bytes.length / 2001));
    });
  }

  it('arrives whole when the log is restored between two pieces', async () => {
    const environment = new FakeEnvironment();
    const other = new TextEncoder().encode(text.replaceAll('é', 'ö'));
    const server = narrow(2001, false, (piece) =>
      piece <= 2 ? { tag: '"log-a"', bytes } : { tag: '"log-b"', bytes: other },
    );
    const watched = watch(server.client(environment).connectSession('s'));
    await untilEnded(environment, () => watched.hasEnded);
    assert.equal(await watched.ended, undefined);
    assert.deepEqual(
      eventToWire(watched.events[1] ?? completeEvent(1)),
      JSON.parse(text.replaceAll('é', 'ö')),
    );
  });

  it('is not taken from another log', async () => {
    const environment = new FakeEnvironment();
    const stranger = new TextEncoder().encode(text.replaceAll('é', 'x'));
    const server = narrow(2001, false, (piece) =>
      piece <= 2 ? { tag: '"other-a"', bytes: stranger } : { tag: '"log-b"', bytes },
    );
    const watched = watch(server.client(environment).connectSession('s'));
    await untilEnded(environment, () => watched.hasEnded);
    assert.equal(await watched.ended, undefined);
    assert.deepEqual(eventToWire(watched.events[1] ?? completeEvent(1)), JSON.parse(text));
  });

  it('is named, with its size, when no byte of it gets through, and all is delivered once the line is repaired', async () => {
    const environment = new FakeEnvironment();
    let isRepaired = false;
    const server = new FakeServer((request) => {
      if (isRepaired) return whole(request);
      if (request.path.includes('/events/')) {
        const response = broken('', 'application/json', 0, false);
        response.headers.set('Content-Length', String(bytes.length));
        return response;
      }
      // The start and event 0.
      const text = streamText(request);
      return broken(text, 'text/event-stream', text.indexOf('t1'), false);
    });
    const watched = watch(server.client(environment).connectSession('s'));
    const isStuck = () => watched.connection?.error?.code === 'event-stuck';
    await untilEnded(environment, isStuck);
    assert.deepEqual(watched.connection?.error?.members, { index: 1, bytes: bytes.length });
    assert.equal(watched.events.length, 1);
    isRepaired = true;
    await untilEnded(environment, () => watched.hasEnded);
    assert.deepEqual(
      watched.events.map(({ index }) => index),
      LOG.map(({ index }) => index),
    );
  });
});
