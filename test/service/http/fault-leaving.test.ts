import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { describe, it } from 'node:test';
import type { SessionMessage } from '../../../src/protocol/stream/messages.js';
import { GraphRunError } from '../../../src/protocol/problems.js';
import type { SseFrame } from '../../../src/protocol/stream/sse.js';
import type { HttpGraphRunServiceOptions } from '../../../src/service/http/http-graph-run-service.js';
import { reconnect, type ReconnectingStream } from '../../../src/service/http/attempts/reconnect.js';
import { FakeEnvironment } from '../../support/fake-environment.js';
import {
  FakeServer,
  FakeStream,
  markerFrame,
  networkFailure,
  problemAnswer,
  startFrame,
  thoughtFrames,
  wholeStream,
  type FakeAnswer,
} from '../../support/fake-server.js';
import { eventually } from '../../support/watch.js';

const never = () => new Promise<never>(() => undefined);
const LIVE = [startFrame(-1, 2), ...thoughtFrames(0, 2), markerFrame(2)];

/** A state of a connection, and how to reach it. */
interface State {
  readonly name: string;
  readonly answer: FakeAnswer;
  readonly options?: Partial<HttpGraphRunServiceOptions>;
  readonly prepare?: (environment: FakeEnvironment) => void;
  /** Returns whether the connection is in this state; `read` has the messages delivered so far. */
  readonly isThere: (seen: Seen) => boolean;
}

interface Seen {
  readonly messages: readonly SessionMessage[];
  readonly requestCount: number;
  readonly tokenCalls: number;
  readonly environment: FakeEnvironment;
}

const phaseOf = ({ messages }: Seen) =>
  messages.flatMap((message) => (message.kind === 'connection' ? [message.connection.phase] : [])).at(-1);

const sending =
  (...frames: readonly SseFrame[]): FakeAnswer =>
  () =>
    new FakeStream().send(...frames).response;

const STATES: readonly State[] = [
  {
    name: 'waiting for the token',
    answer: never,
    options: { getToken: never },
    isThere: ({ tokenCalls }) => tokenCalls === 1,
  },
  { name: 'waiting for an answer', answer: never, isThere: ({ requestCount }) => requestCount === 1 },
  {
    name: 'reading the body of an error',
    answer: () => new Response(new ReadableStream({ pull: never }), { status: 503 }),
    isThere: ({ requestCount }) => requestCount === 1,
  },
  {
    name: 'waiting for the first frame',
    answer: sending(),
    isThere: ({ requestCount, environment }) => requestCount === 1 && environment.timerCount === 1,
  },
  {
    name: 'replaying',
    answer: sending(...LIVE.slice(0, 2)),
    isThere: (seen) => phaseOf(seen) === 'replaying',
  },
  { name: 'live', answer: sending(...LIVE), isThere: (seen) => phaseOf(seen) === 'live' },
  {
    name: 'waiting for “done” after the terminal event',
    answer: sending(...wholeStream(-1, 2).slice(0, -1)),
    isThere: (seen) => phaseOf(seen) === 'live',
  },
  {
    name: 'waiting for the next attempt',
    answer: networkFailure,
    isThere: (seen) => phaseOf(seen) === 'backoff',
  },
  {
    name: 'offline',
    answer: networkFailure,
    prepare: (environment) => environment.emit('offline'),
    isThere: (seen) => phaseOf(seen) === 'offline',
  },
  {
    name: 'asking for a fresh token',
    answer: problemAnswer(401, 'unauthenticated'),
    options: { getToken: ({ isForced }) => (isForced ? never() : 'old') },
    // One for the request, one that looks for another token, and the one that waits.
    isThere: ({ tokenCalls }) => tokenCalls === 3,
  },
];

describe('C12 leaving a connection', () => {
  for (const { name, answer, options = {}, prepare, isThere } of STATES) {
    for (const way of ['abort', 'return', 'throw', 'second loop'] as const) {
      it(`while ${name}, by ${way}: nothing more is delivered, no timer and no listener remains`, async () => {
        const environment = new FakeEnvironment();
        const server = new FakeServer(answer);
        prepare?.(environment);
        const calls: boolean[] = [];
        const { getToken } = options;
        const service = server.client(environment, {
          ...options,
          ...(getToken === undefined ? {} : { getToken: (how) => (calls.push(how.isForced), getToken(how)) }),
        });
        const abort = new AbortController();
        const connection = service.connectSession('s', { signal: abort.signal });
        const iterator = connection[Symbol.asyncIterator]();
        const messages: SessionMessage[] = [];
        const state = { isLeaving: false, isDone: false };
        const read = async () => {
          for (;;) {
            const { done, value } = await iterator.next();
            if (done === true) break;
            assert.ok(!state.isLeaving, `delivered after the end: ${JSON.stringify(value.messages)}`);
            messages.push(...value.messages);
          }
          state.isDone = true;
        };
        const reading = read();
        await eventually(
          () =>
            isThere({
              messages,
              requestCount: server.requests.length,
              tokenCalls: calls.length,
              environment,
            }),
          name,
        );
        await environment.turn();
        state.isLeaving = true;
        let second: AsyncIterator<unknown> | undefined;
        if (way === 'abort') abort.abort();
        else if (way === 'return') await iterator.return?.();
        else if (way === 'throw') {
          await assert.rejects(async () => iterator.throw?.(new Error('mine')), { message: 'mine' });
        } else second = connection[Symbol.asyncIterator]();
        await eventually(() => state.isDone, 'the loop ends');
        await reading;
        await second?.return?.();
        assert.deepEqual([environment.timerCount, environment.listenerCount], [0, 0]);
        const requestCount = server.requests.length;
        connection.retryNow();
        environment.emit('online');
        environment.emit('show');
        await environment.advance(600_000);
        assert.equal(server.requests.length, requestCount, 'no more requests');
      });
    }
  }

  it('before it was read: no request is sent', async () => {
    const environment = new FakeEnvironment();
    const server = new FakeServer();
    const service = server.client(environment);
    for await (const batch of service.connectSession('s', { signal: AbortSignal.abort() }))
      assert.fail(String(batch));
    const iterator = service.connectSession('s')[Symbol.asyncIterator]();
    await iterator.return?.();
    assert.deepEqual(await iterator.next(), { done: true, value: undefined });
    assert.equal(server.requests.length, 0);
    assert.equal(environment.listenerCount, 0);
  });

  it('messages that have arrived are not delivered after an abort', async () => {
    const environment = new FakeEnvironment();
    const stream = new FakeStream();
    const server = new FakeServer(() => stream.send(startFrame(-1, 9)).response);
    const abort = new AbortController();
    const connection = server.client(environment).connectSession('s', { signal: abort.signal });
    const iterator = connection[Symbol.asyncIterator]();
    await iterator.next();
    await iterator.next();
    const pending = iterator.next();
    stream.send(...thoughtFrames(0, 3));
    // The bytes are on their way through the decoder when the person leaves.
    await Promise.resolve();
    abort.abort();
    assert.deepEqual(await pending, { done: true, value: undefined });
    assert.equal(environment.timerCount, 0);
  });

  it('between the message that it failed and the error: no error is thrown', async () => {
    const environment = new FakeEnvironment();
    const server = new FakeServer(problemAnswer(403, 'forbidden'));
    const abort = new AbortController();
    const phases: string[] = [];
    for await (const { messages } of server
      .client(environment)
      .connectSession('s', { signal: abort.signal })) {
      for (const message of messages) {
        if (message.kind !== 'connection') continue;
        phases.push(message.connection.phase);
        if (message.connection.phase === 'failed') abort.abort();
      }
    }
    assert.deepEqual(phases, ['connecting', 'failed']);
  });
});

describe('a long life', () => {
  it('C12 leaves as many listeners of the signal after 50 lost attempts as after one', async () => {
    const environment = new FakeEnvironment();
    const abort = new AbortController();
    const counts: number[] = [];
    const stream: ReconnectingStream<never> = {
      // oxlint-disable-next-line eslint/require-yield -- it yields nothing
      async *attempt() {
        counts.push(getEventListeners(abort.signal, 'abort').length);
        if (counts.length === 50) abort.abort();
        return {
          outcome: { kind: 'lost', error: new GraphRunError('network', 'cut') },
          facts: {
            hasProgressed: false,
            isServerKnown: false,
            canRefreshToken: false,
            isJustCreated: false,
          },
        };
      },
      refreshToken: async () => undefined,
      reset: () => [],
    };
    const context = { signal: abort.signal, onRetryNow: () => () => undefined };
    for await (const [message] of reconnect(stream, context, environment)) {
      if (message?.connection.phase === 'backoff') setImmediate(() => void environment.advance(30_000));
    }
    assert.deepEqual(new Set(counts), new Set([0]));
    assert.equal(environment.listenerCount, 0);
  });

  it('C11 a fetch that ignores signals: its body is cancelled nevertheless', async () => {
    const stream = new FakeStream().send(...LIVE);
    const service = new FakeServer().client(new FakeEnvironment(), { fetch: async () => stream.response });
    for await (const { messages } of service.connectSession('s')) {
      if (messages.some(({ kind }) => kind === 'event')) break;
    }
    assert.ok(stream.isCancelled);
  });
});

describe('an application that fails or is slow', () => {
  it('C21 the cursor is not beyond the applied events, and the connection is closed', async () => {
    const environment = new FakeEnvironment();
    const stream = new FakeStream();
    const streams = [stream];
    const server = new FakeServer(({ query }) => {
      const after = Number(query.get('after'));
      const next = streams.pop() ?? new FakeStream();
      return after < 0
        ? next.send(startFrame(-1, 1), ...thoughtFrames(0, 1)).response
        : next.send(...wholeStream(after, 4)).response;
    });
    const service = server.client(environment);
    const applied: number[] = [];
    let cursor: string | undefined;
    const apply = async (mayFail: boolean) => {
      for await (const batch of service.connectSession('s', cursor === undefined ? {} : { cursor })) {
        const indexes = batch.messages.flatMap((message) =>
          message.kind === 'event' ? [message.event.index] : [],
        );
        if (mayFail && indexes.includes(2)) throw new Error('mine');
        applied.push(...indexes);
        cursor = batch.cursor;
        if (mayFail && indexes.includes(1)) stream.send(...thoughtFrames(2, 3));
      }
    };
    await assert.rejects(apply(true), { message: 'mine' });
    assert.ok(stream.isCancelled);
    assert.deepEqual([environment.timerCount, environment.listenerCount], [0, 0]);
    await apply(false);
    assert.deepEqual(applied, [0, 1, 2, 3, 4]);
  });

  it('C13 its time with a batch does not count as silence of the server', async () => {
    const environment = new FakeEnvironment();
    const stream = new FakeStream();
    const server = new FakeServer(() => stream.send(...LIVE).response);
    const iterator = server.client(environment).connectSession('s')[Symbol.asyncIterator]();
    await iterator.next();
    await iterator.next();
    await environment.advance(600_000);
    assert.equal(environment.timerCount, 0, 'nothing is waited for');
    stream.send(...thoughtFrames(3, 3));
    const next = await iterator.next();
    assert.ok(next.done !== true && next.value.messages.some(({ kind }) => kind === 'event'));
    assert.equal(server.requests.length, 1);
    await iterator.return?.();
  });
});
