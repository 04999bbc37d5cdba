import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { axeViolations } from '../support/axe.js';
import { DemoBrowser } from '../support/demo-browser.js';
import { DemoPage } from '../support/demo-page.js';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };

describe('the demo in a browser', () => {
  let browser: DemoBrowser;

  before(async () => {
    browser = await DemoBrowser.start();
  });

  after(() => browser.stop());

  it('runs the haiku graph: a form, a text and a choice are answered, outputs appear', () =>
    browser.withPage(async ({ page }) => {
      const demo = new DemoPage(page);
      await page.getByText('No sessions yet').waitFor();
      await demo.run();
      await demo.node('Topic', 'Needs input');
      await demo.node('Poet', 'Not started');
      await demo.row(/Haiku.*What is the topic\?/).waitFor();
      await demo.answerText('Topic', 'Green beans');
      await demo.node('Topic', 'Completed');
      await demo
        .question('Stanzas')
        .getByText(/How many stanzas about .*Green beans/)
        .waitFor();
      await demo.answerText('Stanzas', 'Two');
      await demo.answerChoice('Mood', 'Playful');
      await demo.node('Poet', 'Running');
      await demo.status('Running');

      await demo.node('Result', 'Completed');
      await demo.status('Completed');
      await demo.row(/Completed.*Haiku · Green beans/).waitFor();
      await demo.panel.getByRole('img', { name: 'Picture' }).first().waitFor();
      // A page loads once a person has scrolled to it.
      const frame = demo.panel.locator('iframe').first();
      await frame.scrollIntoViewIfNeeded();
      const written = frame.contentFrame().getByRole('heading', { name: 'Green beans' });
      await written.waitFor();
      // The policy of the host allows the page's own style.
      assert.match(await written.evaluate((heading) => getComputedStyle(heading).fontFamily), /Georgia/);
    }));

  it('answers two questions that are open at once, the second one first', () =>
    browser.withPage(async ({ page }) => {
      const demo = new DemoPage(page);
      await demo.selectExample('Two questions at once');
      await demo.run();
      await demo.node('Where to', 'Needs input');
      await demo.node('When', 'Needs input');
      await demo.row(/\+1/).waitFor();
      await demo.question('Where to').getByRole('textbox').fill('Lisb');
      await demo.questionTab('When').click();
      await demo.answerChoice('When', 'Autumn');
      await demo.node('When', 'Completed');
      await demo.node('Where to', 'Needs input');
      assert.equal(await demo.question('Where to').getByRole('textbox').inputValue(), 'Lisb');
      await demo.answerText('Where to', 'Lisbon');
      await demo.node('Result', 'Completed');
      await demo.panel.getByText('Answered: Autumn').waitFor();
      await demo.panel.getByText('Answered: Lisbon').waitFor();
    }));

  it('shows a failing branch next to a working one', () =>
    browser.withPage(async ({ page }) => {
      const demo = new DemoPage(page);
      await demo.selectExample('A failing branch');
      await demo.run();
      await demo.node('Sources', 'Failed · The library did not answer');
      await demo.node('Citations', 'Skipped');
      await demo.node('Article', 'Skipped');
      await demo.node('Draft page', 'Completed');
      await demo.status('Failed');
      await demo.panel.getByText('Skipped: “Sources” failed').first().waitFor();
      await demo.row(/Failed.*503 Service Unavailable/).waitFor();
    }));

  it('cancels a run from the panel, after confirmation', () =>
    browser.withPage(async ({ page }) => {
      const demo = new DemoPage(page);
      await demo.selectExample('A long run');
      await demo.run();
      await demo.node('Collect notes', 'Running');
      const cancel = demo.panel.getByRole('button', { name: 'Cancel run', exact: true });
      const dialog = page.getByRole('alertdialog', { name: 'Cancel run of “A long run”?' });
      await cancel.click();
      await dialog.getByRole('button', { name: 'Keep running' }).click();
      await demo.status('Running');
      await cancel.click();
      await dialog.getByRole('button', { name: 'Cancel run' }).click();
      await demo.status('Cancelled');
      await demo.node('Collect notes', 'Cancelled');
    }));

  it('says why a run could not be started', () =>
    browser.withPage(async ({ page, allowConsole }) => {
      allowConsole(/status of 400/);
      await page.route('**/v1beta1/graphSessions/new', (route) =>
        route.fulfill({
          status: 400,
          contentType: 'application/problem+json',
          body: JSON.stringify({
            type: 'urn:graph-session:problem:invalid-graph',
            code: 'invalid-graph',
            detail: 'Node “topic” is of no known type.',
          }),
        }),
      );
      await new DemoPage(page).run();
      await page.getByRole('alert').getByText('Node “topic” is of no known type.').waitFor();
      await page.getByRole('button', { name: 'Dismiss' }).click();
      await page.getByRole('button', { name: 'Run', exact: true }).waitFor();
    }));

  it('is used with the keyboard alone, from Run to answered to deleted', () =>
    browser.withPage(async ({ page }) => {
      const demo = new DemoPage(page);
      await tabTo(page, page.getByRole('button', { name: 'Run', exact: true }));
      await page.keyboard.press('Enter');
      await tabTo(page, demo.question('Topic').getByRole('textbox'));
      await page.keyboard.type('Trains');
      await page.keyboard.press('Control+Enter');
      await demo.type(demo.question('Stanzas').getByRole('textbox'), '2');
      await page.keyboard.press('Control+Enter');
      await demo.choose('Mood', 3);
      await page.keyboard.press('Enter');
      await demo.panel.getByText('Answered: Melancholy').waitFor();
      await demo.node('Result', 'Completed');

      const row = demo.row(/^Completed.*Haiku · Trains/);
      await tabTo(page, row);
      await page.keyboard.press('F2');
      await page.getByRole('textbox', { name: 'New title' }).waitFor();
      await page.keyboard.type('For Ann');
      await page.keyboard.press('Enter');
      const renamed = demo.row(/^Completed.*For Ann/);
      await demo.hasFocus(renamed);
      await page.keyboard.press('Delete');
      await demo.panel.getByText('Deleted “For Ann”.').waitFor();
      await demo.panel.getByRole('heading', { level: 3, name: 'For Ann' }).waitFor({ state: 'detached' });
      await tabTo(page, demo.panel.getByRole('button', { name: 'Undo' }));
      await page.keyboard.press('Enter');
      await demo.hasFocus(renamed);
      await demo.status('Completed');
      await page.keyboard.press('Delete');
      await demo.panel.getByText('Deleted “For Ann”.').waitFor();
      await demo.panel.getByText('Deleted “For Ann”.').waitFor({ state: 'detached' });
      await page.reload();
      await demo.panel.getByText('Live', { exact: true }).waitFor();
      await demo
        .row(/Completed/)
        .first()
        .waitFor();
      assert.equal(await renamed.count(), 0);
    }));

  it('renames, pins, runs again and undoes a deletion from the menu of a row', () =>
    browser.withPage(async ({ page }) => {
      const demo = new DemoPage(page);
      await demo.selectExample('Ask for consent');
      await demo.run();
      await demo.question('Permission').getByRole('button', { name: 'Allow', exact: true }).click();
      await demo.status('Completed');
      await demo.run();
      await demo.row(/^Needs input.*Ask for consent/).waitFor();

      const choose = async (row: Locator, entry: string): Promise<void> => {
        await row.click({ button: 'right' });
        await page.getByRole('menuitem', { name: entry }).click();
      };
      await choose(demo.row(/^Completed/), 'Rename…');
      await page.getByRole('textbox', { name: 'New title' }).fill('The first one');
      await page.getByRole('button', { name: 'Rename', exact: true }).click();
      await choose(demo.row(/^Completed.*The first one/), 'Pin');
      await demo.panel.getByRole('heading', { name: 'Pinned' }).waitFor();
      assert.match((await demo.rows.first().textContent()) ?? '', /The first one/);

      await choose(demo.rows.first(), 'Run again');
      await demo.status('Needs input');
      await demo
        .row(/^Needs input/)
        .nth(1)
        .waitFor();

      await choose(demo.row(/^Completed.*The first one/), 'Delete');
      await demo.row(/^Completed.*The first one/).waitFor({ state: 'detached' });
      await demo.panel.getByRole('button', { name: 'Undo' }).click();
      await demo.row(/^Completed.*The first one/).waitFor();
      await page.reload();
      await demo.row(/^Completed.*The first one/).waitFor();
      assert.match((await demo.rows.first().textContent()) ?? '', /The first one/);
    }));

  it('is used on a phone: the session slides over the list', () =>
    browser.withPage(async ({ page }) => {
      const demo = new DemoPage(page);
      await page.getByRole('combobox', { name: 'Example graph' }).selectOption('Ask for consent');
      await demo.run();
      await demo.question('Permission').getByRole('button', { name: 'Allow', exact: true }).tap();
      await demo.node('Summary', 'Completed');
      await page.getByRole('button', { name: 'Back to the list' }).tap();
      await demo.row(/Completed.*Ask for consent/).tap();
      await demo.status('Completed');
      await demo.panel.getByText('Answered: Allowed').waitFor();
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.equal(overflow, 0, 'nothing sticks out at the side');
    }, PHONE));

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`has no accessibility violations, ${colorScheme}`, () =>
      browser.withPage(
        async ({ page }) => {
          const demo = new DemoPage(page);
          await demo.selectExample('Two questions at once');
          await demo.run();
          await demo.question('Where to').waitFor();
          await demo.node('Weather notes', 'Completed');
          assert.deepEqual(await axeViolations(page), []);
        },
        { colorScheme, reducedMotion: 'reduce' },
      ));
  }
});

/** Presses Tab until an element has the focus. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let step = 0; step < 60; step += 1) {
    if (await target.evaluate((element) => element.matches(':focus'))) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`Tab never reaches ${target}`);
}
