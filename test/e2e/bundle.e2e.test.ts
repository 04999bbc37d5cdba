import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { codeOf } from '../support/document-code.js';
import { Site, sitePage } from '../support/site.js';

const HEADING = 'In one file, without a bundler';

describe('dist/bundle.js, in a page without a bundler and with a strict policy', () => {
  let site: Site;

  before(async () => {
    site = await Site.start(
      new Map([
        ['/', sitePage(await codeOf('docs/embedding.md', HEADING, 'html'))],
        ['/page.html', sitePage('<script type="module" src="/page.js"></script>')],
        ['/page.js', await codeOf('docs/embedding.md', HEADING, 'js')],
        ['/bundle.js', await readFile(new URL('../../dist/bundle.js', import.meta.url), 'utf8')],
      ]),
    );
    await site.createSession();
  });
  after(() => site.stop());

  it('shows the sessions of a server, asks a question, takes its answer, and loads nothing else', async () => {
    await site.withPage(async ({ page }) => {
      await page.goto(site.url);
      await page.getByRole('button', { name: /^Needs input/ }).click();
      const card = page.getByRole('group', { name: 'Question · Topic' });
      await card.locator('strong', { hasText: 'Which' }).waitFor();
      await card.getByRole('textbox').fill('Rain');
      await card.getByRole('button', { name: /^Send/ }).click();
      await page.getByRole('button', { name: /^Completed/ }).waitFor();
    });
    assert.deepEqual(site.requested, ['/', '/bundle.js']);
  });

  it('exports the state for a script of the page', async () => {
    await site.withPage(async ({ page }) => {
      await page.goto(`${site.url}/page.html`);
      await page.getByRole('region', { name: 'Sessions', exact: true }).waitFor();
      await page.getByRole('button', { name: /^(Needs input|Completed)/ }).waitFor();
    });
  });
});
