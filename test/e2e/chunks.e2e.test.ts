import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page, Route } from 'playwright-core';
import { buildChunks } from '../support/chunks.js';
import { BASE_PATH, Site, sitePage } from '../support/site.js';

/** The chunk of an opened session. */
const SESSION = /\/session-elements-\w+\.js/;
/** The chunk that formats Markdown. */
const MARKDOWN = /\/markdown-\w+\.js/;
/** The chunk of the dialogs. */
const DIALOGS = /\/dialogs-\w+\.js/;
/** The chunk that reads the stream of a session. */
const STREAM = /\/session-stream-\w+\.js/;
/** The chunk of what the actions need for an opened session. */
const TOOLS = /\/session-tools-\w+\.js/;
/** The chunk for servers older than version 1 of the protocol. */
const LEGACY = /\/legacy-mode-\w+\.js/;
/** The chunk that is loaded ahead last. */
const LAST = /\/rerun-dialog-\w+\.js/;
/** What the browser and the panel log about a chunk that cannot be loaded. */
const FAILED = /Failed to load resource|could not be loaded/;

describe('an application with a chunk for each part of the panel', () => {
  let site: Site;

  before(async () => {
    const { files, entry } = await buildChunks();
    const body = `<script type="module" src="/${entry}"></script>
      <sessions-panel endpoint="${BASE_PATH}" graph-id="haiku"></sessions-panel>`;
    site = await Site.start(
      new Map([
        ['/', sitePage(body)],
        ...[...files].map(([name, text]): [string, string] => [`/${name}`, text]),
      ]),
    );
    await site.createSession();
  });
  after(() => site.stop());

  const row = (page: Page) => page.getByRole('button', { name: /^Needs input/ });
  const field = (page: Page) => page.getByRole('group', { name: 'Question · Topic' }).getByRole('textbox');
  const view = (page: Page) => page.locator('sessions-panel-view');

  /** Holds the requests for a chunk until the returned function is called. */
  async function hold(page: Page, chunk: RegExp): Promise<() => Promise<void>> {
    const held: Route[] = [];
    let isHeld = true;
    await page.route(chunk, (route) => (isHeld ? void held.push(route) : route.continue()));
    return async () => {
      isHeld = false;
      await Promise.all(held.map((route) => route.continue()));
    };
  }

  it('loads the rest of the panel when the page is idle, and opens a session without a request', async () => {
    await site.withPage(async ({ page }) => {
      site.requested.length = 0;
      const loaded = [MARKDOWN, LAST].map((chunk) =>
        page.waitForEvent('requestfinished', (request) => chunk.test(request.url())),
      );
      await page.goto(site.url);
      await Promise.all(loaded);
      // What the last one imports has been requested by the time when the page is idle.
      await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
      const count = site.requested.length;
      assert.ok(count > 5);
      await row(page).click();
      await field(page).waitFor();
      assert.equal(site.requested.length, count);
    });
  });

  it('keeps the place and the keys of a session whose code is being loaded, and then shows it', async () => {
    await site.withPage(async ({ page }) => {
      const release = await hold(page, SESSION);
      await page.goto(site.url);
      await page.evaluate(() => {
        document.addEventListener('session-connect', (event) => {
          document.title = `connect ${'sessionId' in event}`;
        });
      });
      await row(page).click();
      assert.equal(await page.title(), 'connect true');
      await page.getByText('Loading…', { exact: true }).waitFor();
      const before = await view(page).boundingBox();
      // The next question is asked for, and typed into as soon as it is there.
      await page.keyboard.press('n');
      await release();
      await field(page).waitFor();
      assert.deepEqual(await view(page).boundingBox(), before);
      assert.equal(await page.getByText('Loading…', { exact: true }).count(), 0);
      await page.waitForFunction(() => {
        let element = document.activeElement;
        while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
        return element?.localName === 'textarea' || element?.localName === 'input';
      });
      await page.keyboard.type('Rain');
      assert.equal(await field(page).inputValue(), 'Rain');
    });
  });

  it('a narrow panel goes back to the list with Escape while a session is being loaded', async () => {
    await site.withPage(async ({ page }) => {
      await page.setViewportSize({ width: 400, height: 700 });
      const release = await hold(page, SESSION);
      await page.goto(site.url);
      await row(page).click();
      await page.getByText('Loading…', { exact: true }).waitFor();
      await page.keyboard.press('Escape');
      await row(page).waitFor();
      await page.keyboard.press('Enter');
      await page.getByText('Loading…', { exact: true }).waitFor();
      await release();
      await page.getByRole('heading', { name: /Haiku/ }).waitFor();
      const focused = await page.evaluate(() => {
        let element = document.activeElement;
        while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
        return element?.localName;
      });
      assert.equal(focused, 'h3');
    });
  });

  it('says that a part could not be loaded, and requests it again when a person tries again', async () => {
    await site.withPage(async ({ page, allowConsole }) => {
      allowConsole(FAILED);
      let requests = 0;
      let isBroken = true;
      await page.route(SESSION, (route) => {
        requests += 1;
        return isBroken ? route.abort() : route.continue();
      });
      const calls: string[] = [];
      page.on('request', (request) => {
        if (request.method() !== 'GET') calls.push(request.url());
      });
      await page.goto(site.url);
      await row(page).click();
      const notice = page
        .getByRole('status')
        .filter({ hasText: 'This part of the panel could not be loaded.' });
      await notice.waitFor();
      const before = requests;
      const again = notice.getByRole('button', { name: 'Try again' });
      await again.click();
      await notice.getByText('reload the page').waitFor();
      assert.ok(requests > before, 'the chunk is requested again');
      isBroken = false;
      await again.click();
      await field(page).waitFor();
      assert.deepEqual(calls, [], 'the run is not touched');
    });
  });

  it('requests a part again by itself when the server is there again, and keeps the focus in the session', async () => {
    await site.withPage(async ({ page, allowConsole }) => {
      allowConsole(/Failed to load resource|could not be loaded|no connection/);
      await page.route(SESSION, (route) => route.abort());
      await page.goto(site.url);
      await row(page).click();
      await page.getByRole('button', { name: 'Try again' }).focus();
      await page.context().setOffline(true);
      await page.getByText('Offline', { exact: true }).waitFor();
      await page.unroute(SESSION);
      await page.context().setOffline(false);
      await field(page).waitFor();
      const isInSession = await view(page).evaluate((element) => element.matches(':focus-within'));
      assert.equal(isInSession, true);
    });
  });

  it('shows the source of Markdown while its parser is missing, and formats it when it is there', async () => {
    await site.withPage(async ({ page, allowConsole }) => {
      allowConsole(FAILED);
      let isBroken = true;
      await page.route(MARKDOWN, (route) => (isBroken ? route.abort() : route.continue()));
      const last = page.waitForEvent('requestfinished', (request) => LAST.test(request.url()));
      await page.goto(site.url);
      // What the idle page loads ahead would try again, too.
      await last;
      await row(page).click();
      const card = page.getByRole('group', { name: 'Question · Topic' });
      await card.getByText('**Which** topic?').waitFor();
      await field(page).fill('Rain');
      isBroken = false;
      await card.getByRole('button', { name: 'Try again' }).click();
      await card.locator('strong', { hasText: 'Which' }).waitFor();
      assert.equal(await field(page).inputValue(), 'Rain');
    });
  });

  it('a dialog that a key asked for opens when its code is there', async () => {
    await site.withPage(async ({ page }) => {
      const release = await hold(page, DIALOGS);
      await page.goto(site.url);
      await row(page).focus();
      await page.keyboard.press('?');
      const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
      assert.equal(await dialog.count(), 0);
      await release();
      await dialog.waitFor();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
    });
  });

  it('says that the code of a dialog could not be loaded, and opens it when a person asks again', async () => {
    await site.withPage(async ({ page, allowConsole }) => {
      allowConsole(FAILED);
      await page.route(DIALOGS, (route) => route.abort());
      await page.goto(site.url);
      await row(page).focus();
      await page.keyboard.press('?');
      await page.getByRole('alert').filter({ hasText: 'could not be loaded' }).waitFor();
      await page.unroute(DIALOGS);
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    });
  });

  it('connects to a session as soon as the code that reads it can be loaded', async () => {
    await site.withPage(async ({ page, allowConsole }) => {
      allowConsole(FAILED);
      let requests = 0;
      await page.route(STREAM, (route) => {
        requests += 1;
        return requests < 3 ? route.abort() : route.continue();
      });
      await page.goto(site.url);
      await row(page).click();
      await field(page).waitFor();
      assert.ok(requests >= 3);
    });
  });

  it('says that a session could not be read without its code, and reads it when a person tries again', async () => {
    await site.withPage(async ({ page, allowConsole }) => {
      allowConsole(FAILED);
      await page.route(TOOLS, (route) => route.abort());
      const last = page.waitForEvent('requestfinished', (request) => LAST.test(request.url()));
      await page.goto(site.url);
      // What the idle page loads ahead would try again, too.
      await last;
      await row(page).click();
      const again = view(page).getByRole('button', { name: 'Try again' });
      await again.waitFor();
      await page.unroute(TOOLS);
      await again.click();
      await field(page).waitFor();
    });
  });

  it('says that the inbox could not be loaded, and opens it when a person tries again', async () => {
    await site.withPage(async ({ page, allowConsole }) => {
      allowConsole(FAILED);
      await page.route(TOOLS, (route) => route.abort());
      const last = page.waitForEvent('requestfinished', (request) => LAST.test(request.url()));
      await page.goto(site.url);
      // What the idle page loads ahead would try again, too.
      await last;
      await page.getByRole('button', { name: '1 needs input' }).click();
      const inbox = page.locator('sessions-panel-inbox');
      const again = inbox.getByRole('button', { name: 'Try again' });
      await again.waitFor();
      await page.unroute(TOOLS);
      await again.click();
      await inbox.getByRole('textbox').waitFor();
    });
  });

  for (const [name, chunk] of [
    ['inbox', /\/inbox-elements-\w+\.js/],
    ['timeline', /\/timeline-elements-\w+\.js/],
  ] as const) {
    it(`shows the ${name} when its code arrives after a failure that the browser remembers`, async () => {
      await site.withPage(async ({ page, allowConsole }) => {
        allowConsole(FAILED);
        let requests = 0;
        // As Firefox before 155: the same address is never requested again.
        await page.route(chunk, (route) => {
          requests += 1;
          return route.request().url().includes('again=') ? route.continue() : route.abort();
        });
        const last = page.waitForEvent('requestfinished', (request) => LAST.test(request.url()));
        await page.goto(site.url);
        await last;
        if (name === 'inbox') await page.getByRole('button', { name: '1 needs input' }).click();
        else {
          await row(page).click();
          await page.getByRole('tab', { name: 'Timeline' }).click();
        }
        const tag = name === 'inbox' ? 'sessions-panel-inbox' : 'sessions-panel-timeline';
        await page.waitForFunction((wanted) => customElements.get(wanted) !== undefined, tag);
        assert.ok(requests >= 2);
      });
    });
  }

  it('does not load the mode for older servers', async () => {
    await site.withPage(async ({ page }) => {
      site.requested.length = 0;
      await page.goto(site.url);
      await row(page).click();
      await field(page).waitFor();
      assert.deepEqual(
        site.requested.filter((address) => LEGACY.test(address)),
        [],
      );
    });
  });
});
