/** The commonest tasks take no more steps than a very good product needs: a click, a key, or a text typed at once. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { DemoBrowser } from '../support/demo-browser.js';
import { DemoPage } from '../support/demo-page.js';
import { InboxPerson } from '../support/inbox-person.js';

describe('steps in the demo', () => {
  let browser: DemoBrowser;
  before(async () => {
    browser = await DemoBrowser.start();
  });
  after(() => browser.stop());

  it('after Run, one types the answers to three questions, without a click or a key between them', () =>
    browser.withPage(async ({ page }) => {
      const demo = new DemoPage(page);
      const person = new InboxPerson(page);
      await demo.run();
      // To type and Ctrl+Enter for each text; a digit and Ctrl+Enter for the choice.
      await person.caretAt('What is the topic?');
      await person.type('The sea');
      await person.press('Control+Enter');
      await person.caretAt('How many stanzas');
      await person.type('Two');
      await person.press('Control+Enter');
      await person.caretAt('Which mood?');
      await person.press('1');
      await person.press('Control+Enter');
      await demo.status('Running');
      assert.deepEqual([person.texts, person.keys], [2, 4]);
    }));

  it('one click on a failed session shows why it failed', () =>
    browser.withPage(async ({ page }) => {
      const demo = new DemoPage(page);
      await demo.selectExample('A failing branch');
      await demo.run();
      await demo.status('Failed');
      await demo.panel.getByRole('button', { name: 'Close', exact: true }).first().click();
      await demo.row(/Failed/).click();
      const reason = demo.panel.locator('.outcome').getByText(/503 Service Unavailable/);
      await reason.waitFor();
      assert.equal(await reason.isVisible(), true);
      const place = await reason.boundingBox();
      const size = page.viewportSize();
      assert.ok(place !== null && size !== null && place.y + place.height <= size.height);
    }));

  it('one click on a finished session shows its result, and a second one copies it', () =>
    browser.withPage(
      async ({ page }) => {
        const demo = new DemoPage(page);
        await demo.selectExample('Multiple choice');
        await demo.run();
        await demo.answerChoice('Toppings', 'Basil');
        await demo.status('Completed');
        await demo.panel.getByRole('button', { name: 'Close', exact: true }).first().click();
        await demo.row(/Completed/).click();
        await demo.panel.getByRole('heading', { name: 'Result' }).waitFor();
        const result = demo.panel.locator('sessions-panel-output').first();
        await result.hover();
        await result.getByRole('button', { name: 'Copy', exact: true }).click();
        await demo.panel.getByText('Copied').first().waitFor();
        const copied = await page.evaluate(() => navigator.clipboard.readText());
        assert.match(copied, /pizza|Basil/i);
      },
      { permissions: ['clipboard-read', 'clipboard-write'] },
    ));
});
