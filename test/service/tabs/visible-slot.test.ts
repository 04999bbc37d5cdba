import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exampleHandlers, createGraphRunner } from '../../../src/runner/index.js';
import type { ConnectOptions, GraphRunService } from '../../../src/service/graph-run-service.js';
import { MemoryGraphRunService } from '../../../src/service/memory/memory-graph-run-service.js';
import { pauseWhileHidden } from '../../../src/service/tabs/share-across-tabs.js';
import { FakeSessionServer } from '../../support/fake-session-server.js';
import { eventually, watch } from '../../support/watch.js';

/** A page that a test shows and hides. */
class Page {
  isVisible = true;
  readonly callbacks = new Set<() => void>();

  readonly subscribe = (callback: () => void) => {
    this.callbacks.add(callback);
    return () => this.callbacks.delete(callback);
  };

  show(isVisible: boolean): void {
    this.isVisible = isVisible;
    for (const callback of this.callbacks) callback();
  }
}

describe('a page whose tabs cannot share connections', () => {
  it('has no stream of a session while it is hidden, and each event once afterwards', async () => {
    const server = new FakeSessionServer();
    const page = new Page();
    const memory = new MemoryGraphRunService({ runner: createGraphRunner({ handlers: exampleHandlers }) });
    const inner: GraphRunService = Object.assign(memory, {
      connectSession: (_sessionId: string, options: ConnectOptions = {}) => server.connect('tab', options),
    });
    const service = pauseWhileHidden(inner, page);
    const abort = new AbortController();
    server.add();
    const watched = watch(service.connectSession('s', { signal: abort.signal }));
    await eventually(() => watched.connection?.phase === 'live');
    for (let times = 0; times < 3; times += 1) {
      page.show(false);
      await eventually(() => watched.connection?.phase === 'paused');
      assert.deepEqual(server.owners, []);
      server.add();
      page.show(true);
      await eventually(() => watched.events.length === times + 2);
      assert.equal(server.owners.length, 1);
    }
    assert.deepEqual(
      watched.events.map(({ index }) => index),
      [0, 1, 2, 3],
    );
    abort.abort();
    await watched.ended;
    assert.deepEqual([server.owners, page.callbacks.size], [[], 0]);
  });
});
