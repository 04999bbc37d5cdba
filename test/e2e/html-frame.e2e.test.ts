import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Frame, Page } from 'playwright-core';
import type { HtmlFrame } from '../../src/elements/content/page/html-frame.js';
import { DemoBrowser } from '../support/demo-browser.js';

const FRAME_PATH = '/html-frame.html';

const AWAY = 'https://away.invalid/';

/** A page with every way out of its frame. */
const LEAVING_PAGE = `
  <base href="${AWAY}" target="_top"><meta http-equiv="refresh" content="0;url=${AWAY}refresh">
  <link rel="stylesheet" href="${AWAY}style"><iframe src="${AWAY}frame"></iframe><object data="${AWAY}object"></object>
  <embed src="${AWAY}embed"><img src="${AWAY}img" srcset="${AWAY}srcset 2x"><video poster="${AWAY}poster"></video>
  <a id="link" href="${AWAY}link">link</a> <a id="part" href="#end">part</a> <a id="own" href="/">own</a>
  <a id="top" href="${AWAY}top" target="_top">top</a> <a id="blank" href="${AWAY}blank" target="_blank">blank</a>
  <svg width="60" height="20"><a id="svg" href="${AWAY}svg"><text y="15">svg</text></a></svg>
  <svg width="60" height="20"><a id="set"><set attributeName="href" to="${AWAY}set" /><text y="15">set</text></a></svg>
  <map><area id="area" href="${AWAY}area" shape="default"></map>
  <a id="ping" href="#end" ping="${AWAY}ping">ping</a> <a id="file" href="${AWAY}file" download="x">file</a>
  <form action="${AWAY}form"><button id="send" formaction="${AWAY}send">send</button></form>
  <p>The end</p>`;

/** Something that is not a page of a run. */
const OTHER_PATH = '/other.txt';
const serveOther = (page: Page) => page.route(`**${OTHER_PATH}`, (route) => route.fulfill({ body: 'other' }));

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
      await serveOther(page);
      await page.evaluate((path) => {
        document.querySelector('iframe')!.src = path;
      }, OTHER_PATH);
      await page.getByText('tried to leave its frame').waitFor();
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

  for (const frameUrl of [FRAME_PATH, null]) {
    const name = frameUrl === null ? 'a frame without a file of its own' : 'the file';
    it(`${name} shows its page after every click, and asks no server`, () =>
      browser.withPage(async ({ page, allowConsole }) => {
        // The policy reports what it stops.
        allowConsole(/Content Security Policy|sandboxed|Blocked form submission/);
        const asked: string[] = [];
        await page.context().route(`${AWAY}**`, async (route) => {
          asked.push(route.request().url());
          await route.abort();
        });
        await showPage(page, LEAVING_PAGE, frameUrl);
        const frame = framed(page);
        await frame.getByText('The end').waitFor();
        const { url } = browser.server;
        const documents: string[] = [];
        page.on('request', (request) => {
          if (request.resourceType() === 'document') documents.push(request.url());
        });
        for (const id of [
          'link',
          'part',
          'own',
          'top',
          'blank',
          'svg',
          'set',
          'area',
          'ping',
          'file',
          'send',
        ]) {
          await frame.locator(`#${id}`).dispatchEvent('click');
          await frame.locator(`#${id}`).evaluate((element) => {
            if (element instanceof HTMLElement) element.click();
          });
        }
        await frame.locator('#part').focus();
        await page.keyboard.press('Enter');
        await frame.locator('#part').click();
        await frame.locator('#link').click({ button: 'middle' });
        // A navigation that has started is over when a later request is answered.
        await page.evaluate((address) => fetch(address).then((response) => response.text()), url);
        assert.equal(await frame.getByText('The end').count(), 1);
        assert.deepEqual([asked, documents], [[], []]);
        assert.equal(page.context().pages().length, 1);
        assert.equal(new URL(page.url()).origin, new URL(url).origin);
      }));
  }

  it('says that a page has left its frame, however it did', () =>
    browser.withPage(async ({ page }) => {
      await showPage(page, '<h1>Here</h1>', null);
      await framed(page).getByRole('heading', { name: 'Here' }).waitFor();
      // Another page is not one that has left.
      await setPage(page, '<h1>There</h1>', true);
      await framed(page).getByRole('heading', { name: 'There' }).waitFor();
      await serveOther(page);
      await page.evaluate((path) => {
        document.querySelector('iframe')!.removeAttribute('srcdoc');
        document.querySelector('iframe')!.src = path;
      }, OTHER_PATH);
      await page.getByText('tried to leave its frame').waitFor();
      assert.equal(await page.locator('iframe').count(), 0);
      await setPage(page, '<h1>Back</h1>');
      await framed(page).getByRole('heading', { name: 'Back' }).waitFor();
    }));

  for (const [policies, isShown] of [
    ['', true],
    ["trusted-types lit-html graph-sessions-page 'allow-duplicates'", true],
    ['trusted-types lit-html', false],
  ] as const) {
    it(`under Trusted Types (“${policies}”) ${isShown ? 'is shown' : 'says that it is not'}`, () =>
      browser.withTabs(async ({ context, allowConsole }) => {
        const page = await context.newPage();
        await page.route(browser.server.url, async (route) => {
          const response = await route.fetch();
          const policy = `require-trusted-types-for 'script'; ${policies}`;
          await route.fulfill({
            response,
            headers: { ...response.headers(), 'content-security-policy': policy },
          });
        });
        // The demo itself, and the policy that is not allowed.
        allowConsole(/TrustedHTML|Trusted Type|TrustedTypePolicy/i);
        await page.goto(browser.server.url);
        await page.evaluate(() => customElements.whenDefined('sessions-panel-page').then(() => undefined));
        await showPage(page, '<h1>Trusted</h1>', null);
        if (isShown) await framed(page).getByRole('heading', { name: 'Trusted' }).waitFor();
        else await page.getByText('does not allow this page to be shown').waitFor();
        // With its own file it needs no policy.
        await showPage(page, '<h1>Own file</h1>');
        await framed(page).getByRole('heading', { name: 'Own file' }).waitFor();
      }));
  }

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
async function showPage(page: Page, source: string, frameUrl: string | null = FRAME_PATH): Promise<void> {
  await page.evaluate(
    ({ source, frameUrl }) => {
      const element = document.createElement('sessions-panel-page');
      Object.assign(element, { page: source, frameUrl });
      document.body.replaceChildren(element);
    },
    { source, frameUrl },
  );
}

/** Shows another page; with `isLoaded`, resolves once a new frame has loaded it, which is later than it is seen. */
async function setPage(page: Page, source: string, isLoaded = false): Promise<void> {
  await page.evaluate(
    async ({ text, isLoaded }) => {
      const loaded = new Promise((resolve) => {
        document.addEventListener('load', resolve, { capture: true, once: true });
      });
      document.querySelector<HtmlFrame>('sessions-panel-page')!.page = text;
      if (isLoaded) await loaded;
    },
    { text: source, isLoaded },
  );
}
