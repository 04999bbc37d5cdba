import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GraphRunError } from '../../../src/protocol/problems.js';
import { encodeFrame } from '../../../src/protocol/stream/sse.js';
import type { HttpGraphRunServiceOptions } from '../../../src/service/http/http-graph-run-service.js';
import { FakeEnvironment } from '../../support/fake-environment.js';
import {
  doneFrame,
  FakeServer,
  FakeStream,
  jsonAnswer,
  markerFrame,
  networkFailure,
  problemAnswer,
  startFrame,
  streamAnswer,
  thoughtFrames,
  wholeStream,
  type FakeAnswer,
} from '../../support/fake-server.js';
import { eventually, watch } from '../../support/watch.js';

const indexes = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Creates a server that gives these answers, and after them the rest of a session of 5 events. */
function serverWith(...answers: readonly FakeAnswer[]): FakeServer {
  return FakeServer.withAnswers(...answers, ({ query }) =>
    streamAnswer(...wholeStream(Number(query.get('after')), 4))({} as never),
  );
}

/** Watches to the end, with waits between attempts that end at once and are recorded. */
async function watchToEnd(
  server: FakeServer,
  options: Partial<HttpGraphRunServiceOptions> & { readonly cursor?: string; readonly wallMs?: number } = {},
) {
  const { cursor, wallMs, ...clientOptions } = options;
  const environment = new FakeEnvironment({
    randomNumbers: [0.5],
    ...(wallMs === undefined ? {} : { wallMs }),
  });
  const service = server.client(environment, clientOptions);
  const waits: number[] = [];
  const watched = watch(service.connectSession('s', cursor === undefined ? {} : { cursor }), (message) => {
    if (message.kind !== 'connection' || message.connection.phase !== 'backoff') return;
    const ms = (message.connection.retryAtMs ?? 0) - environment.wallNow();
    waits.push(ms);
    setImmediate(() => void environment.advance(ms));
  });
  const error = await watched.ended;
  assert.deepEqual([environment.timerCount, environment.listenerCount], [0, 0]);
  return { watched, error, waits, environment, service };
}

function isError(error: unknown, code: string): asserts error is GraphRunError {
  assert.ok(error instanceof GraphRunError, String(error));
  assert.equal(error.code, code);
}

describe('the answer of a server to a connection', () => {
  it('S13 204 is the end when the status confirms it', async () => {
    const server = FakeServer.withAnswers(
      () => new Response(null, { status: 204 }),
      jsonAnswer({ sessionId: 's', status: 'completed' }),
    );
    const { error, waits } = await watchToEnd(server, { cursor: '4' });
    assert.deepEqual([error, waits], [undefined, []]);
    assert.deepEqual(
      server.requests.map(({ path }) => path.split('?')[0]),
      ['/s', '/s/status'],
    );
  });

  it('204 for a session that has not ended is tried again', async () => {
    const server = FakeServer.withAnswers(
      () => new Response(null, { status: 204 }),
      jsonAnswer({ sessionId: 's', status: 'running' }),
      ({ query }) => streamAnswer(...wholeStream(Number(query.get('after')), 4))({} as never),
    );
    const { error, waits } = await watchToEnd(server);
    assert.equal(error, undefined);
    assert.equal(waits.length, 1);
  });

  const NOW = Date.UTC(2025, 0, 1, 12, 0, 0);
  for (const [status, retryAfter, least] of [
    [500, undefined, 0],
    [502, undefined, 0],
    [503, '20', 20_000],
    [429, '7', 7000],
    [503, new Date(NOW + 90_000).toUTCString(), 90_000],
    [503, new Date(NOW - 90_000).toUTCString(), 0],
    [429, '99999999999', 300_000],
    [503, 'soon', 0],
    [408, undefined, 0],
    [425, undefined, 0],
  ] as const) {
    it(`C5 ${status} with Retry-After ${retryAfter ?? 'missing'}: tried again, not before ${least} ms`, async () => {
      const headers: Record<string, string> = retryAfter === undefined ? {} : { 'Retry-After': retryAfter };
      const server = serverWith(problemAnswer(status, 'unavailable', { headers }));
      const { watched, error, waits } = await watchToEnd(server, { wallMs: NOW });
      assert.equal(error, undefined);
      assert.equal(watched.events.length, 5);
      assert.equal(waits.length, 1);
      const [wait = 0] = waits;
      assert.ok(wait >= least && wait <= Math.max(least, 500), `waited ${wait} ms`);
    });
  }

  for (const status of [400, 403, 404, 406, 422]) {
    it(`C6 ${status} is final at once, with the error of the server`, async () => {
      const server = serverWith(problemAnswer(status, 'some-code', { more: 7 }));
      const { watched, error } = await watchToEnd(server);
      isError(error, 'some-code');
      assert.deepEqual([error.status, error.message, error.members['more']], [status, 'It is some-code.', 7]);
      assert.equal(server.requests.length, 1);
      assert.equal(watched.connection?.phase, 'failed');
      assert.equal(watched.connection.error, error);
    });
  }

  for (const [code, reported] of [
    ['session-not-found', 'session-gone'],
    ['session-deleted', 'session-deleted'],
  ] as const) {
    it(`C6 ${code} is final at once, as ${reported}`, async () => {
      const { error } = await watchToEnd(serverWith(problemAnswer(404, code)));
      isError(error, reported);
    });
  }

  it('C7 a session that was created moments ago may be unknown twice', async () => {
    const environment = new FakeEnvironment({ randomNumbers: [0.5] });
    const gone = problemAnswer(404, 'session-not-found');
    const server = serverWith(jsonAnswer({ sessionId: 's', status: 'running', createdAt: 1 }), gone, gone);
    const service = server.client(environment);
    await service.createSession({ graphId: 'g' });
    const watched = watch(service.connectSession('s'), (message) => {
      if (message.kind === 'connection' && message.connection.phase === 'backoff')
        setImmediate(() => void environment.advance(1000));
    });
    assert.equal(await watched.ended, undefined);
    assert.equal(watched.events.length, 5);
    assert.equal(server.requests.length, 4);
  });

  describe('C8 a token that is refused', () => {
    const refused = problemAnswer(401, 'unauthenticated');

    it('is replaced once, and the new one is used', async () => {
      const tokens: boolean[] = [];
      const server = serverWith(refused);
      const { error, waits } = await watchToEnd(server, {
        getToken: ({ isForced }) => {
          tokens.push(isForced);
          return tokens.includes(true) ? 'new' : 'old';
        },
      });
      assert.equal(error, undefined);
      assert.deepEqual(waits, [], 'it is tried again at once');
      // For the request, for another token that may exist by now, for a fresh one, and for the request again.
      assert.deepEqual(tokens, [false, false, true, false]);
      const sent = server.requests.map(({ headers }) => headers.get('authorization'));
      assert.deepEqual(sent, ['Bearer old', 'Bearer new']);
    });

    it('twice: the person has to act; the connection can be opened again', async () => {
      const server = serverWith(refused, refused);
      const { error, watched, service } = await watchToEnd(server, { getToken: () => 'x' });
      isError(error, 'auth-required');
      assert.deepEqual(watched.phases, ['connecting', 'authRefresh', 'connecting', 'failed']);
      const again = watch(service.connectSession('s'));
      assert.equal(await again.ended, undefined);
      assert.equal(again.events.length, 5);
    });

    it('without a provider: the person has to act', async () => {
      const { error } = await watchToEnd(serverWith(refused));
      isError(error, 'auth-required');
    });

    it('and a provider that has no new one: the person has to act, and sees why', async () => {
      const reason = new Error('signed out');
      const { error, watched } = await watchToEnd(serverWith(refused), {
        getToken: ({ isForced }) => {
          if (isForced) throw reason;
          return 'old';
        },
      });
      isError(error, 'auth-required');
      assert.equal(error.cause, reason);
      assert.deepEqual(watched.phases, ['connecting', 'authRefresh', 'failed']);
    });

    it('a provider that fails for a moment costs one attempt', async () => {
      let count = 0;
      const { error, watched } = await watchToEnd(serverWith(), {
        getToken: () => {
          count += 1;
          if (count === 1) throw new Error('keychain locked');
          return 'x';
        },
      });
      assert.equal(error, undefined);
      assert.equal(watched.events.length, 5);
    });

    it('after hours of connection is replaced again', async () => {
      const cut = streamAnswer(startFrame(-1, 4), ...thoughtFrames(0, 1));
      const { error, watched } = await watchToEnd(serverWith(refused, cut, refused), { getToken: () => 'x' });
      assert.equal(error, undefined);
      assert.deepEqual(
        watched.events.map(({ index }) => index),
        indexes(5),
      );
    });
  });

  for (const [name, answer] of [
    ['a login page', () => new Response('<html>', { headers: { 'Content-Type': 'text/html' } })],
    ['JSON', jsonAnswer({ ok: true })],
    ['nothing', () => new Response(null, { headers: { 'Content-Type': 'text/plain' } })],
    [
      'a type that only begins alike',
      () => new Response('', { headers: { 'Content-Type': 'text/event-streamx' } }),
    ],
  ] as const) {
    it(`C9 ${name} instead of a stream is tried again, a few times`, async () => {
      const isOwn = (await answer({} as never)).headers.has('Graph-Session-Protocol');
      const twice = await watchToEnd(serverWith(answer, answer));
      assert.equal(twice.error, undefined);
      assert.equal(twice.watched.events.length, 5);
      const always = FakeServer.withAnswers(answer);
      const { error, waits } = await watchToEnd(always);
      isError(error, isOwn ? 'protocol-error' : 'no-server');
      assert.deepEqual([always.requests.length, waits.length], isOwn ? [3, 2] : [5, 4]);
    });
  }

  describe('C10 a server that violates the protocol', () => {
    it('a repeated event is dropped', async () => {
      const server = serverWith(
        streamAnswer(
          startFrame(-1, 4),
          ...thoughtFrames(0, 2),
          ...thoughtFrames(1, 3),
          ...thoughtFrames(0, 0),
        ),
      );
      const { watched, error } = await watchToEnd(server);
      assert.equal(error, undefined);
      assert.deepEqual(
        watched.events.map(({ index }) => index),
        indexes(5),
      );
      assert.equal(server.requests[1]?.query.get('after'), '3');
    });

    for (const [name, frames] of [
      ['a gap', thoughtFrames(2, 2)],
      ['an id that is not the index', [{ id: 7, event: 'event', data: { type: 'x', index: 1 } }]],
      ['an event without an index', [{ event: 'event', data: { type: 'x' } }]],
      ['an event that is a list', [{ event: 'event', data: [] }]],
      ['a marker before the replay is complete', [markerFrame(4)]],
      ['a “done” before the last event', [doneFrame(4)]],
      ['a goodbye without a reason, then nothing', [{ event: 'bye', data: 'x' }]],
    ] as const) {
      it(`${name}: the connection is opened again at the cursor, the third time it is final`, async () => {
        const broken: FakeAnswer = ({ query }) => {
          const after = Number(query.get('after'));
          const first = after < 0 ? thoughtFrames(0, 0) : [];
          return streamAnswer(startFrame(after, 4), ...first, ...frames)({} as never);
        };
        const server = serverWith(broken, broken);
        const { watched, error } = await watchToEnd(server);
        assert.equal(error, undefined);
        assert.deepEqual(
          watched.events.map(({ index }) => index),
          indexes(5),
        );
        assert.deepEqual(
          server.requests.map(({ query }) => query.get('after')),
          ['-1', '0', '0'],
        );
        const always = FakeServer.withAnswers(broken);
        const failed = await watchToEnd(always);
        isError(failed.error, 'protocol-error');
        assert.equal(always.requests.length, 3);
        assert.equal(failed.watched.events.length, 1);
      });
    }

    it('data that is not JSON', async () => {
      const text = `${encodeFrame(startFrame(-1, 4))}event: event\ndata: {"type":\n\n`;
      const broken: FakeAnswer = () =>
        new Response(text, { headers: { 'Content-Type': 'text/event-stream' } });
      const server = FakeServer.withAnswers(broken);
      isError((await watchToEnd(server)).error, 'protocol-error');
      assert.equal(server.requests.length, 3);
    });
  });

  describe('C22 a log that was replaced', () => {
    const reset = problemAnswer(409, 'log-reset', { logId: 'new', lastIndex: 4 });
    const cut = streamAnswer(startFrame(-1, 4, { logId: 'old' }), ...thoughtFrames(0, 2));
    const fresh: FakeAnswer = ({ query }) =>
      streamAnswer(...wholeStream(Number(query.get('after')), 4, { logId: 'new' }))({} as never);

    for (const [name, refusal] of [
      ['log-reset', reset],
      ['cursor-ahead', problemAnswer(409, 'cursor-ahead', { lastIndex: 1 })],
    ] as const) {
      it(`${name}: reported once, then a full replay of the new one`, async () => {
        const { watched, error } = await watchToEnd(FakeServer.withAnswers(cut, refusal, fresh));
        assert.equal(error, undefined);
        const kinds = watched.messages
          .map(({ kind }) => kind)
          .filter((kind) => kind === 'event' || kind === 'reset');
        assert.deepEqual(kinds, [
          'event',
          'event',
          'event',
          'reset',
          'event',
          'event',
          'event',
          'event',
          'event',
        ]);
        assert.deepEqual(
          watched.events.slice(3).map(({ index }) => index),
          indexes(5),
        );
        assert.equal(watched.cursor, '4@new~');
      });
    }

    it('without a refusal of the server, the identity of its log shows it', async () => {
      const { watched, error } = await watchToEnd(FakeServer.withAnswers(cut, fresh));
      assert.equal(error, undefined);
      const kinds = watched.messages
        .map(({ kind }) => kind)
        .filter((kind) => kind === 'event' || kind === 'reset');
      assert.deepEqual(kinds, [
        'event',
        'event',
        'event',
        'reset',
        'event',
        'event',
        'event',
        'event',
        'event',
      ]);
    });

    it('a second time without progress it is final, after progress it is reset again', async () => {
      const twice = await watchToEnd(FakeServer.withAnswers(cut, reset, reset));
      isError(twice.error, 'log-reset');
      assert.equal(twice.watched.messages.filter(({ kind }) => kind === 'reset').length, 1);
      const again = await watchToEnd(FakeServer.withAnswers(cut, reset, cut, reset, fresh));
      assert.equal(again.error, undefined);
      assert.equal(again.watched.messages.filter(({ kind }) => kind === 'reset').length, 2);
    });

    it('a log whose beginning has expired is read from its present beginning', async () => {
      const expired = problemAnswer(410, 'cursor-expired', { firstIndex: 3 });
      const { watched, error } = await watchToEnd(FakeServer.withAnswers(expired, fresh));
      assert.equal(error, undefined);
      assert.deepEqual(
        watched.events.map(({ index }) => index),
        [3, 4],
      );
    });

    it('a stored cursor is sent with the identity of its log; one of another service means the beginning', async () => {
      for (const [cursor, after, log] of [
        ['1@old', '1', 'old'],
        ['-1', '-1', null],
        ['nonsense', '-1', null],
        ['1e3@x', '-1', null],
      ] as const) {
        const server = FakeServer.withAnswers((request) =>
          streamAnswer(...wholeStream(Number(request.query.get('after')), 4, { logId: 'old' }))({} as never),
        );
        const { watched } = await watchToEnd(server, { cursor });
        assert.deepEqual(
          [server.requests[0]?.query.get('after'), server.requests[0]?.query.get('log')],
          [after, log],
        );
        assert.equal(watched.events.length, 4 - Number(after));
      }
    });
  });

  it('S18 after a bye, the next attempt comes when the server asked for it', async () => {
    const bye = streamAnswer(startFrame(-1, 4), ...thoughtFrames(0, 2), {
      retryMs: 3210,
      event: 'bye',
      data: { reason: 'drain' },
    });
    const { watched, waits } = await watchToEnd(serverWith(bye));
    assert.deepEqual(waits, [3210]);
    assert.equal(watched.events.length, 5);
  });

  it('the terminal event without “done”: the connection ends after 5 s', async () => {
    const environment = new FakeEnvironment();
    const [start, ...rest] = wholeStream(-1, 4).slice(0, -1);
    const server = FakeServer.withAnswers(() => new FakeStream().send(start ?? {}, ...rest).response);
    const watched = watch(server.client(environment).connectSession('s'));
    await eventually(() => watched.events.length === 5);
    await environment.advance(4900);
    assert.ok(!watched.hasEnded);
    await environment.advance(200);
    assert.equal(await watched.ended, undefined);
    assert.equal(watched.connection?.phase, 'terminal');
    assert.equal(server.requests.length, 1);
  });

  it('the network fails for an hour: an attempt every 30 s, then it continues', async () => {
    const failures = Array.from({ length: 100 }, () => networkFailure);
    const { watched, waits, error } = await watchToEnd(serverWith(...failures));
    assert.equal(error, undefined);
    assert.equal(watched.events.length, 5);
    assert.ok(waits.every((ms) => ms <= 30_000));
    assert.equal(waits.length, 100);
  });
});
