import assert from 'node:assert/strict';
import { request as send, type ClientRequest } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import { GraphRunError } from '../../../../src/protocol/problems.js';
import { BodyBudget, type BodyShare } from '../../../../src/server/http/admission/body-budget.js';
import type { Authenticate } from '../../../../src/server/http/admission/identity.js';
import { ONE_NODE, PuppetRunner } from '../../../support/puppet-runner.js';
import { TestServer, type Answer } from '../../../support/server.js';

const KIB = 1024;
const ADA = { Authorization: 'Bearer ada' };
const BOB = { Authorization: 'Bearer bob' };

/** A login by token or by cookie. */
const login: Authenticate = (token, { headers }) => {
  const name = token ?? /login=(\w+)/.exec(headers.get('Cookie') ?? '')?.[1];
  if (name === 'banned') throw new GraphRunError('forbidden', 'No.', { status: 403 });
  return name === 'ada' || name === 'bob' ? { principal: name } : undefined;
};

/** Begins a creation whose body is announced with 100 KiB, and of which so many arrive. */
async function begin(
  t: TestContext,
  server: TestServer,
  headers: Readonly<Record<string, string>>,
  arrivedBytes: number,
): Promise<ClientRequest> {
  const outgoing = send(`${server.base}/new`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Content-Length': 100 * KIB, ...headers },
  });
  // The server may close it; only the others count here.
  outgoing.on('error', () => undefined);
  t.after(() => outgoing.destroy());
  await new Promise<void>((resolve) => {
    outgoing.write(`{"graphId":"${'x'.repeat(arrivedBytes)}`, () => resolve());
  });
  return outgoing;
}

/** Creates a session with a body of about 50 KiB. */
function create(server: TestServer, headers: Record<string, string>, extra: object = {}): Promise<Answer> {
  const graph = { ...ONE_NODE, note: 'x'.repeat(50 * KIB) };
  return server.post('/new', { graphId: 'g', graph, ...extra }, headers);
}

/** True when the share gets so many bytes more. */
function takes(share: BodyShare, bytes: number): boolean {
  try {
    share.take(bytes);
    return true;
  } catch (error) {
    assert.ok(error instanceof GraphRunError);
    return false;
  }
}

function outcome({ status, body, headers }: Answer): unknown[] {
  return [status, body['code'], headers.get('retry-after')];
}

const CREATED = [200, undefined, null];
const TOO_MANY = [429, 'too-many-bodies', '1'];

/** Repeats until the bytes that were begun have arrived, or are released. */
async function untilOutcome(work: () => Promise<Answer>, expected: readonly unknown[]): Promise<void> {
  let found: unknown[] = [];
  for (let attempt = 0; attempt < 500 && found.join() !== expected.join(); attempt += 1) {
    found = outcome(await work());
  }
  assert.deepEqual(found, expected);
}

describe('the bytes of bodies in progress', () => {
  const limits = { bodyBytesPerPrincipal: 120 * KIB, openSessionsPerPrincipal: 10_000 };

  it('are limited for each owner, also while they come slowly, and returned when the sender leaves', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner(), authenticate: login, limits });
    const slow = await begin(t, server, ADA, 90 * KIB);
    await untilOutcome(() => create(server, ADA), TOO_MANY);
    assert.deepEqual(outcome(await create(server, BOB)), CREATED);
    assert.equal((await server.post('/new', { graphId: 'g', graph: ONE_NODE }, ADA)).status, 200, 'small');
    slow.destroy();
    await untilOutcome(() => create(server, ADA), CREATED);
  });

  it('count for the owner that a cookie names, before the body is read', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner(), authenticate: login, limits });
    await begin(t, server, { Cookie: 'login=ada' }, 90 * KIB);
    await untilOutcome(() => create(server, ADA), TOO_MANY);
    assert.deepEqual(outcome(await create(server, { Cookie: 'login=bob' })), CREATED);
    assert.deepEqual(outcome(await create(server, {}, { accessToken: 'bob' })), CREATED);
  });

  it('of all senders whose token may be in the body are those of one owner', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner(), authenticate: login, limits });
    await begin(t, server, {}, 90 * KIB);
    await untilOutcome(() => create(server, {}, { accessToken: 'ada' }), TOO_MANY);
    assert.deepEqual(outcome(await create(server, ADA)), CREATED);
    assert.deepEqual(outcome(await create(server, { Cookie: 'login=ada' })), CREATED);
  });

  it('are limited for all', async (t) => {
    const server = await TestServer.start(t, {
      runner: new PuppetRunner(),
      authenticate: login,
      limits: { ...limits, bodyBytes: 100 * KIB },
    });
    const slow = await begin(t, server, ADA, 90 * KIB);
    await untilOutcome(() => create(server, BOB), [503, 'unavailable', '1']);
    assert.equal((await server.get('?graphId=g&x', { Authorization: 'Bearer eve' })).status, 401);
    slow.destroy();
    await untilOutcome(() => create(server, BOB), CREATED);
  });

  it('without a login are limited for all only', async (t) => {
    const server = await TestServer.start(t, {
      runner: new PuppetRunner(),
      limits: { bodyBytes: 200 * KIB },
    });
    await begin(t, server, {}, 90 * KIB);
    for (let round = 0; round < 5; round += 1) assert.deepEqual(outcome(await create(server, {})), CREATED);
  });

  it('never refuse the only body', async (t) => {
    const tight = { bodyBytes: 10, bodyBytesPerPrincipal: 10 };
    const server = await TestServer.start(t, {
      runner: new PuppetRunner(),
      authenticate: login,
      limits: tight,
    });
    assert.deepEqual(outcome(await create(server, ADA)), CREATED);
  });

  it('are not read at all when the headers are refused for another reason', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner(), authenticate: login });
    const refused = await begin(t, server, { Cookie: 'login=banned' }, 10);
    const status = await new Promise((resolve) => {
      refused.once('response', ({ statusCode }) => resolve(statusCode));
    });
    assert.equal(status, 403);
  });

  it('leave room for one more owner, however many owners take all that they may have', () => {
    for (const owners of [1, 2, 4, 10]) {
      const budget = new BodyBudget({ bodyBytes: 1000, bodyBytesPerPrincipal: 250 });
      // Two bodies each: the only one has all that it may have.
      const greedy = Array.from({ length: 2 * owners }, (_, body) => budget.open(`owner ${body % owners}`));
      // In turns, as bodies arrive that are sent at the same time.
      for (let hasTaken = true; hasTaken;) {
        hasTaken = false;
        for (const share of greedy) hasTaken = takes(share, 1) || hasTaken;
      }
      const free = 1000 - budget.bytes;
      assert.ok(free >= 1000 / (owners + 1), `${free} bytes are left by ${owners} owners`);
      assert.ok(takes(budget.open('newcomer'), free / 2), 'half of what is left');
    }
  });

  it('never exceed the limits by more than the bodies that are alone, and are all returned', () => {
    const step = fc.record({
      owner: fc.constantFrom('ada', 'bob', undefined),
      body: fc.nat(9),
      bytes: fc.nat(60),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const budget = new BodyBudget({ bodyBytes: 100, bodyBytesPerPrincipal: 50 });
        const shares = new Map<string, BodyShare>();
        for (const { owner, body, bytes } of steps) {
          const name = `${owner} ${body}`;
          const share = shares.get(name) ?? budget.open(owner);
          shares.set(name, share);
          const before = budget.bytes;
          try {
            share.take(bytes);
            assert.equal(budget.bytes, before + bytes);
            assert.ok(shares.size === 1 || budget.bytes <= 100);
          } catch (error) {
            assert.ok(error instanceof GraphRunError);
            assert.ok(shares.size > 1);
            assert.equal(budget.bytes, before);
          }
        }
        for (const share of shares.values()) share.release();
        assert.equal(budget.bytes, 0);
      }),
    );
  });
});
