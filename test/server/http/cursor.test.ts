import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { GraphRunError } from '../../../src/protocol/problems.js';
import { parseCursor } from '../../../src/server/http/cursor.js';
import { PuppetRunner, thought } from '../../support/puppet-runner.js';
import { TestServer } from '../../support/server.js';
import { idsOf } from '../../support/sse-reader.js';

const MALFORMED = ['abc', '-2', '1.5', '01', '', '+1', ' 1', '1e3', '0x1', '-0', '1152921504606846976', '٣'];

function hasCode(code: string) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof GraphRunError);
    assert.equal(error.code, code);
    return true;
  };
}

describe('a cursor', () => {
  it('S10 is refused when it is malformed, also for a session of another owner', async (t) => {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { runner });
    const id = await server.create();
    for (const path of [`/${id}`, `/${id}/events`, '/unknown', '/unknown/events']) {
      for (const after of MALFORMED) {
        const { status, body } = await server.get(`${path}?after=${encodeURIComponent(after)}`);
        assert.deepEqual([status, body['code']], [400, 'invalid-cursor'], `${path} ${after}`);
      }
      const { status, body } = await server.get(`${path}?after=0&after=0`);
      assert.deepEqual([status, body['code']], [400, 'invalid-cursor']);
    }
  });

  it('S10 is either canonical or refused, for any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.integer().map(String), fc.maxSafeNat().map(String)), (text) => {
        const query = new URLSearchParams({ after: text });
        const value = Number(text);
        const isGood = Number.isSafeInteger(value) && value >= -1 && String(value) === text;
        if (isGood) assert.equal(parseCursor(query, null).after, value);
        else assert.throws(() => parseCursor(query, null), hasCode('invalid-cursor'));
      }),
    );
  });

  it('S11 is refused when it is ahead of the log or belongs to another one', async (t) => {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { runner });
    const id = await server.create();
    await runner.think(id, 3);
    const { body: state } = await server.get(`/${id}/status`);
    for (const path of [`/${id}`, `/${id}/events`]) {
      const ahead = await server.get(`${path}?after=4`);
      assert.equal(ahead.status, 409);
      assert.deepEqual([ahead.body['code'], ahead.body['lastIndex']], ['cursor-ahead', 3]);
      const reset = await server.get(`${path}?after=1&log=other`);
      assert.equal(reset.status, 409);
      assert.deepEqual(
        [reset.body['code'], reset.body['logId'], reset.body['lastIndex']],
        ['log-reset', state['logId'], 3],
      );
    }
    const reader = await server.stream(id, `protocol=1&after=1&log=${String(state['logId'])}`);
    await reader.untilType('replayComplete');
    assert.deepEqual(idsOf(reader.frames), [2, 3]);
  });

  it('S11 is refused with the tag of another event than the one at its index, on every route', async (t) => {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { runner });
    const id = await server.create();
    await runner.think(id, 3);
    await runner.think(id, 1);
    const tags = (await server.log(id)).map(({ tag }) => String(tag));
    assert.equal(new Set(tags).size > 2, true, 'appends have different tags');
    const last = tags.length - 1;
    for (const route of ['', '/events'] as const) {
      const path = (after: number, tag = ''): string => `/${id}${route}?protocol=1&after=${after}&tag=${tag}`;
      for (const tag of ['', 'x', tags[0]]) {
        const { status, body } = await server.get(path(last, tag));
        assert.deepEqual([status, body['code'], body['lastIndex']], [409, 'log-reset', last], String(tag));
      }
      const response = await fetch(server.base + path(last, tags[last]));
      assert.equal(response.status, 200);
      await response.body?.cancel();
      const beginning = await fetch(server.base + path(-1, 'x'));
      assert.equal(beginning.status, 200, 'before the first event there is no tag');
      await beginning.body?.cancel();
    }
    const one = await server.get(`/${id}/events/${last}?tag=${tags[last - 1]}`);
    assert.deepEqual([one.status, one.body['index']], [200, last]);
    assert.equal((await server.get(`/${id}/events/${last}?tag=x`)).body['code'], 'log-reset');
    // An EventSource repeats the query of its first request, with a newer Last-Event-ID.
    const again = await server.stream(id, `protocol=1&after=1&tag=${tags[1]}`, { 'Last-Event-ID': '2' });
    assert.equal((await again.next())?.data['after'], 2);
    again.close();
  });

  it('S12 is the larger one of the parameter and the header; an invalid header is ignored', async (t) => {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { runner });
    const id = await server.create();
    await runner.think(id, 9);
    const cases: readonly (readonly [string | undefined, string | undefined, number])[] = [
      [undefined, '4', 4],
      ['3', '5', 5],
      ['5', '3', 5],
      ['2', '-1', 2],
      ...MALFORMED.filter((text) => text !== '٣').map((text) => ['2', text, 2] as const),
    ];
    for (const [after, lastEventId, effective] of cases) {
      const query = after === undefined ? 'protocol=1' : `protocol=1&after=${after}`;
      const reader = await server.stream(
        id,
        query,
        lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId },
      );
      const start = await reader.next();
      assert.equal(start?.data['after'], effective, `${after} ${lastEventId}`);
      reader.close();
    }
  });

  it('S13 an EventSource that reconnects to an ended session is stopped with 204', async (t) => {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { runner });
    const id = await server.create();
    const running = await server.stream(id, 'protocol=1', { 'Last-Event-ID': '0' });
    await runner.complete(id);
    assert.equal((await running.toEnd()).at(-1)?.event, 'done');
    const again = await server.get(`/${id}?protocol=1`, { 'Last-Event-ID': '1' });
    assert.equal(again.status, 204);
    // Not for a client that lacks events, and not without the header.
    for (const [query, headers] of [
      ['protocol=1', { 'Last-Event-ID': '0' }],
      ['protocol=1', { 'Last-Event-ID': 'x' }],
      ['protocol=1&after=1', {}],
    ] as const) {
      assert.equal((await (await server.stream(id, query, headers)).toEnd()).at(-1)?.event, 'done');
    }
  });

  it('S13 the 204 takes no place for a stream and ends no other', async (t) => {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { runner, limits: { streams: 1, streamsPerSession: 1 } });
    const id = await server.create();
    for (let step = 0; step < 100; step += 1) await runner.append(id, thought('x'.repeat(100_000)));
    await runner.complete(id);
    const slow = await server.stream(id);
    await slow.next();
    const again = await fetch(`${server.base}/${id}?protocol=1`, { headers: { 'Last-Event-ID': '101' } });
    assert.equal(again.status, 204);
    assert.equal((await slow.toEnd()).at(-1)?.event, 'done');
  });

  it('is checked in the order of the protocol', async (t) => {
    const server = await TestServer.start(t, {
      runner: new PuppetRunner(),
      authenticate: (token) => {
        if (token === undefined) throw new GraphRunError('unauthenticated', 'Who?', { status: 401 });
        return { principal: token };
      },
    });
    const mine = { Authorization: 'Bearer me' };
    const id = await server.create(undefined, 'g', mine);
    const json = { ...mine, Accept: 'application/json' };
    const codes = await Promise.all([
      server.get(`/${id}?after=x`),
      server.get(`/${id}?after=9`),
      server.get('/other?after=9', json),
      server.get(`/${id}?after=9`, json),
      server.get(`/${id}?after=9&log=x`, mine),
      server.get(`/${id}?after=0&log=x`, mine),
    ]);
    assert.deepEqual(
      codes.map(({ body }) => body['code']),
      [
        'invalid-cursor',
        'unauthenticated',
        'session-not-found',
        'not-acceptable',
        'cursor-ahead',
        'log-reset',
      ],
    );
  });
});

describe('the JSON page of a log', () => {
  it('has the indexes of the stream, and limits', async (t) => {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { runner });
    const id = await server.create();
    await runner.think(id, 1200);
    const indexes = async (query: string): Promise<unknown[]> => {
      const { status, body } = await server.get(`/${id}/events?${query}`);
      assert.equal(status, 200);
      assert.deepEqual([body['lastIndex'], body['status'], body['closed']], [1200, 'running', false]);
      const { events } = body;
      assert.ok(Array.isArray(events));
      return events.map(({ index }: { index: unknown }) => index);
    };
    assert.equal((await indexes('')).length, 500);
    assert.equal((await indexes('limit=5000')).length, 1000);
    assert.deepEqual(await indexes('limit=0'), [0]);
    assert.deepEqual(await indexes('after=1198'), [1199, 1200]);
    assert.deepEqual(await indexes('after=1200'), []);
    for (const query of ['limit=x', 'wait=x', 'limit=-1', 'wait=']) {
      const { status, body } = await server.get(`/${id}/events?${query}`);
      assert.deepEqual([status, body['code']], [400, 'invalid-request'], query);
    }
  });

  it('waits for the next event, and for the end', async (t) => {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { runner });
    const id = await server.create();
    const waiting = server.get(`/${id}/events?after=0&wait=30`);
    await runner.think(id, 1);
    assert.equal(((await waiting).body['events'] as unknown[]).length, 1);
    const last = server.get(`/${id}/events?after=1&wait=30`);
    await runner.complete(id);
    assert.equal((await last).body['closed'], true);
    const none = await server.get(`/${id}/events?after=2&wait=30`);
    const { logId, ...rest } = none.body;
    assert.deepEqual(rest, {
      sessionId: id,
      events: [],
      lastIndex: 2,
      status: 'completed',
      closed: true,
    });
    assert.equal(typeof logId, 'string');
  });
});
