import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { axeViolations } from '../support/axe.js';
import { DemoBrowser } from '../support/demo-browser.js';
import { DemoPage } from '../support/demo-page.js';

describe('running again from a node', { timeout: 180_000 }, () => {
  let browser: DemoBrowser;
  before(async () => {
    browser = await DemoBrowser.start();
  });
  after(() => browser.stop());

  it('reuses what completed, says so, and marks the failed session as solved', () =>
    browser.withPage(async ({ page }) => {
      const demo = new DemoPage(page);
      await demo.selectExample('A late failure');
      await demo.run();
      await demo.answerText('Topic', 'Moss');
      await demo.status('Failed');
      const menu = demo.panel.getByRole('button', { name: 'Run again', exact: true });
      await menu.press('ArrowDown');
      await page.getByRole('menuitem', { name: 'Run again from the failed node' }).press('Enter');
      await demo.status('Completed');
      await demo.row(/^Completed.*Again of “A late failure · Moss”/).waitFor();
      await demo.row(/^Failed.*Solved/).waitFor();
      assert.equal(await demo.panel.getByText('Reused', { exact: true }).count(), 4);
      assert.deepEqual(await axeViolations(page), []);
      for (const shot of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: shot });
        if (process.env['SHOTS'] !== undefined)
          await page.screenshot({ path: `${process.env['SHOTS']}/rerun-${shot}.png` });
      }
      await demo.panel.getByRole('button', { name: /^Again of/ }).click();
      await demo.status('Failed');
      await demo.panel.getByRole('button', { name: /^Solved by/ }).waitFor();
      assert.deepEqual(await axeViolations(page), []);
      await demo.panel.getByRole('heading', { level: 4, name: /^Scenes/ }).hover();
      if (process.env['SHOTS'] !== undefined)
        await page.screenshot({ path: `${process.env['SHOTS']}/rerun-origin.png` });
      await demo.panel.getByRole('button', { name: 'Run again from “Scenes”' }).click();
      await demo.panel.getByText('Reused', { exact: true }).nth(2).waitFor();
      assert.equal(await demo.panel.getByText('Reused', { exact: true }).count(), 3);
    }));
});
