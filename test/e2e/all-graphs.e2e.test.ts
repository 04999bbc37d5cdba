import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { DemoBrowser } from '../support/demo-browser.js';
import { DemoPage } from '../support/demo-page.js';

describe('the list of all graphs in the demo', () => {
  let browser: DemoBrowser;
  before(async () => {
    browser = await DemoBrowser.start();
  });
  after(() => browser.stop());

  it('has the sessions of two graphs, in two tabs; opening one turns the canvas to its graph, and a link leads there', () =>
    browser.withTabs(async ({ context }) => {
      const page = await context.newPage();
      await page.goto(browser.server.url);
      const demo = new DemoPage(page);
      await demo.run();
      await demo.answerText('Topic', 'Rain');
      await demo.opened('Haiku · Rain');
      await demo.selectExample('Two questions at once');
      await demo.run();
      await demo.panel.getByRole('tablist', { name: 'Open questions, by node' }).waitFor();
      assert.equal(await demo.rows.count(), 1);

      await page.getByRole('button', { name: 'All graphs' }).click();
      await demo.row(/Haiku · Rain/).waitFor();
      assert.equal(await demo.rows.count(), 2);
      // The session that was open stays open.
      await demo.panel.getByText('Graph: Two questions at once', { exact: true }).waitFor();

      await demo.row(/Haiku · Rain/).click();
      await demo.opened('Haiku · Rain');
      await page.getByRole('heading', { level: 2, name: /^Haiku/ }).waitFor();
      await page.waitForURL(/#graph=haiku&list=all&session=[\w-]+$/);

      const other = await context.newPage();
      await other.goto(page.url());
      const elsewhere = new DemoPage(other);
      await elsewhere.opened('Haiku · Rain');
      await elsewhere.panel.getByText('Graph: Haiku', { exact: true }).waitFor();
      assert.equal(await elsewhere.rows.count(), 2);
      // Live, in both tabs, whichever graph runs.
      await elsewhere.selectExample('A failing branch');
      await elsewhere.run();
      // Its focus is in the list, which holds a new row back.
      await demo.panel.getByRole('button', { name: '1 new session' }).click();
      await demo.row(/^Failed\./).waitFor();
      await elsewhere.row(/^Failed\./).waitFor();

      await page.getByRole('button', { name: 'All graphs' }).click();
      await demo.row(/Haiku · Rain/).waitFor();
      assert.equal(await demo.rows.count(), 1);
    }));
});
