import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Frame, Page } from 'playwright-core';
import type { HtmlFrame } from '../../src/elements/content/html-frame.js';
import { DemoBrowser } from '../support/demo-browser.js';

const FRAME_PATH = '/html-frame.html';

describe('the frame that a host serves for pages of a run', () => {
  let browser: DemoBrowser;

  before(async () => {
    browser = await DemoBrowser.start();
  });

  after(() => browser.stop());

  it('shows another page without being loaded again', () =>
    browser.withPage(async ({ page }) => {
      await showPage(page, '<h1>First</h1>');
      await framed(page).getByRole('heading', { name: 'First' }).waitFor();
      await innerFrame(page).evaluate(() => Object.assign(globalThis, { isSame: true }));
      await setPage(page, '<style>h1 { color: rgb(1, 2, 3) }</style><h1 style="margin: 7px">Second</h1>');
      const heading = framed(page).getByRole('heading', { name: 'Second' });
      await heading.waitFor();
      const style = await heading.evaluate((element) => {
        const { color, margin } = getComputedStyle(element);
        return { color, margin };
      });
      assert.deepEqual(style, { color: 'rgb(1, 2, 3)', margin: '7px' });
      assert.equal(await framed(page).getByRole('heading').count(), 1);
      assert.equal(await innerFrame(page).evaluate('isSame'), true);
    }));

  it('shows its page again after it was moved', () =>
    browser.withPage(async ({ page }) => {
      await showPage(page, '<h1>Moved</h1>');
      await framed(page).getByRole('heading', { name: 'Moved' }).waitFor();
      await page.evaluate(() => {
        const parent = document.createElement('main');
        parent.append(document.querySelector('sessions-panel-page')!);
        document.body.append(parent);
      });
      await page.locator('main iframe').waitFor();
      await framed(page).getByRole('heading', { name: 'Moved' }).waitFor();
    }));

  it('is not sent the page once it shows something else', () =>
    browser.withPage(async ({ page }) => {
      await showPage(page, '<h1>Secret</h1>');
      await framed(page).getByRole('heading', { name: 'Secret' }).waitFor();
      await page.evaluate(() => {
        document.querySelector('iframe')!.src = '/page.css';
      });
      await page.getByText('not available here').waitFor();
      assert.equal(await page.locator('iframe').count(), 0);
    }));

  it('follows links within the page only', () =>
    browser.withPage(async ({ page }) => {
      await showPage(
        page,
        `<a href="#end">down</a><div style="height: 3000px"></div><h2 id="end">The end</h2>`,
      );
      const entries = await page.evaluate(() => history.length);
      await framed(page).getByText('down').click();
      await innerFrame(page).waitForFunction(() => scrollY > 1000);
      assert.equal(await page.evaluate(() => history.length), entries);
    }));

  it('shows nothing to a page that loads it without a sandbox', () =>
    browser.withPage(async ({ page }) => {
      await page.route(`**${FRAME_PATH}`, async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, headers: { 'content-type': 'text/html' } });
      });
      await page.evaluate(async (url) => {
        const frame = document.createElement('iframe');
        frame.src = url;
        document.body.replaceChildren(frame);
        await new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
        frame.contentWindow!.postMessage('<h1>Forged</h1>', '*');
        // Messages are delivered in their order.
        await new Promise((resolve) => {
          frame.contentWindow!.addEventListener('message', ({ data }) => data === 0 && resolve(undefined));
          frame.contentWindow!.postMessage(0, '*');
        });
      }, FRAME_PATH);
      assert.equal(await page.frameLocator('iframe').locator('h1').count(), 0);
    }));
});

function framed(page: Page) {
  return page.frameLocator('iframe');
}

function innerFrame(page: Page): Frame {
  const frame = page.frames()[1];
  assert.ok(frame);
  return frame;
}

/** Replaces the demo by one frame. */
async function showPage(page: Page, source: string): Promise<void> {
  await page.evaluate(
    ({ source, frameUrl }) => {
      const element = document.createElement('sessions-panel-page');
      Object.assign(element, { page: source, frameUrl });
      document.body.replaceChildren(element);
    },
    { source, frameUrl: FRAME_PATH },
  );
}

async function setPage(page: Page, source: string): Promise<void> {
  await page.evaluate((text) => {
    document.querySelector<HtmlFrame>('sessions-panel-page')!.page = text;
  }, source);
}
