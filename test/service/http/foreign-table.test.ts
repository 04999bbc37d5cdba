import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GraphRunError } from '../../../src/protocol/problems.js';
import { encodeFrame } from '../../../src/protocol/stream/sse.js';
import type { HttpGraphRunService } from '../../../src/service/http/http-graph-run-service.js';
import { FakeEnvironment } from '../../support/fake-environment.js';
import { FakeServer, jsonAnswer, wholeStream, type FakeAnswer } from '../../support/fake-server.js';

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

/** Every status that a router, proxy, portal, firewall or other service may answer with, redirects that lead nowhere included. */
const STATUSES = [
  ...range(200, 208),
  226,
  299,
  ...range(300, 308),
  ...range(400, 418),
  ...range(421, 431),
  444,
  451,
  460,
  494,
  499,
  ...range(500, 511),
  ...range(520, 530),
  561,
  599,
];

const WHOLE: ReadonlySet<number> = new Set([200, 204, 401, 403, 404, 410, 503]);

/** The answers of the session server, all in one. */
const OWN = {
  ok: true,
  sessionId: 's',
  interactionId: 'i',
  status: 'completed',
  duplicate: true,
  createdAt: 1,
  updatedAt: 1,
  pendingInputs: 0,
  results: [{ sessionId: 's', result: 'deleted' }],
  events: [{ type: 'graphCancelled', sessionId: 's', index: 0 }],
  lastIndex: 0,
  closed: true,
  revision: 1,
  rows: [],
};
const OWN_STREAM = [...wholeStream(-1, 2), { event: 'snapshotComplete', data: { revision: 1 } }];

/** Content type and body of answers that are not of the session server. */
const BODIES: Readonly<Record<string, readonly [string, BodyInit | (() => ReadableStream<Uint8Array>)]>> = {
  'a page': ['text/html', '<!doctype html><title>Sign in</title><form></form>'],
  nothing: ['text/plain', ''],
  'no content type': ['', 'upstream connect error'],
  'JSON of another service': ['application/json', '{"status":"ok","ok":true,"code":"NOT_FOUND","id":7}'],
  'a problem of another service': [
    'application/problem+json',
    '{"type":"about:blank","code":"session-not-found","detail":"Your login session was not found."}',
  ],
  '{"error"}': ['application/json', '{"error":"Graph session not found"}'],
  'the own JSON without the header': ['application/json', JSON.stringify(OWN)],
  'the own JSON as text': ['text/plain', JSON.stringify(OWN)],
  'JSON that is cut off': ['application/json', JSON.stringify(OWN).slice(0, -20)],
  null: ['application/json', 'null'],
  'a list': ['application/json', JSON.stringify([OWN])],
  'compressed bytes': ['application/json', new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xff, 0xfe])],
  'a body that cannot be decoded': [
    'application/json',
    () =>
      new ReadableStream({
        pull(controller) {
          controller.error(new TypeError('net::ERR_CONTENT_DECODING_FAILED'));
        },
      }),
  ],
};

function answerWith(status: number, [type, body]: (typeof BODIES)[string]): FakeAnswer {
  const headers: Record<string, string> = type === '' ? {} : { 'Content-Type': type };
  return () => {
    const content = [204, 205, 304].includes(status) ? null : typeof body === 'function' ? body() : body;
    return new Response(content, { status, headers });
  };
}

type Call = (service: HttpGraphRunService) => Promise<unknown>;
const CALLS: Readonly<Record<string, Call>> = {
  create: (service) => service.createSession({ graphId: 'g' }),
  rerun: (service) => service.rerunSession('s'),
  rename: (service) => service.updateSession('s', { title: 'b' }),
  cancel: (service) => service.cancelSession('s'),
  answer: (service) => service.resumeSession('s', 'i', {}),
  delete: (service) => service.deleteSession('s'),
  'delete many': (service) => service.deleteSessions(['s', 't']),
};

/** Codes that say what happened, and nothing about the session. */
const HONEST: ReadonlySet<string> = new Set([
  'foreign-answer',
  'unavailable',
  'network',
  'unauthenticated',
  'auth-required',
  'payload-too-large',
]);

/** Creates a client that has had an answer of its server, and now gets the answers of something else. */
async function clientBehind(answer: FakeAnswer) {
  const environment = new FakeEnvironment({ randomNumbers: [0.5] });
  const server = FakeServer.withAnswers(jsonAnswer({ sessionId: 'other', status: 'cancelled' }), answer);
  const service = server.client(environment);
  await service.cancelSession('other');
  return { environment, server, service };
}

/** Lets time pass until the promise settles, and returns its value or its error. */
async function outcomeOf(environment: FakeEnvironment, promise: Promise<unknown>): Promise<unknown> {
  const state: { outcome?: { readonly value: unknown } } = {};
  promise.then(
    (value) => (state.outcome = { value }),
    (error: unknown) => (state.outcome = { value: error }),
  );
  for (let turns = 0; state.outcome === undefined && turns < 200; turns += 1) {
    await environment.advance(environment.nextTimerMs ?? 0);
  }
  return state.outcome === undefined ? 'It never ended.' : state.outcome.value;
}

/** Follows a stream over 8 attempts. Returns how it ended, if it did, and what it delivered. */
async function follow(name: 'session' | 'list', answer: FakeAnswer) {
  const { environment, server, service } = await clientBehind(answer);
  const abort = new AbortController();
  const options = { signal: abort.signal };
  const delivered: string[] = [];
  const add = (messages: readonly { readonly kind: string }[]) =>
    delivered.push(...messages.map(({ kind }) => kind).filter((kind) => kind !== 'connection'));
  const result: { outcome: unknown; readonly delivered: readonly string[] } = {
    outcome: undefined,
    delivered,
  };
  const read = async () => {
    if (name === 'list') for await (const messages of service.monitorSessions('g', options)) add(messages);
    else for await (const { messages } of service.connectSession('s', options)) add(messages);
    if (!abort.signal.aborted) result.outcome = 'ended';
  };
  const reading = read().catch((error: unknown) => (result.outcome = error));
  for (let turns = 0; result.outcome === undefined && server.requests.length < 9 && turns < 200; turns += 1) {
    await environment.advance(environment.nextTimerMs ?? 0);
  }
  const seen = { ...result };
  abort.abort();
  await reading;
  return seen;
}

/** Tries all answers, and fails with all those that `check` complains about. */
async function forAll(
  check: (answer: FakeAnswer, status: number) => Promise<string | undefined>,
): Promise<void> {
  const all = STATUSES.flatMap((status, row) =>
    Object.entries(BODIES)
      // A quarter of all pairs, and all pairs of the statuses that are believed most easily.
      .filter((_, column) => WHOLE.has(status) || (row + column) % 4 === 0)
      .map(([what, body]) => ({ status, what, body })),
  );
  const problems = await Promise.all(
    all.map(async ({ status, what, body }) => {
      const problem = await check(answerWith(status, body), status);
      return problem === undefined ? [] : [`${status} with ${what}: ${problem}`];
    }),
  );
  assert.deepEqual(problems.flat(), []);
}

describe(`${STATUSES.length} statuses with ${Object.keys(BODIES).length} kinds of content, of something else than the server`, () => {
  for (const [name, call] of Object.entries(CALLS)) {
    it(`are never a success of ${name}, and never an error of its session`, () =>
      forAll(async (answer) => {
        const { environment, service } = await clientBehind(answer);
        const outcome = await outcomeOf(environment, call(service));
        if (!(outcome instanceof GraphRunError)) return `took it for ${JSON.stringify(outcome)}`;
        return HONEST.has(outcome.code) ? undefined : outcome.code;
      }));
  }

  for (const name of ['session', 'list'] as const) {
    it(`never end the connection to a ${name}, and bring nothing to it`, () =>
      forAll(async (answer, status) => {
        const { outcome, delivered } = await follow(name, answer);
        if (delivered.length > 0) return `delivered ${delivered.join()}`;
        // What is in front of the server may also ask for a sign-in. Then the person is asked.
        if (status === 401 && outcome instanceof GraphRunError && outcome.code === 'auth-required')
          return undefined;
        return outcome === undefined ? undefined : String(outcome);
      }));
  }
});

describe('a stream of something else than the server', () => {
  const STREAMS: Readonly<Record<string, string>> = {
    'of another service': 'data: hello\n\nevent: message\ndata: {"jsonrpc":"2.0"}\n\n',
    'that begins with an event': 'event: event\ndata: {"type":"graphComplete","index":0}\n\n',
    'with broken frames': 'event: start\ndata: {"sess\n\nevent: monitorStart\ndata: 7\n\n',
    'of another session and graph': [
      { event: 'start', data: { sessionId: 'another', protocol: 1, logId: 'x', after: -1, lastIndex: 2 } },
      { event: 'monitorStart', data: { graphId: 'another', protocol: 1, revision: 1 } },
      ...OWN_STREAM.slice(1),
    ]
      .map(encodeFrame)
      .join(''),
    'that is empty': '',
  };
  for (const [what, text] of Object.entries(STREAMS)) {
    for (const name of ['session', 'list'] as const) {
      it(`${what} never ends the connection to a ${name}, and brings nothing to it`, async () => {
        const answer = () => new Response(text, { headers: { 'Content-Type': 'text/event-stream' } });
        assert.deepEqual(await follow(name, answer), { outcome: undefined, delivered: [] });
      });
    }
  }

  for (const name of ['session', 'list'] as const) {
    it(`never ends the connection to a ${name} when it is the server’s own, for another request`, async () => {
      const headers = { 'Content-Type': 'text/event-stream', 'Graph-Session-Protocol': '1' };
      const answer = () => new Response(STREAMS['of another session and graph'], { headers });
      assert.deepEqual(await follow(name, answer), { outcome: undefined, delivered: [] });
    });
  }
});
