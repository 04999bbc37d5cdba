import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { DemoBrowser } from '../support/demo-browser.js';
import { DemoPage } from '../support/demo-page.js';

describe('the address of the demo', () => {
  let browser: DemoBrowser;

  before(async () => {
    browser = await DemoBrowser.start();
  });

  after(() => browser.stop());

  it('names the session and its tab, opens them in a new tab, and goes back and forward', () =>
    browser.withPage(async ({ page }) => {
      const demo = new DemoPage(page);
      await demo.run();
      await demo.question('Topic').waitFor();
      await page.waitForURL(/#graph=haiku&session=[\w-]+$/);
      const first = page.url();
      await demo.panel.getByRole('tab', { name: /^Events/ }).click();
      await page.waitForURL(/&view=events$/);
      const second = page.url();
      await demo.answerText('Topic', 'Rain');
      await demo.opened('Haiku · Rain');
      await demo.run();
      await demo.opened('Haiku');
      await page.waitForURL((url) => url.href !== second);
      await page.goBack();
      await demo.opened('Haiku · Rain');
      await demo.panel.getByRole('listbox').waitFor();
      await page.goBack();
      assert.equal(page.url(), first);
      await page.goForward();
      await page.waitForURL(/&view=events$/);
      await demo.opened('Haiku · Rain');

      const link = page.url().replace('&view=events', '&view=activity&node=topic');
      const other = await page.context().newPage();
      await other.goto(link);
      const elsewhere = new DemoPage(other);
      await elsewhere.opened('Haiku · Rain');
      await elsewhere.panel.locator('sessions-panel-node[data-target]').waitFor();
      await elsewhere.panel.getByRole('button', { name: 'Close', exact: true }).click();
      await other.waitForURL(/#graph=haiku$/);
      await other.close();
    }));
});
