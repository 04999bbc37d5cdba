import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { DemoBrowser } from '../support/demo-browser.js';
import { DemoPage } from '../support/demo-page.js';

describe('the demo across reloads, switches and crashes', () => {
  let browser: DemoBrowser;

  before(async () => {
    browser = await DemoBrowser.start();
  });

  after(() => browser.stop());

  it('continues after a reload in the middle of a question', () =>
    browser.withPage(async ({ page }) => {
      const demo = new DemoPage(page);
      await demo.run();
      await demo.answerText('Topic', 'Rain');
      await demo.question('Stanzas').waitFor();
      await page.reload();
      await demo.opened('Haiku · Rain');
      await demo.row(/Needs input.*Haiku · Rain.*How many/).waitFor();
      await demo.panel.getByText('Answered: Rain').waitFor();
      await demo.question('Stanzas').waitFor();
      assert.equal(await demo.panel.getByRole('group', { name: /^Question/ }).count(), 1);
      assert.equal(await demo.panel.getByText('Answered: Rain').count(), 1);
      await demo.node('Topic', 'Completed');
      await demo.node('Stanzas', 'Needs input');
      await demo.answerText('Stanzas', 'One');
      await demo.answerChoice('Mood', 'Calm');
      await demo.node('Result', 'Completed');
      await page.reload();
      await demo.status('Completed');
      await demo.node('Result', 'Completed');
      assert.equal(await demo.panel.getByRole('group', { name: /^Question/ }).count(), 0);
    }));

  it('switches between sessions, deletes one, and keeps the list while the drawer is closed', () =>
    browser.withPage(async ({ page }) => {
      const demo = new DemoPage(page);
      await demo.selectExample('Multiple choice');
      await demo.run();
      await demo.question('Toppings').getByText('Basil').click();
      await demo.question('Toppings').getByText('Olives').click();
      await demo.send('Toppings');
      await demo.status('Completed');
      await demo.run();
      await demo.node('Toppings', 'Needs input');
      await demo.rows.nth(1).waitFor();

      await demo.row(/Completed/).click();
      await demo.status('Completed');
      await demo.node('Recipe', 'Completed');
      await demo.panel.getByText('Answered: Basil, Olives').waitFor();
      assert.equal(await demo.question('Toppings').count(), 0, 'the question of the other session');
      await demo.row(/Needs input/).click();
      await demo.question('Toppings').waitFor();
      await demo.node('Recipe', 'Not started');

      await demo.drawerButton.click();
      await demo.panel.waitFor({ state: 'hidden' });
      await page.getByRole('button', { name: 'Sessions 1 needs input' }).waitFor();
      await page.reload();
      await demo.node('Toppings', 'Needs input');
      assert.equal(await demo.panel.isVisible(), false, 'the drawer stays closed');
      await demo.drawerButton.click();
      await demo.question('Toppings').waitFor();
      assert.equal(await demo.rows.count(), 2);

      await demo.chooseForSession('Delete…');
      const dialog = page.getByRole('alertdialog', { name: /^Delete session “Multiple choice/ });
      await dialog.getByText('The run stops now').waitFor();
      await dialog.getByRole('button', { name: 'Delete session' }).click();
      await demo.rows.nth(1).waitFor({ state: 'detached' });
      await demo.row(/Completed/).waitFor();
      await demo.question('Toppings').waitFor({ state: 'detached' });
      await page.reload();
      await demo.row(/Completed/).waitFor();
      assert.equal(await demo.rows.count(), 1);
    }));

  it('reconnects after the server was killed, and the answer is accepted', () =>
    browser.withPage(async ({ page, allowConsole }) => {
      const demo = new DemoPage(page);
      await demo.run();
      await demo.answerText('Topic', 'Snow');
      await demo.question('Stanzas').getByRole('textbox').fill('Thr');
      allowConsole(/net::ERR_|part of the panel could not be loaded/);
      await browser.server.kill();
      await demo.panel
        .getByText('Lost connection to the server. The run doesn’t depend on this page.')
        .waitFor();
      await demo.panel
        .getByText(/^Reconnecting/)
        .first()
        .waitFor();
      await demo.node('Stanzas', 'Needs input');
      await browser.server.restart();
      await demo.panel.getByText('Live', { exact: true }).waitFor();
      await demo.panel
        .getByText('Lost connection to the server. The run doesn’t depend on this page.')
        .waitFor({ state: 'detached' });
      assert.equal(await demo.question('Stanzas').getByRole('textbox').inputValue(), 'Thr');
      await demo.answerText('Stanzas', 'Three');
      await demo.answerChoice('Mood', 'Melancholy');
      await demo.node('Result', 'Completed');
      await demo.panel.getByText('Answered: Snow').waitFor();
      assert.equal(await demo.panel.getByText('Answered: Snow').count(), 1);
      await demo.row(/Completed.*Haiku · Snow/).waitFor();
    }));

  it('continues with a node that was running when the server was killed', () =>
    browser.withPage(async ({ page, allowConsole }) => {
      const demo = new DemoPage(page);
      await demo.selectExample('A long run');
      await demo.run();
      await demo.node('Collect notes', 'Running');
      // The code of the session is there: the server that is killed has it, too.
      await demo.panel.getByRole('tab', { name: /Activity/ }).waitFor();
      allowConsole(/net::ERR_|part of the panel could not be loaded/);
      await browser.server.kill();
      await browser.server.restart();
      await demo.panel.getByText('Attempt 2').waitFor();
      await demo.status('Running');
      await demo.node('Collect notes', 'Running');
    }));

  it('remembers the height of the drawer, the graph and the theme', () =>
    browser.withPage(async ({ page }) => {
      const demo = new DemoPage(page);
      await demo.selectExample('Order form');
      const resizer = page.getByRole('separator', { name: 'Height of the sessions drawer' });
      const before = Number(await resizer.getAttribute('aria-valuenow'));
      await resizer.press('ArrowUp');
      await resizer.press('ArrowUp');
      await page.getByRole('button', { name: 'Theme: system' }).click();
      await page.getByRole('button', { name: 'Theme: light' }).click();
      await page.reload();
      await page.getByRole('button', { name: 'Theme: dark' }).waitFor();
      await page.getByRole('heading', { name: 'Order form' }).waitFor();
      assert.equal(Number(await resizer.getAttribute('aria-valuenow')), before + 64);
      const { scheme, height } = await demo.panel.evaluate((panel) => ({
        scheme: getComputedStyle(panel).colorScheme,
        height: panel.getBoundingClientRect().height,
      }));
      assert.equal(scheme, 'dark');
      assert.equal(height, before + 64);
    }));
});
