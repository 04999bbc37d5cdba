import assert from 'node:assert/strict';
import { it } from 'node:test';
import { CliProcess } from '../../support/cli-process.js';
import { HAS_POSTGRES, temporaryDatabase } from '../../support/postgres.js';
import { PuppetRunner } from '../../support/puppet-runner.js';
import { temporaryDirectory, TestServer } from '../../support/server.js';
import { idsOf } from '../../support/sse-reader.js';

it(
  'K19: sessions that are copied from a directory to PostgreSQL continue there, and cursors stay valid',
  { skip: !HAS_POSTGRES },
  async (t) => {
    const [from, to] = [await temporaryDirectory(t), await temporaryDatabase()];
    const runner = new PuppetRunner();
    const before = await TestServer.start(t, { store: from, runner });
    const [asked, ended, deleted] = [await before.create(), await before.create(), await before.create()];
    const question = await runner.ask(asked);
    await runner.think(ended, 50);
    await runner.complete(ended);
    await before.delete(deleted);
    const log = await before.log(asked);
    const status = (await before.get(`/${asked}/status`)).body;
    const list = (await before.get('/:list?graphId=g')).body;
    const frames = await (await before.stream(ended)).toEnd();
    const cursor = frames[20]?.id ?? '';
    await before.close();

    const copy = CliProcess.spawn(t, 'copy', '--from', from, '--to', to);
    assert.deepEqual(await copy.ended(), { code: 0, signal: null }, copy.output);
    assert.match(copy.output, /^3 sessions were copied/);
    const again = CliProcess.spawn(t, 'copy', '--from', from, '--to', to);
    assert.equal((await again.ended()).code, 1);
    assert.match(again.output, /has sessions already/);

    const after = await TestServer.start(t, { store: to, runner: new PuppetRunner() });
    assert.deepEqual(await after.log(asked), log);
    assert.deepEqual((await after.get(`/${asked}/status`)).body, status);
    assert.deepEqual((await after.get('/:list?graphId=g')).body['rows'], list['rows']);
    assert.equal((await after.get(`/${deleted}/status`)).body['code'], 'session-deleted');
    const rest = await after.stream(ended, 'protocol=1', { 'Last-Event-ID': cursor });
    assert.deepEqual(idsOf(await rest.toEnd()), idsOf(frames.slice(21)));
    assert.equal((await after.resume(asked, question)).status, 200);
  },
);
