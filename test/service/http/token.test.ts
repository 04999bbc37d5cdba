import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { inspect } from 'node:util';
import { createSessions } from '../../../src/actions/create-sessions.js';
import { memoryDraftStore } from '../../../src/controller/draft-store.js';
import type { RunController } from '../../../src/controller/run/run-controller.js';
import { textContent } from '../../../src/protocol/content.js';
import type { GraphRunEvent } from '../../../src/protocol/events.js';
import { GraphRunError } from '../../../src/protocol/problems.js';
import { HttpGraphRunService } from '../../../src/service/http/http-graph-run-service.js';
import { Gate } from '../../support/gate.js';
import { ONE_NODE, PuppetRunner } from '../../support/puppet-runner.js';
import { TestServer } from '../../support/server.js';
import { untilSignal } from '../../support/signals.js';

const SECRET = 'tOkEn-77ab';

/** Starts a server that accepts one token at a time, and a client whose provider can get the newest one. */
async function signedIn(t: TestContext, lifeMs = Number.POSITIVE_INFINITY) {
  const tokens = {
    known: `${SECRET}-0`,
    expiresAtMs: Date.now() + lifeMs,
    isSignedOut: false,
    /** Providers wait for this before they get a new token. */
    issued: Promise.resolve(),
  };
  const runner = new PuppetRunner();
  const server = await TestServer.start(t, {
    runner,
    authenticate: (token) => {
      if (token !== tokens.known || Date.now() >= tokens.expiresAtMs) {
        throw new GraphRunError('unauthenticated', 'Who are you?', { status: 401 });
      }
      const expiresAtMs = tokens.expiresAtMs;
      return { principal: 'ann', ...(Number.isFinite(expiresAtMs) ? { expiresAtMs } : {}) };
    },
  });
  const asked: boolean[] = [];
  const requests: { readonly url: string; readonly body: string }[] = [];
  let held = tokens.known;
  const service = new HttpGraphRunService({
    baseUrl: server.base,
    getToken: async ({ isForced }) => {
      asked.push(isForced);
      if (!isForced) return held;
      await tokens.issued;
      if (tokens.isSignedOut) throw new Error('signed out');
      tokens.expiresAtMs = Number.POSITIVE_INFINITY;
      tokens.known = `${SECRET}-${asked.length}`;
      held = tokens.known;
      return held;
    },
    fetch: (input, init) => {
      requests.push({ url: String(input), body: String(init?.body ?? '') });
      return fetch(input, init);
    },
  });
  const store = memoryDraftStore();
  const sessions = createSessions(service, { drafts: store });
  t.after(() => sessions.actions.dispose());
  return {
    ...sessions,
    tokens,
    runner,
    service,
    store,
    requests,
    forced: () => asked.filter((isForced) => isForced).length,
  };
}

const answer = { kind: 'text', content: textContent('Well.') } as const;

/** Returns all events that a client has. */
function eventsOf({ events }: RunController): readonly (GraphRunEvent | undefined)[] {
  return Array.from({ length: events.length }, (_, position) => events.at(position));
}

describe('an expiring token (real server)', () => {
  it('C8 S36 is replaced once for all streams, which resume from their positions', async (t) => {
    const client = await signedIn(t, 1500);
    const { actions, run, history, runner } = client;
    actions.monitor('g');
    const id = await actions.start({ graphId: 'g', graph: ONE_NODE });
    await untilSignal(
      () => run.connection.phase === 'live' && history.isLoaded,
      (isLive) => isLive,
    );
    const gate = new Gate();
    client.tokens.issued = gate.opened;
    await runner.think(id, 5);
    await untilSignal(
      () => [run.connection.phase, history.monitor.phase],
      // The second stream waits for the token that the first one fetches: with a refusal of its own, or without.
      (phases) =>
        phases.includes('authRefresh') &&
        phases.every((phase) => phase === 'authRefresh' || phase === 'connecting'),
    );
    gate.open();
    await runner.think(id, 5);
    const question = await runner.ask(id);
    await untilSignal(
      () => run.interactions.length,
      (count) => count === 1,
    );
    assert.equal(client.forced(), 1);
    const indexes = eventsOf(run).map((event) => event?.index);
    assert.deepEqual(
      indexes,
      indexes.map((_index, position) => position),
      'each event once',
    );
    const streams = client.requests.filter(({ url }) => url.includes(`${id}?`)).map(({ url }) => url);
    assert.ok(
      streams.some((url) => /after=([5-9]|1\d)\b/.test(url)),
      streams.join('\n'),
    );
    await untilSignal(
      () => history.monitor.phase,
      (phase) => phase === 'live',
    );

    await actions.answer(question, answer);
    assert.equal(runner.session(id).accessToken(), client.tokens.known, 'the answer brings the new token');
    assert.equal(client.forced(), 1);
  });

  it('C8 S36 is replaced when an answer is refused, and the answer counts once', async (t) => {
    const client = await signedIn(t);
    const { actions, run, runner } = client;
    actions.monitor('g');
    const id = await actions.start({ graphId: 'g', graph: ONE_NODE });
    await untilSignal(
      () => run.connection.phase,
      (phase) => phase === 'live',
    );
    const question = await runner.ask(id);
    await untilSignal(
      () => run.interactions.length,
      (count) => count === 1,
    );
    client.tokens.known = 'revoked';
    await actions.answer(question, answer);
    await untilSignal(
      () => run.interactions.length,
      (count) => count === 0,
    );
    assert.equal(client.forced(), 1);
    assert.deepEqual(run.closedQuestions, []);
    const answers = client.requests.filter(({ url }) => url.endsWith(':resume'));
    assert.equal(answers.length, 2);
    assert.equal(runner.session(id).accessToken(), client.tokens.known);
  });

  it('C8 is not replaced again when the refusal of the old one arrives late', async () => {
    const asked: boolean[] = [];
    let held = 'old';
    const late = new Gate();
    const service = new HttpGraphRunService({
      baseUrl: 'http://server.test',
      getToken({ isForced }) {
        asked.push(isForced);
        if (isForced) held = 'new';
        return held;
      },
      async fetch(input, init) {
        const isOld = new Headers(init?.headers).get('Authorization') === 'Bearer old';
        if (isOld && String(input).includes('late')) await late.opened;
        const body = isOld ? { code: 'unauthenticated' } : { ok: true };
        return Response.json(body, {
          status: isOld ? 401 : 200,
          headers: { 'Graph-Session-Protocol': '1' },
        });
      },
    });
    const second = service.deleteSession('late');
    await service.deleteSession('early');
    late.open();
    await second;
    assert.deepEqual(
      asked.filter((isForced) => isForced),
      [true],
    );
  });

  it('C8 without a replacement is an error, and works again after signing in', async (t) => {
    const client = await signedIn(t);
    const { actions, run, runner, tokens } = client;
    actions.monitor('g');
    const id = await actions.start({ graphId: 'g', graph: ONE_NODE });
    await untilSignal(
      () => run.connection.phase,
      (phase) => phase === 'live',
    );
    const question = await runner.ask(id);
    await untilSignal(
      () => run.interactions.length,
      (count) => count === 1,
    );
    actions.saveDraft(question, 'Tw');
    const known = tokens.known;
    Object.assign(tokens, { known: 'revoked', isSignedOut: true });
    await actions.answer(question, answer);
    const state = run.answerOf(question);
    assert.ok(state?.phase === 'refused');
    assert.equal(state.error.code, 'auth-required');
    assert.equal(client.drafts.get(id, question), 'Tw');
    Object.assign(tokens, { known, isSignedOut: false });
    await actions.answer(question, answer);
    await untilSignal(
      () => run.interactions.length,
      (count) => count === 0,
    );
  });

  it('S36 is in no address, no error, no log and no stored draft', async (t) => {
    const written: unknown[] = [];
    for (const method of ['log', 'info', 'debug', 'warn', 'error'] as const) {
      t.mock.method(console, method, (...args: unknown[]) => written.push(...args));
    }
    const client = await signedIn(t);
    const { actions, run, runner, service, tokens, store } = client;
    actions.monitor('g');
    const id = await actions.start({ graphId: 'g', graph: ONE_NODE });
    const question = await runner.ask(id);
    await untilSignal(
      () => run.interactions.length,
      (count) => count === 1,
    );
    actions.saveDraft(question, 'Tw');
    const kept = store.keys().map((key) => `${key}=${store.read(key) ?? ''}`);
    const errors: unknown[] = [];
    const failing = async (call: Promise<unknown>) => {
      errors.push(
        await call.then(
          () => assert.fail('it must fail'),
          (error: unknown) => error,
        ),
      );
    };
    await failing(service.resumeSession('unknown', question, {}));
    await actions.answer(question, answer);
    await failing(service.resumeSession(id, question, { a: 2 }));
    tokens.known = 'revoked';
    tokens.isSignedOut = true;
    await failing(service.cancelSession(id));
    const seen = inspect(
      {
        addresses: client.requests.map(({ url }) => url),
        errors,
        written,
        kept,
        state: [run.connection, client.history.monitor, eventsOf(run)],
      },
      { depth: 12, showHidden: false },
    );
    assert.equal(errors.length, 3);
    assert.ok(!seen.includes(SECRET), seen);
    const inBodies = client.requests.filter(({ body }) => body.includes(SECRET)).map(({ url }) => url);
    assert.ok(inBodies.length > 0 && inBodies.every((url) => /(\/new|:resume)$/.test(url)), inBodies.join());
  });
});
