import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { GraphRunError } from '../../../../src/protocol/problems.js';
import { identityOf, type Authenticate } from '../../../../src/server/http/admission/identity.js';
import { MemoryStore } from '../../../../src/server/store/memory-store.js';
import { ONE_NODE, PuppetRunner } from '../../../support/puppet-runner.js';
import { TestServer } from '../../../support/server.js';

const HOUR_MS = 3_600_000;

/** What a host in JavaScript may return, against the type, or throw. */
const NO_IDENTITIES: readonly (readonly [name: string, give: () => unknown])[] = [
  ['undefined', () => undefined],
  ['null', () => null],
  ['false', () => false],
  ['true', () => true],
  ['a promise of undefined', () => Promise.resolve()],
  ['an empty text', () => ''],
  ['a text', () => 'ada'],
  ['a number', () => 1],
  ['a list', () => [{ principal: 'ada' }]],
  ['a function', () => Object.assign(() => undefined, { principal: 'ada' })],
  ['an object without a principal', () => ({})],
  ['an empty principal', () => ({ principal: '' })],
  ['a principal that is null', () => ({ principal: null })],
  ['a principal that is a number', () => ({ principal: 7 })],
  ['a principal that is a String object', () => ({ principal: Object('ada') as unknown })],
  ['a principal that no store can tell from another', () => ({ principal: 'ada\u0000' })],
  ['a principal with half a character', () => ({ principal: 'ada\ud800' })],
  ['an expiry that is a text', () => ({ principal: 'ada', expiresAtMs: '99999999999999' })],
  ['an expiry that is null', () => ({ principal: 'ada', expiresAtMs: null })],
  ['an expiry that is NaN', () => ({ principal: 'ada', expiresAtMs: Number.NaN })],
  ['an expiry that is past', () => ({ principal: 'ada', expiresAtMs: Date.now() - HOUR_MS })],
  ['a rejection without a reason', () => Promise.reject()],
  ['a rejection with a text', () => Promise.reject('no')],
  ['a rejection with an error of another library', () => Promise.reject(new Error('jwt expired'))],
  [
    'an error',
    () => {
      throw new TypeError('x is not a function');
    },
  ],
  [
    'a principal that throws',
    () => ({
      get principal(): string {
        throw new Error('no');
      },
    }),
  ],
];

describe('who sends a request', () => {
  it('anything but an identity is 401 on all routes, and stores nothing', async (t) => {
    for (const [name, give] of NO_IDENTITIES) {
      const store = new MemoryStore();
      const reported: unknown[] = [];
      const server = await TestServer.start(t, {
        store,
        runner: new PuppetRunner(),
        authenticate: give as Authenticate,
        onError: (error) => reported.push(error),
      });
      const answers = await Promise.all([
        server.post('/new', { graphId: 'g', graph: ONE_NODE }),
        server.post('/new', { graphId: 'g', graph: ONE_NODE }, { Authorization: 'Bearer wrong' }),
        server.post('/new', { graphId: 'g', graph: ONE_NODE, accessToken: 'wrong' }),
        server.get('?graphId=g&protocol=1'),
        server.get('/x?protocol=1'),
        server.get('/x/events'),
        server.get('/x/status'),
        server.post('/x:resume', { interactionId: 'i', response: {} }),
        server.request('POST', '/x:cancel'),
        server.request('POST', '/x:rerun'),
        server.request('PATCH', '/x', {
          body: '{"pinned":true}',
          headers: { 'Content-Type': 'application/json' },
        }),
        server.delete('x'),
      ]);
      for (const { status, body, headers } of answers) {
        assert.deepEqual([status, body['code']], [401, 'unauthenticated'], name);
        assert.equal(headers.get('www-authenticate'), 'Bearer');
      }
      assert.deepEqual((await store.list('anybody', 'g', 10)).rows, [], name);
      const isThrown = /rejection|error|throws/.test(name);
      assert.equal(reported.length, isThrown ? answers.length : 0, `${name}: reported`);
    }
  });

  it('a problem that the host throws is the answer', async (t) => {
    for (const [code, status] of [
      ['forbidden', 403],
      ['unavailable', 503],
    ] as const) {
      const server = await TestServer.start(t, {
        runner: new PuppetRunner(),
        authenticate: () => Promise.reject(new GraphRunError(code, 'Not now.')),
      });
      assert.deepEqual((await server.get('/x/status')).status, status);
    }
  });

  it('without authentication all senders are one', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner() });
    const id = await server.create();
    assert.equal((await server.get(`/${id}/status`, { Authorization: 'Bearer x' })).status, 200);
  });

  it('an identity is read from any value without a fault', () => {
    const anyIdentity = fc.record({
      principal: fc.oneof(fc.string(), fc.anything()),
      expiresAtMs: fc.oneof(fc.constant(undefined), fc.double(), fc.anything()),
    });
    fc.assert(
      fc.property(fc.oneof(fc.anything(), anyIdentity), (value) => {
        try {
          const { principal, expiresAtMs } = identityOf(value);
          assert.ok(typeof principal === 'string' && principal !== '');
          assert.ok(expiresAtMs === undefined || expiresAtMs === Number(expiresAtMs));
        } catch (error) {
          assert.ok(error instanceof GraphRunError && error.code === 'unauthenticated', String(error));
        }
      }),
    );
    const identity = { principal: 'ada', expiresAtMs: 5, name: 'Ada' };
    assert.deepEqual(identityOf(identity), { principal: 'ada', expiresAtMs: 5 });
  });
});
