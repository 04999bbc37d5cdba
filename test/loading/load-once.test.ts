import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadOnce } from '../../src/loading/load-once.js';

describe('loadOnce', () => {
  it('loads a module once, for callers at the same time and later', async () => {
    let count = 0;
    const load = loadOnce(async () => {
      count += 1;
      return { count };
    });
    const [first, second] = await Promise.all([load(), load()]);
    assert.equal(first, second);
    assert.equal(await load(), first);
    assert.equal(count, 1);
  });

  it('rejects with what the import throws, and tries again at the next call', async () => {
    let isBroken = true;
    const load = loadOnce(async () => {
      if (isBroken) throw new TypeError('not reached');
      return 'loaded';
    });
    await assert.rejects(Promise.all([load(), load()]), { message: 'not reached' });
    isBroken = false;
    assert.equal(await load(), 'loaded');
  });
});
