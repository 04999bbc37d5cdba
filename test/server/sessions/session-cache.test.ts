import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SessionCache } from '../../../src/server/sessions/session-cache.js';
import type { StoredSession } from '../../../src/server/store/session-store.js';

function ended(sessionId: string): StoredSession {
  return {
    sessionId,
    graphId: 'g',
    principal: 'p',
    logId: `log of ${sessionId}`,
    createdMs: 0,
    status: 'completed',
    lastIndex: 1,
    logBytes: 100,
    isDeleted: false,
    labels: {},
  };
}

describe('the sessions in memory', () => {
  it('are one object each, even when a request still holds one that was evicted meanwhile', () => {
    const cache = new SessionCache();
    const held = cache.addStored(ended('held'));
    const others = Array.from({ length: 200 }, (_, number) => cache.addStored(ended(`s${number}`)));
    assert.ok([...cache.all()].length < 100, 'most were forgotten');
    assert.equal(cache.get('held'), held);
    for (const other of others) assert.equal(cache.get(other.sessionId), other);
    assert.ok([...cache.all()].length < 100);
  });

  it('are no longer found once they were deleted, evicted before or not', () => {
    const cache = new SessionCache();
    const first = cache.addStored(ended('first'));
    for (let number = 0; number < 200; number += 1) cache.addStored(ended(`s${number}`));
    const last = cache.get('s199');
    assert.ok(last !== undefined);
    cache.remove(first);
    cache.remove(last);
    assert.deepEqual([cache.get('first'), cache.get('s199')], [undefined, undefined]);
  });

  it('are garbage once they are no longer referenced', async (t) => {
    const gc = globalThis.gc;
    if (gc === undefined) {
      t.skip('needs --expose-gc');
      return;
    }
    const cache = new SessionCache();
    for (let number = 0; number < 200; number += 1) cache.addStored(ended(`s${number}`));
    await new Promise(setImmediate);
    gc();
    assert.equal(cache.get('s0'), undefined);
  });
});
