import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GraphRunError, parseProblem } from '../../../src/protocol/problems.js';
import type { HttpGraphRunService } from '../../../src/service/http/http-graph-run-service.js';
import { FakeEnvironment } from '../../support/fake-environment.js';
import {
  FakeServer,
  jsonAnswer,
  startFrame,
  streamAnswer,
  type FakeAnswer,
} from '../../support/fake-server.js';
import { watch } from '../../support/watch.js';

const html = (status: number): FakeAnswer => {
  return () => new Response('<html><h1>x</h1></html>', { status, headers: { 'Content-Type': 'text/html' } });
};
const json = (status: number, body: object): FakeAnswer => {
  return () =>
    new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });
};

/** Answers of whatever may stand between a page and its session server. */
const FOREIGN: Readonly<Record<string, FakeAnswer>> = {
  'a sign-in page': html(200),
  'an empty success': () => new Response('', { status: 200 }),
  'a success without a body': () => new Response(null, { status: 204 }),
  'JSON of another service': json(200, { ok: true, status: 'ok', sessionId: 'login-4711' }),
  'an empty object': json(200, {}),
  'a list': () => new Response('[]', { headers: { 'Content-Type': 'application/json' } }),
  'text: 404 page not found': () => new Response('404 page not found', { status: 404 }),
  'a 404 page': html(404),
  'a 404 of Spring': json(404, { status: 404, error: 'Not Found', path: '/v1' }),
  'a 404 of Express or AWS': json(404, { message: 'Not Found', code: 'NOT_FOUND' }),
  'a 404 of FastAPI': json(404, { detail: 'Not Found' }),
  'a 404 {"error"}': json(404, { error: 'Not Found' }),
  'a 404 with the code of a session': json(404, { code: 'session-not-found', message: 'No such login' }),
  'a 400 page': html(400),
  'a 403 page of a firewall': html(403),
  'a 405 page': html(405),
  'a 409 page': html(409),
  'a 410 page': html(410),
  'a 451 page': html(451),
  'a 500 page': html(500),
  'a 502 page': html(502),
  'a 504 page': html(504),
  'a 511 page': html(511),
  'a 520 page': html(520),
  'a 524 page': html(524),
};

const CALLS: Readonly<Record<string, (service: HttpGraphRunService) => Promise<unknown>>> = {
  delete: (service) => service.deleteSession('s'),
  cancel: (service) => service.cancelSession('s'),
  answer: (service) => service.resumeSession('s', 'i', {}),
  rename: (service) => service.updateSession('s', { title: 'b' }),
  rerun: (service) => service.rerunSession('s'),
  create: (service) => service.createSession({ graphId: 'g' }),
};

const KNOWN = jsonAnswer({ sessionId: 'other', status: 'cancelled' });

/** Creates a client that has had an answer of its server, and now gets the answers of something else. */
async function clientBehind(answer: FakeAnswer, known = KNOWN) {
  const environment = new FakeEnvironment({ randomNumbers: [0.5] });
  const server = FakeServer.withAnswers(known, answer);
  const service = server.client(environment);
  await service.cancelSession('other');
  return { environment, server, service };
}

/** Lets time pass until the promise settles, and returns its error. */
async function failureOf(environment: FakeEnvironment, promise: Promise<unknown>): Promise<unknown> {
  const state = { isSettled: false };
  const settled = promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  void settled.then(() => {
    state.isSettled = true;
  });
  while (!state.isSettled) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    await environment.advance(1000);
  }
  return settled;
}

/** Reads a connection to its end, and resolves with the error that it ended with. */
async function readToEnd(connection: AsyncIterable<unknown>): Promise<unknown> {
  try {
    for await (const batch of connection) void batch;
    return undefined;
  } catch (error) {
    return error;
  }
}

for (const [what, answer] of Object.entries(FOREIGN)) {
  describe(`${what}, in place of the server`, () => {
    for (const [name, call] of Object.entries(CALLS)) {
      it(`F1 F7 is no success of ${name}, is tried again and is named as such`, async () => {
        const { environment, server, service } = await clientBehind(answer);
        const error = await failureOf(environment, call(service));
        assert.ok(error instanceof GraphRunError, `${name} succeeded`);
        assert.ok(['foreign-answer', 'unavailable'].includes(error.code), error.code);
        assert.equal(server.requests.length, 1 + 4);
      });
    }

    for (const name of ['session', 'list'] as const) {
      it(`F1 F10 never ends the connection to a ${name} of a known server`, async () => {
        const { environment, server, service } = await clientBehind(answer);
        const abort = new AbortController();
        const options = { signal: abort.signal };
        const ended =
          name === 'session'
            ? readToEnd(service.connectSession('s', options))
            : readToEnd(service.monitorSessions('g', options));
        let hasEnded = false;
        void ended.then(() => {
          hasEnded = true;
        });
        while (server.requests.length < 30) {
          await new Promise((resolve) => {
            setImmediate(resolve);
          });
          await environment.advance(30_000);
        }
        assert.equal(hasEnded, false);
        abort.abort();
        assert.equal(await ended, undefined);
      });
    }
  });
}

describe('an address without a session server', () => {
  for (const what of ['a sign-in page', 'a 404 page', 'a 404 of FastAPI', 'a 403 page of a firewall']) {
    it(`F1d is reported as such: ${what}`, async () => {
      const environment = new FakeEnvironment({ randomNumbers: [0.5] });
      const service = new FakeServer(FOREIGN[what]).client(environment);
      const reading = readToEnd(service.monitorSessions('g'));
      const error = await failureOf(
        environment,
        reading.then((failure) => Promise.reject(failure as Error)),
      );
      assert.ok(error instanceof GraphRunError && error.code === 'no-server', String(error));
    });
  }
});

describe('a server whose header a page cannot see', () => {
  it('F7 confirms a deletion by its body alone', async () => {
    const environment = new FakeEnvironment();
    await new FakeServer(json(200, { ok: true })).client(environment).deleteSession('s');
  });
});

describe('frames with names that the protocol does not know', () => {
  for (const data of ['2026-11-28 03:00:00', '', 'keepalive', '[]', '{', '{}', '"x"', 'null']) {
    it(`F5c are passed over, whatever their data: ${JSON.stringify(data)}`, async () => {
      const environment = new FakeEnvironment();
      const ping = `event: ping\ndata: ${data}\n\n`;
      const whole = streamAnswer(
        startFrame(-1, 0),
        { id: 0, event: 'event', data: { type: 'graphCancelled', sessionId: 's', index: 0 } },
        { event: 'event', data: { type: 'replayComplete', lastIndex: 0, status: 'cancelled', pending: [] } },
        { event: 'done', data: { status: 'cancelled', lastIndex: 0 } },
      );
      const server = new FakeServer(async (request) => {
        const response = await whole(request);
        const text = (await response.text()).replaceAll('\n\n', `\n\n${ping}`);
        return new Response(ping + text, response);
      });
      const watched = watch(server.client(environment).connectSession('s'));
      assert.equal(await watched.ended, undefined);
      assert.deepEqual(
        watched.events.map(({ type }) => type),
        ['graphCancelled'],
      );
      assert.equal(server.requests.length, 1);
    });
  }
});

describe('a token provider that hangs once', () => {
  it('F11 holds up nothing for longer than 30 seconds: the next request asks again', async () => {
    const environment = new FakeEnvironment();
    let asked = 0;
    const server = new FakeServer(jsonAnswer({ ok: true }));
    const service = server.client(environment, {
      getToken: () => (++asked === 1 ? new Promise<never>(() => undefined) : 'token'),
    });
    const error = await failureOf(environment, service.deleteSession('other'));
    assert.equal(error, undefined);
    assert.ok(environment.now() >= 30_000);
    assert.equal(server.requests.at(-1)?.headers.get('authorization'), 'Bearer token');
    assert.equal(environment.timerCount, 0);
  });

  it('F11 while a refused token is replaced, the connection waits and tries again', async () => {
    const environment = new FakeEnvironment();
    let forced = 0;
    const live = streamAnswer(startFrame(-1, -1));
    const server = new FakeServer((request) =>
      request.headers.get('authorization') === 'Bearer new' ? live(request) : html(401)(request),
    );
    const service = server.client(environment, {
      getToken({ isForced }) {
        if (isForced) forced += 1;
        if (isForced && forced === 1) return new Promise<never>(() => undefined);
        return forced > 1 ? 'new' : 'old';
      },
    });
    const abort = new AbortController();
    const watched = watch(service.connectSession('s', { signal: abort.signal }));
    while (!server.requests.some(({ headers }) => headers.get('authorization') === 'Bearer new')) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      assert.notEqual(watched.connection?.phase, 'failed');
      await environment.advance(1000);
    }
    assert.equal(forced, 2);
    abort.abort();
    await watched.ended;
  });
});

describe('an error response', () => {
  it('F1 of an older server names a missing session by its text alone', () => {
    const read = (status: number, body: object) =>
      parseProblem(status, body, { isLegacyPossible: true }).code;
    assert.equal(read(404, { error: 'Graph session not found' }), 'session-not-found');
    assert.equal(read(404, { error: 'No suspended node for interaction i' }), 'interaction-not-found');
    assert.equal(read(404, { error: 'Not Found' }), 'foreign-answer');
    assert.equal(read(404, { detail: 'Not Found' }), 'foreign-answer');
    assert.equal(read(400, { error: 'Missing graph' }), 'invalid-request');
    assert.equal(parseProblem(404, { error: 'Graph session not found' }).code, 'foreign-answer');
  });
});
