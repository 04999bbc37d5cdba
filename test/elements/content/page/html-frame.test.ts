import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { it } from 'node:test';

it('the policy of html-frame.html allows its own script, and no other', async () => {
  const page = await readFile(
    new URL('../../../../src/elements/content/page/html-frame.html', import.meta.url),
    'utf8',
  );
  const scripts = [...page.matchAll(/<script>([^]*?)<\/script>/g)].map(([, script]) => script ?? '');
  assert.equal(scripts.length, 1);
  const hash = createHash('sha256')
    .update(scripts[0] ?? '')
    .digest('base64');
  const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(page)?.[1] ?? '';
  assert.match(policy, /^default-src 'none'; /);
  assert.deepEqual(/script-src ([^;]*)/.exec(policy)?.[1], `'sha256-${hash}'`);
});
