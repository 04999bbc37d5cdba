import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { axeViolations } from '../support/axe.js';
import { DemoBrowser } from '../support/demo-browser.js';
import { DemoPage } from '../support/demo-page.js';

/** What a person reads of the opened session, tab by tab; without what belongs to the moment or the place. */
async function shownIn(page: Page): Promise<Record<string, readonly string[]>> {
  const { panel } = new DemoPage(page);
  const tab = (name: string) => panel.getByRole('tab', { name: new RegExp(`^${name}`) });
  const texts: Record<string, readonly string[]> = {};
  for (const [name, part] of [
    ['Activity', 'sessions-panel-node'],
    ['Timeline', 'sessions-panel-timeline button.row'],
    ['Events', 'sessions-panel-events [role=option]'],
  ] as const) {
    await tab(name).click();
    await panel.locator(part).first().waitFor();
    texts[name] = (await panel.locator(part).allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '));
  }
  return texts;
}

describe('a session taken out of the panel', { timeout: 180_000 }, () => {
  let browser: DemoBrowser;
  before(async () => {
    browser = await DemoBrowser.start();
  });
  after(() => browser.stop());

  it('shows the same when it is downloaded and opened again', () =>
    browser.withPage(async ({ page }) => {
      const demo = new DemoPage(page);
      await demo.selectExample('Two questions at once');
      await demo.run();
      await demo.answerText('Where to', 'Oslo');
      await demo.answerChoice('When', 'Winter');
      await demo.status('Completed');
      const before = await shownIn(page);
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        demo.chooseForSession('Download…'),
      ]);
      assert.match(download.suggestedFilename(), /\.session\.jsonl$/);
      const path = await download.path();
      const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
      assert.equal(JSON.parse(lines[0] ?? '{}').format, 'graph-sessions');
      await demo.panel.getByRole('button', { name: 'More', exact: true }).click();
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        page.getByRole('menuitem', { name: /^Open a session file/ }).click(),
      ]);
      await chooser.setFiles(path);
      await demo.panel.getByRole('button', { name: /^File Two questions/ }).waitFor();
      await demo.panel.locator('.file-badge').waitFor();
      assert.deepEqual(await shownIn(page), before);
      assert.deepEqual(await axeViolations(page), []);
    }));

  it('is copied as Markdown with its questions, answers and usage, which row and header show as well', () =>
    browser.withPage(
      async ({ page }) => {
        const demo = new DemoPage(page);
        await demo.selectExample('A failing branch');
        await demo.run();
        await demo.status('Failed');
        const usage = /\d[\d.]*k tokens · \$0\.\d\d/;
        const meta = demo.panel.locator('[part~="session-meta"]');
        assert.match(await meta.innerText(), usage);
        // Where there is little room, a row shows it only while the list is ordered by it.
        await demo.panel.getByRole('button', { name: 'Time and order' }).click();
        await page.getByRole('menuitemradio', { name: 'Most expensive first' }).click();
        const list = demo.panel.getByRole('list', { name: 'Sessions, most expensive first' });
        assert.match(await list.getByRole('button', { name: /^Failed/ }).innerText(), usage);
        await demo.chooseForSession('Copy as Markdown');
        await demo.panel.getByText('Copied as Markdown').waitFor();
        const text = await page.evaluate(() => navigator.clipboard.readText());
        assert.match(text, /^# A failing branch/);
        assert.match(text, /503 Service Unavailable/);
        assert.match(text, /tokens/);
      },
      { permissions: ['clipboard-read', 'clipboard-write'] },
    ));
});
