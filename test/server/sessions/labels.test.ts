import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PuppetRunner } from '../../support/puppet-runner.js';
import { STORES, storeLocation, TestServer } from '../../support/server.js';

async function label(server: TestServer, sessionId: string, change: unknown) {
  return server.request('PATCH', `/${sessionId}`, {
    body: JSON.stringify(change),
    headers: { 'Content-Type': 'application/json' },
  });
}

for (const kind of STORES) {
  describe(`titles and pins over a ${kind} store`, () => {
    it('are reported to watchers of the list, kept by later rows, and remove nothing', async (t) => {
      const runner = new PuppetRunner();
      const server = await TestServer.start(t, { store: await storeLocation(t, kind), runner });
      const id = await server.create({ title: 'Haiku', nodes: [{ id: 'n', type: 'any' }] });
      const list = await server.monitor();
      await list.until(({ event }) => event === 'snapshotComplete');
      const answer = await label(server, id, { title: '  Beans\n for Ann ', pinned: true });
      assert.equal(answer.status, 200);
      const { title, graphTitle, pinned } = answer.body;
      assert.deepEqual(
        { title, graphTitle, pinned },
        { title: 'Beans for Ann', graphTitle: 'Haiku', pinned: true },
      );
      await list.until(({ data }) => data['title'] === 'Beans for Ann' && data['pinned'] === true);
      // They are kept when the run changes the row.
      await server.cancel(id);
      const end = await list.until(({ data }) => data['status'] === 'cancelled');
      assert.equal(end.data['title'], 'Beans for Ann');
      assert.equal(end.data['pinned'], true);
      // Ended sessions can be labelled, too; an empty title restores that of the graph.
      const back = await label(server, id, { title: '', pinned: false });
      assert.equal(back.body['title'], 'Haiku');
      assert.equal('pinned' in back.body || 'graphTitle' in back.body, false);
    });

    it('write nothing when they are unchanged', async (t) => {
      const runner = new PuppetRunner();
      const server = await TestServer.start(t, { store: await storeLocation(t, kind), runner });
      const id = await server.create();
      await label(server, id, { pinned: true });
      const list = await server.monitor();
      const before = await list.until(({ event }) => event === 'snapshotComplete');
      const again = await label(server, id, { pinned: true });
      assert.deepEqual([again.status, again.body['pinned']], [200, true]);
      const after = await server.monitor();
      const now = await after.until(({ event }) => event === 'snapshotComplete');
      assert.equal(now.data['revision'], before.data['revision']);
    });

    it('refuse invalid titles and pins, and missing sessions', async (t) => {
      const server = await TestServer.start(t, {
        store: await storeLocation(t, kind),
        runner: new PuppetRunner(),
      });
      const id = await server.create();
      for (const change of [{ title: 7 }, { title: 'x'.repeat(201) }, { pinned: 'yes' }]) {
        const { status, body } = await label(server, id, change);
        assert.deepEqual([status, body['code']], [400, 'invalid-request']);
      }
      assert.equal((await label(server, 'unknown', { pinned: true })).status, 404);
    });

    it('runs a plan again as a session of its own, once per key', async (t) => {
      const runner = new PuppetRunner();
      const server = await TestServer.start(t, { store: await storeLocation(t, kind), runner });
      const id = await server.create();
      await server.cancel(id);
      const headers = { 'Idempotency-Key': '"k"' };
      const first = await server.post(`/${id}:rerun`, {}, headers);
      assert.equal(first.status, 200);
      assert.notEqual(first.body['sessionId'], id);
      const second = await server.post(`/${id}:rerun`, {}, headers);
      assert.equal(second.body['sessionId'], first.body['sessionId']);
      assert.equal(second.headers.get('idempotent-replay'), 'true');
      assert.equal((await server.post('/unknown:rerun', {})).status, 404);
      const { body } = await server.get(`/${String(first.body['sessionId'])}/status`);
      assert.deepEqual([body['graphId'], body['status']], ['g', 'running']);
    });
  });
}

it('titles and pins survive a restart, of running and of ended sessions', async (t) => {
  const store = await storeLocation(t, 'sqlite');
  const server = await TestServer.start(t, { store, runner: new PuppetRunner() });
  const running = await server.create();
  const ended = await server.create();
  await server.cancel(ended);
  for (const id of [running, ended]) await label(server, id, { title: 'Mine', pinned: true });
  await server.close();
  const runner = new PuppetRunner();
  const next = await TestServer.start(t, { store, runner });
  const rows = await next.monitor();
  await rows.until(({ event }) => event === 'snapshotComplete');
  const titles = rows.frames
    .filter(({ event }) => event === 'sessionStatus')
    .map(({ data }) => data['title']);
  assert.deepEqual(titles, ['Mine', 'Mine']);
  await next.cancel(running);
  const end = await rows.until(({ data }) => data['sessionId'] === running && data['status'] === 'cancelled');
  assert.deepEqual([end.data['title'], end.data['pinned']], ['Mine', true]);
});
