import assert from 'node:assert/strict';
import { it } from 'node:test';

it('can be imported where there is no DOM', async () => {
  assert.equal(globalThis.customElements, undefined);
  assert.ok(await import('../../src/define.js'));
});
