import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HAS_PGBOUNCER, startPgBouncer } from '../../support/pgbouncer.js';
import { HAS_POSTGRES, storeDatabase } from '../../support/postgres.js';
import { PuppetRunner } from '../../support/puppet-runner.js';
import { TestServer } from '../../support/server.js';
import { idsOf } from '../../support/sse-reader.js';
import { eventually } from '../../support/watch.js';

/** Without one, a start has a notice of its own. */
const tokenKeys = [Buffer.alloc(32).toString('base64')];

const skip = HAS_POSTGRES && HAS_PGBOUNCER ? false : 'PgBouncer is not installed';

describe('servers behind PgBouncer in transaction mode', { skip }, () => {
  it('K9: follow each other as without it, when they listen to the database itself', async (t) => {
    const listen = await storeDatabase(t);
    const store = await startPgBouncer(t, listen);
    const [runnerA, runnerB] = [new PuppetRunner(), new PuppetRunner()];
    const onNotice = (text: string): void => assert.fail(text);
    const a = await TestServer.start(t, { store, listen, runner: runnerA, tokenKeys, onNotice });
    const b = await TestServer.start(t, { store, listen, runner: runnerB, tokenKeys, onNotice });
    const ids = await Promise.all([a.create(), a.create(), b.create()]);
    const [id = ''] = ids;
    const reader = await b.stream(id);
    await reader.untilType('replayComplete');
    await runnerA.think(id, 50);
    const question = await runnerA.ask(id);
    assert.equal((await b.resume(id, question)).status, 200);
    await eventually(() => runnerA.resumed.includes(question));
    await runnerA.complete(id);
    const frames = await reader.toEnd();
    assert.deepEqual(
      idsOf(frames),
      Array.from({ length: 54 }, (_, index) => index),
    );
    assert.equal((await b.delete(id)).status, 200);
    // Before PgBouncer ends.
    await Promise.all([a.close(), b.close()]);
  });

  it('K9: say in a sentence what helps, when nothing arrives that they listen to', async (t) => {
    const store = await startPgBouncer(t, await storeDatabase(t));
    const notices: string[] = [];
    const runner = new PuppetRunner();
    const onNotice = (text: string): void => {
      notices.push(text);
    };
    const a = await TestServer.start(t, { store, runner, tokenKeys, onNotice });
    const b = await TestServer.start(t, { store, runner: new PuppetRunner() });
    const id = await a.create();
    const reader = await b.stream(id);
    await runner.think(id, 3);
    await runner.complete(id);
    assert.equal((await reader.toEnd()).at(-1)?.data['status'], 'completed', 'later, but it arrives');
    await eventually(() => notices.length > 0, 'a notice', 60_000);
    for (const notice of notices) assert.match(notice, /--listen/);
    await Promise.all([a.close(), b.close()]);
  });
});
