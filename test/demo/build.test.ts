import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { temporaryDirectory } from '../support/server.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe('the built demo', () => {
  it('registers the elements and has the frame for pages of a run', async (t) => {
    const outDir = await temporaryDirectory(t);
    await build({ configFile: join(ROOT, 'vite.config.ts'), logLevel: 'silent', build: { outDir } });
    const assets = join(outDir, 'assets');
    const scripts = (await readdir(assets)).filter((name) => name.endsWith('.js'));
    const texts = await Promise.all(scripts.map((name) => readFile(join(assets, name), 'utf8')));
    // Only define.ts gives the elements their names.
    const isRegistered = /["'`]sessions-panel-activity["'`]:/.test(texts.join('\n'));
    assert.ok(isRegistered, 'the elements are in the bundle');
    assert.match(await readFile(join(outDir, 'html-frame.html'), 'utf8'), /<script>/);
  });
});
