/** Looking back at a run of the demo: by keyboard, by pointer, and by a link. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { DemoBrowser } from '../support/demo-browser.js';
import { DemoPage } from '../support/demo-page.js';

describe('looking back in the demo', () => {
  let browser: DemoBrowser;
  before(async () => {
    browser = await DemoBrowser.start();
  });
  after(() => browser.stop());

  /** Runs the haiku up to its second question. */
  async function asked(page: Page): Promise<DemoPage> {
    const demo = new DemoPage(page);
    await demo.run();
    await demo.answerText('Topic', 'The sea');
    // The next question takes the focus after an answer.
    await demo.question('Stanzas').locator(':focus').waitFor();
    // For 200 ms, its card keeps keys from what they were not meant for.
    const focusedMs = await page.evaluate(() => performance.now());
    await page.waitForFunction((ms) => performance.now() > ms + 250, focusedMs);
    return demo;
  }

  const slider = (page: Page) => page.getByRole('slider', { name: 'Moment of the run' });

  it('goes by keyboard to an earlier moment, where the canvas shows the nodes as they were, and back', () =>
    browser.withPage(async ({ page }) => {
      const demo = await asked(page);
      await demo.node('Topic', 'Completed');
      await page.getByRole('tab', { name: 'Activity' }).focus();
      await page.keyboard.press('t');
      assert.equal(await slider(page).getAttribute('aria-valuetext'), 'Live, Stanzas asks');
      await page.keyboard.press('Home');
      await page.keyboard.press(']');
      await page.keyboard.press(']');
      await demo.node('Topic', 'Needs input');
      await page.getByText('Answered later: The sea').waitFor();
      assert.equal(await demo.question('Stanzas').isVisible(), false);
      await page.keyboard.press('Escape');
      await demo.node('Topic', 'Completed');
      await demo.question('Stanzas').waitFor();
    }));

  it('goes by pointer along the axis of the timeline, plays to the newest event, and answers then', () =>
    browser.withPage(async ({ page }) => {
      const demo = await asked(page);
      await page.getByRole('tab', { name: 'Timeline' }).click();
      const box = await slider(page).boundingBox();
      assert.ok(box !== null);
      await page.mouse.move(box.x + box.width * 0.3, box.y + 10);
      await page.mouse.down();
      await page.mouse.move(box.x + 4, box.y + 10, { steps: 5 });
      await page.mouse.up();
      await demo.node('Topic', '(Not started|Running|Needs input)');
      await page.getByRole('button', { name: 'Speed: 1×' }).click();
      await page.getByRole('button', { name: 'Speed: 4×' }).click();
      await page.getByRole('button', { name: 'Play', exact: true }).click();
      await demo.node('Topic', 'Completed');
      await demo.question('Stanzas').waitFor();
      assert.equal(await page.getByRole('button', { name: 'Play', exact: true }).isVisible(), true);
    }));

  it('opens a copied link at the moment, and a reload stays there', () =>
    browser.withPage(async ({ page }) => {
      const demo = await asked(page);
      await page.getByRole('tab', { name: 'Activity' }).focus();
      await page.keyboard.press('[');
      await page.getByRole('button', { name: 'Copy link to this moment' }).waitFor();
      const { hash } = new URL(page.url());
      await page.goto(`${page.url().replace(hash, '')}${hash}&moment=1`);
      await page.reload();
      await page.getByRole('button', { name: /^Return to live/ }).waitFor();
      await demo.node('Topic', 'Running');
      await page.getByRole('button', { name: /^Return to live/ }).click();
      await demo.node('Topic', 'Completed');
      await page.waitForURL((url) => !url.hash.includes('moment'));
    }));
});
