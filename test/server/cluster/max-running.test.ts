import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HAS_POSTGRES, storeDatabase } from '../../support/postgres.js';
import { PuppetRunner } from '../../support/puppet-runner.js';
import { TestServer } from '../../support/server.js';
import { eventually } from '../../support/watch.js';

describe('a server that may run a limited number of sessions', { skip: !HAS_POSTGRES }, () => {
  it('leaves those beyond it to others, soon', async (t) => {
    const store = await storeDatabase(t);
    const [runnerA, runnerB] = [new PuppetRunner(), new PuppetRunner()];
    const a = await TestServer.start(t, { store, runner: runnerA, limits: { maxRunning: 1 } });
    const b = await TestServer.start(t, { store, runner: runnerB, limits: { scanMs: 60_000 } });
    const [first, second] = [await a.create(), await a.create()];
    await eventually(() => runnerB.sessions.has(second));
    assert.deepEqual([runnerA.sessions.has(first), runnerA.sessions.has(second)], [true, false]);
    const reader = await a.stream(second);
    await runnerB.complete(second);
    assert.equal((await reader.toEnd()).at(-1)?.data['status'], 'completed');
    await runnerA.complete(first);
    assert.equal((await b.get(`/${first}/status`)).body['status'], 'completed');
  });

  it('starts the next one when one has ended, when there is no other server', async (t) => {
    const runner = new PuppetRunner();
    const limits = { maxRunning: 1, scanMs: 60_000 };
    const server = await TestServer.start(t, { store: await storeDatabase(t), runner, limits });
    const ids = [await server.create(), await server.create(), await server.create()];
    for (const id of ids) {
      await eventually(() => runner.sessions.has(id));
      assert.equal(runner.sessions.size, ids.indexOf(id) + 1);
      await runner.complete(id);
    }
  });

  it('of 0 is a gateway: what is created and answered there runs elsewhere', async (t) => {
    const store = await storeDatabase(t);
    const [none, runner, later] = [new PuppetRunner(), new PuppetRunner(), new PuppetRunner()];
    const gateway = await TestServer.start(t, { store, runner: none, limits: { maxRunning: 0 } });
    const owner = await TestServer.start(t, { store, runner });
    const id = await gateway.create();
    await eventually(() => runner.sessions.has(id));
    const [question, another] = [await runner.ask(id), await runner.ask(id)];
    const answer = await gateway.resume(id, question);
    assert.deepEqual([answer.status, answer.body['duplicate']], [200, false]);
    await eventually(() => runner.resumed.includes(question));
    await owner.close();
    assert.equal((await gateway.resume(id, another)).status, 200);
    assert.equal((await gateway.get(`/${id}/status`)).body['status'], 'running');
    const next = await TestServer.start(t, { store, runner: later });
    await eventually(() => later.resumed.includes(another));
    assert.equal((await next.cancel(id)).body['status'], 'cancelled');
    assert.equal(none.sessions.size, 0);
  });
});
