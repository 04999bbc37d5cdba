import assert from 'node:assert/strict';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { StaleEpochError } from '../../../src/server/store/session-store.js';
import { MemoryStore } from '../../../src/server/store/memory-store.js';
import { CliProcess } from '../../support/cli-process.js';
import { ONE_NODE, PuppetRunner } from '../../support/puppet-runner.js';
import { storeLocation, temporaryDirectory, TestServer } from '../../support/server.js';
import { eventually } from '../../support/watch.js';

const NEW = { graphId: 'g', graph: ONE_NODE };

async function healthOf({ server }: TestServer): Promise<number> {
  const response = await fetch(`${server.url}/healthz`);
  await response.body?.cancel();
  return response.status;
}

describe('a server whose sessions another process has taken over', () => {
  for (const kind of ['memory', 'sqlite'] as const) {
    it(`D4 steps down by itself, for good and on every route, over a ${kind} store`, async (t) => {
      const store = kind === 'memory' ? new MemoryStore() : await storeLocation(t, kind);
      const errors: unknown[] = [];
      const runner = new PuppetRunner();
      const older = await TestServer.start(t, { store, runner, onError: (error) => errors.push(error) });
      const id = await older.create();
      const stream = await older.stream(id);
      await stream.untilType('replayComplete');
      const monitor = await older.monitor();
      await monitor.until(({ event }) => event === 'snapshotComplete');
      assert.equal(await healthOf(older), 200);

      const newer = await TestServer.start(t, { store, runner: new PuppetRunner() });
      assert.ok((await older.server.lost) instanceof StaleEpochError, 'nothing was asked of it');
      for (const reader of [stream, monitor]) {
        const { event, data } = (await reader.toEnd()).at(-1) ?? {};
        assert.deepEqual([event, data?.['reason']], ['bye', 'drain']);
      }
      assert.equal(runner.session(id).signal.aborted, true, 'nothing runs here');
      const answers = [
        await older.get(`/${id}/status`),
        await older.get(`/${id}/events`),
        await older.get(`/${id}?protocol=1`),
        await older.get('?graphId=g&protocol=1'),
        await older.post('/new', NEW),
        await older.resume(id, 'x'),
        await older.cancel(id),
        await older.delete(id),
        await older.post(`/${id}:rerun`, {}),
      ];
      for (const { status, body, headers } of answers) {
        assert.deepEqual([status, body['code']], [503, 'unavailable']);
        assert.ok(Number(headers.get('retry-after')) > 0);
      }
      assert.equal(await healthOf(older), 503);
      assert.equal(errors.length, 1, 'it is reported once');
      assert.equal(await healthOf(newer), 200);
      assert.equal((await newer.get(`/${id}/status`)).status, 200);
    });
  }

  it('D4 exits, and says why in one sentence, as a command', async (t) => {
    const directory = await temporaryDirectory(t);
    const older = CliProcess.spawn(t, '--port', '0', '--data', directory);
    await older.url();
    const newer = CliProcess.spawn(t, '--port', '0', '--data', directory);
    await newer.url();
    assert.deepEqual(await older.ended(), { code: 1, signal: null });
    // After what a start prints.
    const [, , , ...lines] = older.output.split('\n');
    assert.deepEqual(lines, ['Another process has taken over the sessions.', '']);
    assert.deepEqual(await newer.kill('SIGTERM'), { code: 0, signal: null });
  });
});

describe('a server whose directory is gone', () => {
  it('D2 confirms nothing, and continues when it is back', async (t) => {
    const parent = await temporaryDirectory(t);
    const [directory, moved] = [join(parent, 'data'), join(parent, 'moved')];
    const errors: unknown[] = [];
    const runner = new PuppetRunner();
    const onError = (error: unknown) => errors.push(error);
    const server = await TestServer.start(t, { store: directory, runner, onError });
    const id = await server.create();
    await rename(directory, moved);
    const thinking = runner.think(id, 3);
    assert.equal((await server.post('/new', NEW)).status, 503);
    assert.equal(await healthOf(server), 503);
    assert.match(String(errors[0]), /sessions\.db is missing/);
    await rename(moved, directory);
    await thinking;
    assert.equal((await server.log(id)).length, 4);
    assert.equal((await server.post('/new', NEW)).status, 200);
    assert.equal(await healthOf(server), 200);
    assert.equal(errors.length, 1);
  });

  it('D2 notices that it was removed although nothing is written', async (t) => {
    const directory = join(await temporaryDirectory(t), 'data');
    const errors: unknown[] = [];
    const onError = (error: unknown) => errors.push(error);
    const server = await TestServer.start(t, { store: directory, runner: new PuppetRunner(), onError });
    await rm(directory, { recursive: true });
    await eventually(() => errors.length > 0);
    assert.equal(await healthOf(server), 503);
  });

  it('D4 steps down when another one is in its place', async (t) => {
    const parent = await temporaryDirectory(t);
    const directory = join(parent, 'data');
    const errors: unknown[] = [];
    const onError = (error: unknown) => errors.push(error);
    const server = await TestServer.start(t, { store: directory, runner: new PuppetRunner(), onError });
    await rename(directory, join(parent, 'moved'));
    await TestServer.start(t, { store: directory, runner: new PuppetRunner() });
    assert.match(String(await server.server.lost), /was replaced/);
    assert.equal((await server.post('/new', NEW)).status, 503);
  });
});
