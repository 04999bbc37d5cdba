import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isJsonObject } from '../../../src/protocol/values/json.js';
import { PuppetRunner } from '../../support/puppet-runner.js';
import { STORES, storeLocation, TestServer, type Answer } from '../../support/server.js';

const idsOf = ({ body }: Answer): unknown => {
  const { rows } = body;
  return Array.isArray(rows) ? rows.map((row) => (isJsonObject(row) ? row['sessionId'] : row)) : undefined;
};

for (const kind of STORES) {
  describe(`the JSON page of a list over a ${kind} store`, () => {
    it('has the rows of the stream, newest first', async (t) => {
      const server = await TestServer.start(t, {
        store: await storeLocation(t, kind),
        runner: new PuppetRunner(),
        limits: { monitorRows: 2 },
      });
      const empty = await server.get('/:list?graphId=g');
      const { tag } = empty.body;
      assert.deepEqual(empty.body, { graphId: 'g', revision: 0, tag, rows: [], truncated: false });
      const ids = [await server.create(), await server.create(), await server.create()];
      const page = await server.get('/:list?graphId=g');
      assert.deepEqual(idsOf(page), [ids[2], ids[1]]);
      const reader = await server.monitor();
      const complete = await reader.until(({ event }) => event === 'snapshotComplete');
      assert.deepEqual(
        page.body['rows'],
        reader.frames.flatMap(({ event, data }) => (event === 'sessionStatus' ? [data] : [])),
      );
      const { revision, truncated, oldestCreatedAt } = complete.data;
      const { rows: _rows, ...rest } = page.body;
      assert.deepEqual(rest, { graphId: 'g', revision, tag, truncated, oldestCreatedAt });
    });

    it('reaches all sessions by pages of older ones, each once, also those of equal age', async (t) => {
      const server = await TestServer.start(t, {
        store: await storeLocation(t, kind),
        runner: new PuppetRunner(),
        limits: { monitorRows: 3 },
      });
      const ids = new Set<unknown>();
      for (let count = 0; count < 11; count += 1) ids.add(await server.create());
      const { body } = await server.get('/:list?graphId=g');
      assert.equal(body['truncated'], true);
      const listed = Array.isArray(body['rows']) ? body['rows'] : [];
      const seen = new Set(listed.map((row: unknown) => isJsonObject(row) && row['sessionId']));
      let before: unknown = body['oldestCreatedAt'];
      let pages = 0;
      for (; before !== undefined; pages += 1) {
        const query = new URLSearchParams({ graphId: 'g', before: String(before), limit: '2' });
        const page = await server.get(`/:list?${query}`);
        const found = idsOf(page);
        assert.ok(Array.isArray(found) && found.length <= 2);
        // The first page may repeat sessions of the age of the last one in the list.
        if (pages > 0) assert.ok(found.every((id) => !seen.has(id)));
        for (const id of found) seen.add(id);
        before = page.body['next'];
      }
      assert.deepEqual(seen, ids);
      assert.ok(pages >= 4);
      const ofOthers = await server.get('/:list?graphId=other&before=9999999999');
      assert.deepEqual(ofOthers.body, { graphId: 'other', rows: [] });
    });

    it('waits for the next change, a deletion included, and says when there was none', async (t) => {
      const runner = new PuppetRunner();
      const server = await TestServer.start(t, { store: await storeLocation(t, kind), runner });
      const id = await server.create();
      const first = await server.get('/:list?graphId=g');
      const after = (page: Answer, waitS: number) =>
        server.get(`/:list?graphId=g&revision=${Number(page.body['revision'])}&wait=${waitS}`);
      const { revision, tag } = first.body;
      assert.deepEqual((await after(first, 0.05)).body, { graphId: 'g', revision, tag });
      const ofOther = await server.get(`/:list?graphId=g&revision=${Number(revision)}&tag=other&wait=30`);
      assert.deepEqual(ofOther.body, first.body, 'the same revision of another history');
      const asking = after(first, 30);
      await runner.ask(id);
      const asked = await asking;
      assert.ok(Array.isArray(asked.body['rows']) && isJsonObject(asked.body['rows'][0]));
      assert.equal(asked.body['rows'][0]['status'], 'suspended');
      const deleting = after(asked, 30);
      await server.delete(id);
      let page = await deleting;
      // The first change may be the cancellation.
      if (JSON.stringify(idsOf(page)) !== '[]') page = await after(page, 30);
      assert.deepEqual(idsOf(page), []);
      assert.equal(
        (await after({ ...page, body: { revision: 77_777 } }, 30)).body['revision'],
        page.body['revision'],
      );
    });
  });
}

describe('the JSON page of a list', () => {
  it('has as many rows as the snapshot of a stream', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner(), limits: { monitorRows: 2 } });
    const ids = [await server.create(), await server.create(), await server.create()];
    const { body } = await server.get('/:list?graphId=g');
    const rows = body['rows'];
    assert.ok(Array.isArray(rows));
    assert.deepEqual(
      rows.map((row: unknown) => isJsonObject(row) && row['sessionId']),
      [ids[2], ids[1]],
    );
    assert.equal(body['truncated'], true);
    const oldest: unknown = rows.at(-1);
    assert.equal(body['oldestCreatedAt'], isJsonObject(oldest) && oldest['createdAt']);
  });

  it('is refused like its stream', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner() });
    for (const [path, status, code] of [
      ['/:list', 400, 'missing-graph-id'],
      ['/:list?graphId=g&wait=soon', 400, 'invalid-request'],
      ['/:list?graphId=g&before=', 400, 'invalid-request'],
      ['/:list?graphId=g&before=yesterday', 400, 'invalid-request'],
      ['/:list?graphId=g&before=1,a%00b', 400, 'invalid-request'],
      [`/:list?graphId=g&before=1,${'a'.repeat(600)}`, 400, 'invalid-request'],
      ['/:list?graphId=g&before=1&limit=0', 400, 'invalid-request'],
      ['/:list?graphId=g&before=1&limit=1e9', 400, 'invalid-request'],
    ] as const) {
      const { body, ...answer } = await server.get(path);
      assert.deepEqual([answer.status, body['code']], [status, code]);
    }
    assert.equal((await server.post('/:list?graphId=g', {})).status, 405);
  });
});

describe('one event of a log', () => {
  it('has the bytes of the log, whole or from a byte on', async (t) => {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { runner });
    const id = await server.create();
    await runner.think(id, 1);
    const path = `${server.base}/${id}/events/1`;
    const response = await fetch(path);
    assert.deepEqual([response.status, response.headers.get('accept-ranges')], [200, 'bytes']);
    const whole = await response.text();
    assert.deepEqual(JSON.parse(whole), (await server.log(id))[1]);
    for (const [range, status, text] of [
      ['bytes=0-', 200, whole],
      ['bytes=7-', 206, whole.slice(7)],
      [`bytes=${whole.length}-`, 416, ''],
      ['bytes=1-3', 200, whole],
      ['bytes=-3', 200, whole],
      ['lines=7-', 200, whole],
    ] as const) {
      const part = await fetch(path, { headers: { Range: range } });
      assert.deepEqual([part.status, await part.text()], [status, text], range);
      if (status === 206) {
        assert.equal(part.headers.get('content-range'), `bytes 7-${whole.length - 1}/${whole.length}`);
      }
    }
  });

  it('has a tag of its log and append, and its rest is sent to a reader that names this tag only', async (t) => {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { runner });
    const id = await server.create();
    await runner.think(id, 1);
    const path = `${server.base}/${id}/events/1`;
    const response = await fetch(path);
    const whole = await response.text();
    const tag = response.headers.get('etag') ?? '';
    const { logId } = (await server.get(`/${id}/events`)).body;
    assert.equal(tag, `"${String(logId)}-${String(JSON.parse(whole).tag)}"`);
    for (const [named, status, text] of [
      [tag, 206, whole.slice(7)],
      ['"other"', 200, whole],
      [`W/${tag}`, 200, whole],
      [new Date().toUTCString(), 200, whole],
    ] as const) {
      const part = await fetch(path, { headers: { Range: 'bytes=7-', 'If-Range': named } });
      assert.deepEqual(
        [part.status, await part.text(), part.headers.get('etag')],
        [status, text, tag],
        named,
      );
    }
  });

  it('is refused when it is not in the log', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner() });
    const id = await server.create();
    for (const [path, status, code] of [
      [`/${id}/events/1`, 409, 'cursor-ahead'],
      [`/${id}/events/-1`, 400, 'invalid-cursor'],
      [`/${id}/events/01`, 400, 'invalid-cursor'],
      [`/${id}/events/0?log=other`, 409, 'log-reset'],
      ['/unknown/events/0', 404, 'session-not-found'],
      [`/${id}/events/0/0`, 404, 'not-found'],
      [`/${id}/status/0`, 404, 'not-found'],
    ] as const) {
      const answer = await server.get(path);
      assert.deepEqual([answer.status, answer.body['code']], [status, code], path);
    }
  });
});
