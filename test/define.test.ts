import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { it } from 'node:test';

const FOLDER = new URL('../src/elements/', import.meta.url);

it('can be imported without a DOM, and so can each module of the elements', async () => {
  assert.equal(globalThis.customElements, undefined);
  assert.ok(await import('../src/define.js'));
  assert.ok(await import('../src/index.js'));
  for (const name of await readdir(FOLDER, { recursive: true })) {
    if (name.endsWith('.ts')) assert.ok(await import(new URL(name.replace(/ts$/, 'js'), FOLDER).href), name);
  }
});
