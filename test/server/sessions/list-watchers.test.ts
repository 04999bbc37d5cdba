import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ListWatcher, ListWatchers, rowChange } from '../../../src/server/sessions/list-watchers.js';
import { Wakeup } from '../../../src/server/scheduling/wakeup.js';
import { PuppetRunner } from '../../support/puppet-runner.js';
import { TestServer } from '../../support/server.js';

async function readUntil({ body }: Response, text: string): Promise<void> {
  assert.ok(body !== null);
  const decoder = new TextDecoder();
  let received = '';
  for await (const chunk of body) {
    received += decoder.decode(chunk, { stream: true });
    if (received.includes(text)) break;
  }
}

describe('a list with many watchers', () => {
  it('encodes a change once for all of them', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner() });
    const id = await server.create();
    const lists = await Promise.all(
      Array.from({ length: 30 }, () => fetch(`${server.base}?graphId=g&protocol=1`)),
    );
    const stringify = t.mock.method(JSON, 'stringify');
    const headers = { 'Content-Type': 'application/json' };
    await server.request('PATCH', `/${id}`, { body: '{"title":"Only once"}', headers });
    await Promise.all(lists.map((list) => readUntil(list, '"title":"Only once"')));
    const times = stringify.mock.calls.filter(({ result }) => String(result).includes('Only once')).length;
    assert.ok(times <= 3, `${times} times: for the store, for the answer to the caller, for all watchers`);
  });

  it('wakes a part of them in each turn of the event loop, and all in the end', async () => {
    const watchers = new ListWatchers();
    let woken = 0;
    const waiting = Array.from({ length: 1000 }, async () => {
      const watcher = new ListWatcher(new Wakeup());
      watchers.add({ principal: 'ada', graphId: 'g' }, watcher);
      await watcher.wakeup.sleep(60_000);
      woken += 1;
      return watcher.take().length;
    });
    const record = { sessionId: 's', graphId: 'g', principal: 'ada', logId: 'l', createdMs: 0 };
    const summary = {
      sessionId: 's',
      status: 'running',
      createdAt: 0,
      updatedAt: 0,
      pendingInputs: 0,
    } as const;
    watchers.publish(record, rowChange({ summary, revision: 1 }));
    let most = 0;
    while (woken < waiting.length) {
      const before = woken;
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      most = Math.max(most, woken - before);
    }
    assert.ok(most <= 400, `${most} in a turn`);
    assert.deepEqual(new Set(await Promise.all(waiting)), new Set([1]));
  });
});
