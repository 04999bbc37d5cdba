import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import {
  completed,
  ClusterProcess,
  SHORT,
  writersOf,
  type MemberSettings,
} from '../../support/cluster-process.js';
import { HAS_POSTGRES, temporaryDatabase } from '../../support/postgres.js';
import { assertContiguous } from '../../support/logs.js';
import { idsOf } from '../../support/sse-reader.js';

describe('several processes on one database', { skip: !HAS_POSTGRES }, () => {
  let store: string;
  /** Lives through all tests; each adds another process. */
  let b: ClusterProcess;

  before(async () => {
    store = await temporaryDatabase();
    b = await ClusterProcess.start(store, 'B');
  });
  after(() => b.kill());

  async function start(t: TestContext, settings?: Partial<MemberSettings>): Promise<ClusterProcess> {
    const process = await ClusterProcess.start(store, 'A', settings);
    t.after(() => process.kill());
    return process;
  }

  it('K3: the sessions of a killed process continue elsewhere, each once; readers return with their cursor', async (t) => {
    const a = await start(t);
    const ids = await Promise.all(
      Array.from({ length: 10 }, () => a.create('count', { count: 30, paceMs: 100 })),
    );
    const [first = ''] = ids;
    const reader = await b.stream(first);
    await reader.untilType('thoughtEvent');
    // Only a node that has started is started once more.
    await Promise.all(ids.map(async (id) => (await b.stream(id)).untilType('nodeStart')));
    await a.kill();
    const frames = await reader.toEnd();
    assert.deepEqual(
      idsOf(frames),
      idsOf(frames).map((_, position) => position),
      'its stream stayed',
    );
    await Promise.all(ids.map((id) => completed(b, id)));
    for (const id of ids) {
      const log = await b.log(id);
      assertContiguous(log);
      assert.equal(writersOf(log).at(-1), 'B');
      assert.equal(log.filter(({ type }) => type === 'nodeRetry').length, 1);
    }
    assert.deepEqual(await b.errors(), []);
  });

  it('K2: a process that slept through a takeover writes nothing more to the session, and serves on', async (t) => {
    const a = await start(t);
    const id = await a.create('count', { count: 60, paceMs: 50 });
    await (await b.stream(id)).untilType('thoughtEvent');
    a.pause();
    const reader = await b.stream(id);
    await reader.until(({ data }) => String(data['text']).startsWith('B'));
    a.resume();
    await reader.toEnd();
    const log = await a.log(id);
    assertContiguous(log);
    assert.deepEqual(writersOf(log), ['A', 'B'], 'nothing of the sleeper after the claim');
    const another = await a.create('count', { count: 2 });
    await completed(b, another);
    assert.deepEqual([await a.errors(), await b.errors()], [[], []]);
  });

  it('K14: a process that ends in order leaves its sessions to the others', async (t) => {
    const a = await start(t);
    const id = await a.create('count', { count: 20, paceMs: 100 });
    await (await b.stream(id)).untilType('thoughtEvent');
    await a.close();
    await (await b.stream(id)).toEnd();
    assert.deepEqual(writersOf(await b.log(id)), ['A', 'B']);
  });

  it('K14: nodes of a process that ends in order end there, and those behind them run elsewhere', async (t) => {
    const a = await start(t, { ...SHORT, limits: { ...SHORT.limits, handoverMs: 20_000 } });
    const node = (id: string) => ({ id, type: 'count', configuration: { count: 10, paceMs: 50 } });
    const graph = { nodes: [node('first'), node('second')], edges: [{ from: 'first', to: 'second' }] };
    const id = await a.createGraph(graph);
    const waiting = await a.create('ask');
    await (await b.stream(id)).untilType('thoughtEvent');
    await a.close();
    await completed(b, id);
    const log = await b.log(id);
    assertContiguous(log);
    assert.deepEqual(writersOf(log), ['A', 'B']);
    assert.equal(log.filter(({ type }) => type === 'nodeRetry').length, 0, 'none was interrupted');
    assert.equal(log.filter(({ text }) => String(text).startsWith('A')).length, 10);
    assert.equal(await b.status(waiting), 'suspended');
  });
});
