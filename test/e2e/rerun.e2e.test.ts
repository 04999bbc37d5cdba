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
      await demo.panel.getByRole('button', { name: /^Again of/ }).click();
      await demo.status('Failed');
      await demo.panel.getByRole('button', { name: /^Solved by/ }).waitFor();
      assert.deepEqual(await axeViolations(page), []);
      await demo.panel.getByRole('button', { name: 'Time and order' }).click();
      assert.deepEqual(await axeViolations(page), []);
      await page.getByRole('menuitemradio', { name: 'Today' }).click();
      await demo.panel.getByRole('button', { name: 'Today', exact: true }).waitFor();
      assert.deepEqual(await axeViolations(page), []);
      await demo.panel.getByRole('heading', { level: 4, name: /^Scenes/ }).hover();
      await demo.panel.getByRole('button', { name: 'Run again from “Scenes”' }).click();
      await demo.panel.getByText('Reused', { exact: true }).nth(2).waitFor();
      assert.equal(await demo.panel.getByText('Reused', { exact: true }).count(), 3);
    }));

  it('with the same answers lets a person change them, and asks again for one that was emptied', () =>
    browser.withPage(async ({ page }) => {
      const demo = new DemoPage(page);
      await demo.selectExample('Two questions at once');
      await demo.run();
      await demo.answerText('Where to', 'Oslo');
      await demo.answerChoice('When', 'Winter');
      await demo.status('Completed');
      const open = async (): Promise<void> => {
        await demo.panel.getByRole('button', { name: 'Run again', exact: true }).click();
        await page.getByRole('menuitem', { name: 'Run again with the same answers…' }).click();
      };
      await open();
      const dialog = page.getByRole('dialog');
      const where = dialog.getByRole('textbox', { name: /^Where to/ });
      assert.equal(await where.inputValue(), 'Oslo');
      assert.equal(await dialog.getByRole('radio', { name: 'Winter' }).isChecked(), true);
      assert.deepEqual(await axeViolations(page), []);
      await where.fill('Bergen');
      await dialog.getByRole('button', { name: 'Run again' }).click();
      await demo.status('Completed');
      await demo.panel.getByText('from the inputs of the run').first().waitFor();
      await demo.row(/^Completed.*Bergen/).waitFor();
      await open();
      await dialog.waitFor();
      await where.fill('');
      await dialog.getByRole('button', { name: 'Run again' }).click();
      await demo.question('Where to').waitFor();
      assert.equal(await demo.question('When').count(), 0);
    }));
});
