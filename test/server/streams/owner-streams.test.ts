import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { DEFAULT_LIMITS, type ServerLimits } from '../../../src/server/limits.js';
import { OpenStreams } from '../../../src/server/streams/open-streams.js';
import { ONE_NODE, PuppetRunner } from '../../support/puppet-runner.js';
import { TestServer, type Answer } from '../../support/server.js';

function codeOf({ status, body }: Answer): unknown[] {
  return [status, body['code']];
}

describe('the streams of one owner', () => {
  const ADA = { Authorization: 'Bearer ada' };
  const BOB = { Authorization: 'Bearer bob' };

  async function start(t: TestContext, limits: Partial<ServerLimits>): Promise<TestServer> {
    return TestServer.start(t, {
      runner: new PuppetRunner(),
      authenticate: (token) => (token === undefined ? undefined : { principal: token }),
      limits,
    });
  }

  it('of all kinds together are limited, and leave the places of others', async (t) => {
    const server = await start(t, { streamsPerPrincipal: 4, streams: 5 });
    const id = await server.create(ONE_NODE, 'g', ADA);
    const leave = new AbortController();
    const waiting = fetch(`${server.base}/${id}/events?after=0&wait=30`, {
      headers: ADA,
      signal: leave.signal,
    });
    await server.get(`/${id}/status`, ADA);
    const session = await server.stream(id, 'protocol=1', ADA);
    const lists = [await server.monitor('g', '', ADA), await server.monitor('other', 'protocol=1', ADA)];
    const refusals = ['?graphId=g', '?graphId=new', `/${id}`, `/${id}/events?after=0&wait=1`];
    for (const path of refusals) {
      const refused = await server.get(path, ADA);
      assert.deepEqual(codeOf(refused), [429, 'too-many-streams'], path);
      assert.equal(refused.headers.get('retry-after'), '5');
    }
    assert.equal((await server.get(`/${id}/events?wait=1`, ADA)).status, 200, 'a page that does not wait');
    const other = await server.monitor('g', 'protocol=1', BOB);
    assert.equal((await other.next())?.event, 'monitorStart');
    leave.abort();
    await assert.rejects(waiting, { name: 'AbortError' });
    for (const reader of [session, ...lists]) reader.close();
  });

  it('have their places until they have ended, and then free them once', () => {
    const limits = { ...DEFAULT_LIMITS, streamsPerPrincipal: 2, streamsPerSession: 1 };
    const streams = new OpenStreams(limits);
    const [first, second] = [streams.open('ada', 's'), streams.open('ada', 's')];
    assert.equal(first.bye, 'evicted');
    const full = { code: 'too-many-streams', status: 429, retryAfterMs: 5000 };
    assert.throws(() => streams.open('ada'), full, 'the evicted one may not have ended yet');
    streams.release(first);
    streams.release(first);
    const list = streams.open('ada');
    assert.throws(() => streams.open('ada', 'other'), full);
    streams.open('bob', 's');
    for (const control of [second, list]) streams.release(control);
    assert.equal(streams.count, 1);
    for (let count = 0; count < 2; count += 1) streams.open('ada');
    assert.throws(() => streams.open('ada'), full);
  });

  it('without a login are all those of the server', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner() });
    await Promise.all(Array.from({ length: 210 }, () => server.monitor()));
  });

  it('have 200 places by default', async (t) => {
    const server = await start(t, {});
    await Promise.all(Array.from({ length: 200 }, () => server.monitor('g', 'protocol=1', ADA)));
    assert.deepEqual(codeOf(await server.get('?graphId=g', ADA)), [429, 'too-many-streams']);
  });
});
