import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { SCENARIO_GRAPHS } from '../../../src/conformance/scenarios.js';
import { readSession } from '../../../src/conformance/watching.js';
import { textContent } from '../../../src/protocol/content.js';
import { GraphRunError } from '../../../src/protocol/problems.js';
import { EMPTY_SESSION } from '../../../src/protocol/empty-session.js';
import { applyEvents } from '../../../src/protocol/session-state.js';
import {
  HttpGraphRunService,
  type HttpGraphRunServiceOptions,
} from '../../../src/service/http/http-graph-run-service.js';
import type { RunningServer } from '../../../src/server/index.js';
import { FakeEnvironment } from '../../support/fake-environment.js';
import {
  FakeServer,
  jsonAnswer,
  networkFailure,
  problemAnswer,
  type FakeAnswer,
} from '../../support/fake-server.js';
import { FaultProxy } from '../../support/fault-proxy.js';
import { answerQuestion, baseUrlOf, startTestServer } from '../../support/recorded-session.js';
import { eventually, watch } from '../../support/watch.js';

const OK = jsonAnswer({ sessionId: 's', interactionId: 'i', status: 'completed', createdAt: 1, ok: true });

/** Creates a client that knows already that its server speaks version 1. */
async function knowingClient(
  answers: readonly FakeAnswer[],
  options: Partial<HttpGraphRunServiceOptions> = {},
) {
  const environment = new FakeEnvironment({ randomNumbers: [0.5] });
  const server = FakeServer.withAnswers(OK, ...answers);
  const service = server.client(environment, options);
  await service.deleteSession('other');
  const requests = () => server.requests.slice(1);
  return { environment, server, service, requests };
}

/** Makes a call, with waits that end at once; resolves with its outcome and those waits. */
async function settle<Value>(environment: FakeEnvironment, call: Promise<Value>) {
  const waits: number[] = [];
  let outcome: { readonly value: Value } | { readonly error: unknown } | undefined;
  call.then(
    (value) => {
      outcome = { value };
    },
    (error: unknown) => {
      outcome = { error };
    },
  );
  for (;;) {
    await eventually(() => outcome !== undefined || environment.timerCount > 0);
    // A deadline is a timer, too; the answer cancels it.
    await environment.turn();
    if (outcome !== undefined) break;
    const ms = environment.nextTimerMs ?? 0;
    waits.push(ms);
    await environment.advance(ms);
  }
  assert.equal(environment.timerCount, 0, 'no timer is left');
  return { waits, ...outcome };
}

const CALLS: Readonly<
  Record<string, (service: HttpGraphRunService, signal?: AbortSignal) => Promise<unknown>>
> = {
  createSession: (service, signal) =>
    service.createSession({ graphId: 'g' }, signal === undefined ? {} : { signal }),
  resumeSession: (service, signal) =>
    service.resumeSession('s', 'i', { input: 1 }, signal === undefined ? {} : { signal }),
  cancelSession: (service, signal) => service.cancelSession('s', signal === undefined ? {} : { signal }),
  deleteSession: (service, signal) => service.deleteSession('s', signal === undefined ? {} : { signal }),
};

for (const [name, call] of Object.entries(CALLS)) {
  describe(`${name} of a server that speaks the protocol`, () => {
    for (const [what, failure, code] of [
      ['the network', networkFailure, 'network'],
      ['429', problemAnswer(429, 'too-many'), 'too-many'],
      ['502', problemAnswer(502, 'bad-gateway'), 'bad-gateway'],
      ['503', problemAnswer(503, 'unavailable'), 'unavailable'],
      ['504', problemAnswer(504, 'gateway-timeout'), 'gateway-timeout'],
    ] as const) {
      it(`C18 is tried 4 times when ${what} fails it`, async () => {
        const { environment, service, requests } = await knowingClient([failure, failure, failure, OK]);
        const good = await settle(environment, call(service));
        assert.ok('value' in good, JSON.stringify(good));
        assert.equal(requests().length, 4);
        const [first, ...others] = requests();
        for (const request of others) {
          assert.deepEqual(
            [request.path, request.body, request.headers.get('idempotency-key')],
            [first?.path, first?.body, first?.headers.get('idempotency-key')],
            'it is the same request',
          );
        }
        const [one = 0, two = 0, three = 0] = good.waits;
        assert.ok(one < two && two < three, 'each wait is longer');

        const always = await knowingClient([failure]);
        const bad = await settle(always.environment, call(always.service));
        assert.ok('error' in bad && bad.error instanceof GraphRunError && bad.error.code === code);
        assert.equal(always.requests().length, 4);
      });
    }

    for (const status of [400, 403, 409, 422, 500, 501]) {
      it(`is not tried again after ${status}`, async () => {
        const { environment, service, requests } = await knowingClient([problemAnswer(status, 'no')]);
        const result = await settle(environment, call(service));
        assert.ok(
          'error' in result && result.error instanceof GraphRunError && result.error.status === status,
        );
        assert.equal(requests().length, 1);
      });
    }

    it('waits as long as the server asks, but not for days', async () => {
      const asks = (seconds: string) =>
        problemAnswer(503, 'unavailable', { headers: { 'Retry-After': seconds } });
      const { environment, service } = await knowingClient([asks('20'), asks('99999999999'), OK]);
      const { waits } = await settle(environment, call(service));
      assert.deepEqual(waits, [20_000, 300_000]);
    });

    it('is tried again when no answer comes', async () => {
      const { environment, service, requests } = await knowingClient([
        () => new Promise(() => undefined),
        OK,
      ]);
      const result = await settle(environment, call(service));
      assert.ok('value' in result);
      assert.equal(requests().length, 2);
      assert.ok((result.waits[0] ?? 0) >= 30_000);
    });

    it('is tried again when its answer breaks off', async () => {
      const cut: FakeAnswer = () =>
        new Response(
          new ReadableStream<Uint8Array>({
            pull: (controller) => controller.error(new TypeError('terminated')),
          }),
        );
      const { environment, service, requests } = await knowingClient([cut, OK]);
      assert.ok('value' in (await settle(environment, call(service))));
      assert.equal(requests().length, 2);
    });

    it('C8 replaces a refused token once', async () => {
      let token = 'old';
      const getToken = ({ isForced }: { isForced: boolean }) => {
        if (isForced) token = 'new';
        return token;
      };
      const refused: FakeAnswer = (request) =>
        request.headers.get('authorization') === 'Bearer new'
          ? OK(request)
          : problemAnswer(401, 'unauthenticated')(request);
      const good = await knowingClient([refused], { getToken });
      assert.ok('value' in (await settle(good.environment, call(good.service))));
      assert.equal(good.requests().length, 2);

      const bad = await knowingClient([problemAnswer(401, 'unauthenticated')], { getToken });
      const result = await settle(bad.environment, call(bad.service));
      assert.ok('error' in result && result.error instanceof GraphRunError && result.error.status === 401);
      assert.equal(bad.requests().length, 2);
    });

    it('C8 and reports why there is no new token', async () => {
      const reason = new Error('signed out');
      const getToken = ({ isForced }: { isForced: boolean }) => {
        if (isForced) throw reason;
        return 'old';
      };
      const { environment, service } = await knowingClient([problemAnswer(401, 'unauthenticated')], {
        getToken,
      });
      const result = await settle(environment, call(service));
      assert.ok('error' in result && result.error instanceof GraphRunError);
      assert.deepEqual([result.error.code, result.error.cause], ['auth-required', reason]);
    });

    for (const reason of [new Error('enough'), 'enough']) {
      it(`C12 aborted with ${typeof reason === 'string' ? 'a text' : 'an error'}, in any state, rejects with it and leaves nothing behind`, async () => {
        const never = () => new Promise<never>(() => undefined);
        const hanging: FakeAnswer = () => new Response(new ReadableStream<Uint8Array>({ pull: never }));
        const states: readonly (readonly [string, FakeAnswer, boolean])[] = [
          ['while the token is asked for', OK, true],
          ['while it is under way', never, false],
          ['while its answer arrives', hanging, false],
          ['between two tries', networkFailure, false],
        ];
        for (const [state, answer, isTokenSlow] of states) {
          const asked: boolean[] = [];
          const { environment, service, requests } = await knowingClient([answer], {
            getToken: () => (asked.push(true) > 1 && isTokenSlow ? never() : undefined),
          });
          const abort = new AbortController();
          const result = settle(environment, call(service, abort.signal));
          await eventually(() => (isTokenSlow ? asked.length === 2 : requests().length === 1), state);
          abort.abort(reason);
          const settled = await result;
          assert.ok('error' in settled && settled.error === reason, state);
        }
      });
    }
  });
}

describe('calls and what may be repeated', () => {
  it('a creation is not repeated as long as the server may not know idempotency keys', async () => {
    const environment = new FakeEnvironment();
    const server = FakeServer.withAnswers(networkFailure);
    const result = await settle(environment, server.client(environment).createSession({ graphId: 'g' }));
    assert.ok('error' in result);
    assert.equal(server.requests.length, 1);
  });

  it('a creation whose first request is still in progress is repeated', async () => {
    const busy = problemAnswer(409, 'idempotency-in-progress', { headers: { 'Retry-After': '1' } });
    const { environment, service, requests } = await knowingClient([busy, OK]);
    const result = await settle(environment, service.createSession({ graphId: 'g' }));
    assert.ok('value' in result && result.value.sessionId === 's');
    assert.deepEqual([requests().length, result.waits], [2, [1000]]);
  });

  it('two creations have different keys', async () => {
    const { service, requests } = await knowingClient([OK]);
    await service.createSession({ graphId: 'g' });
    await service.createSession({ graphId: 'g' });
    const keys = requests().map(({ headers }) => headers.get('idempotency-key'));
    assert.equal(new Set(keys).size, 2);
    assert.match(keys[0] ?? '', /^"[0-9a-f-]{36}"$/);
  });

  it('deleting a session that is gone succeeds', async () => {
    const { service } = await knowingClient([problemAnswer(404, 'session-deleted')]);
    await service.deleteSession('s');
  });

  it('a malformed answer is reported as a protocol error', async () => {
    const { service } = await knowingClient([jsonAnswer(['x'])]);
    await assert.rejects(service.cancelSession('s'), { code: 'protocol-error' });
  });
});

describe('answers on the real server', () => {
  let server: RunningServer;
  let proxy: FaultProxy;
  let direct: HttpGraphRunService;
  before(async () => {
    server = await startTestServer();
    proxy = await FaultProxy.start(server.port);
    direct = new HttpGraphRunService({ baseUrl: baseUrlOf(server) });
  });
  after(async () => {
    await proxy.close();
    await server.close();
  });

  async function askedSession() {
    const { sessionId } = await direct.createSession({ graphId: 'g', graph: SCENARIO_GRAPHS.question });
    const { events } = await readSession(direct, sessionId, (reading) =>
      reading.events.some(({ type }) => type === 'inputRequired'),
    );
    const question = events.find((event) => event.type === 'inputRequired');
    assert.ok(question?.type === 'inputRequired');
    return { sessionId, question };
  }

  for (const cut of ['clean', 'reset'] as const) {
    it(`C18 an answer whose confirmation is lost (${cut}) is sent again, and its node runs once`, async () => {
      const { sessionId, question } = await askedSession();
      const environment = new FakeEnvironment();
      const service = new HttpGraphRunService({ baseUrl: baseUrlOf(proxy), environment });
      const from = proxy.connections.length;
      // The request arrives and takes effect; not one byte of the server's answer comes through.
      proxy.script = ({ method, number }) =>
        method === 'POST' && number <= from + 1 ? { cutAfter: 0, cut } : {};
      await service.deleteSession('nothing');
      const response = { input: { ...textContent('beans') } as never };
      const result = await settle(
        environment,
        service.resumeSession(sessionId, question.interactionId, response),
      );
      assert.ok('value' in result && result.value.isDuplicate, 'the second time it is a duplicate');
      assert.deepEqual(
        proxy.connections.slice(from).map(({ method }) => method),
        ['DELETE', 'POST', 'POST'],
      );
      const { events } = await readSession(direct, sessionId);
      assert.equal(events.filter(({ type }) => type === 'inputResolved').length, 1);
      const ends = events.flatMap((event) => (event.type === 'nodeEnd' ? [event.nodeId] : []));
      assert.deepEqual(ends, ['ask', 'out']);
    });
  }

  it('C17 a question that is answered in another tab is no longer open here', async () => {
    const { sessionId } = await askedSession();
    const other = new HttpGraphRunService({ baseUrl: baseUrlOf(server) });
    const here = watch(direct.connectSession(sessionId));
    const state = () => applyEvents(EMPTY_SESSION, here.events);
    await eventually(() => state().pending.size === 1);
    const question = here.events.find(({ type }) => type === 'inputRequired');
    assert.ok(question !== undefined);
    await answerQuestion(other, sessionId, question);
    await eventually(() => state().pending.size === 0);
    assert.equal(await here.ended, undefined);
  });

  it('C19 leaving a session sends no request, stopping it does', async () => {
    const { sessionId } = await askedSession();
    proxy.script = () => ({});
    const from = proxy.connections.length;
    const service = new HttpGraphRunService({ baseUrl: baseUrlOf(proxy) });
    await readSession(service, sessionId, ({ messages }) =>
      messages.some(({ kind }) => kind === 'replayComplete'),
    );
    assert.deepEqual(
      proxy.connections.slice(from).map(({ method }) => method),
      ['GET'],
    );
    assert.equal((await service.cancelSession(sessionId)).status, 'cancelled');
    assert.equal((await readSession(direct, sessionId)).events.at(-1)?.type, 'graphCancelled');
  });
});
