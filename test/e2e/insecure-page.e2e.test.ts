import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { browserArguments } from '../../scripts/find-browser.mjs';
import { CountingProxy } from '../support/counting-proxy.js';
import { DemoBrowser } from '../support/demo-browser.js';
import { DemoPage } from '../support/demo-page.js';

/** A name that the browser knows, and that is not this machine's own: its pages are not secure over plain HTTP. */
const HOST = 'editor.test';
/** Far longer than it takes (a second or two): other tests may run at the same time. Starved, it never happens. */
const LIMIT_MS = 15_000;
const WINDOWS = 8;

describe(`the demo in ${WINDOWS} windows side by side, over plain HTTP/1.1 and not from localhost`, () => {
  let browser: DemoBrowser;
  let proxy: CountingProxy;

  before(async () => {
    const args = [...browserArguments(), `--host-resolver-rules=MAP ${HOST} 127.0.0.1`];
    browser = await DemoBrowser.start({ launch: { args } });
    proxy = await CountingProxy.start(browser.server.url, HOST);
  });
  after(async () => {
    await proxy.close();
    await browser.stop();
  });

  it('answers arrive and all lists follow, also when the window with the list closes', () =>
    browser.withTabs(async ({ context }) => {
      const windows: DemoPage[] = [];
      for (let count = 0; count < WINDOWS; count += 1) {
        const page = await context.newPage();
        await page.goto(proxy.url);
        assert.equal(await page.evaluate('isSecureContext || "locks" in navigator'), false);
        assert.equal(await page.evaluate('document.visibilityState'), 'visible');
        const demo = new DemoPage(page);
        await demo.panel.getByText('Live', { exact: true }).waitFor();
        await demo.run();
        await demo.question('Topic').waitFor();
        windows.push(demo);
      }
      const [first] = windows;
      assert.ok(first !== undefined);
      const inAll = async (text: RegExp) => {
        await Promise.all(windows.map((demo) => demo.row(text).first().waitFor({ timeout: LIMIT_MS })));
      };

      await first.question('Topic').getByRole('textbox').fill('Rain');
      const answered = first.page.waitForResponse(/:resume$/, { timeout: LIMIT_MS });
      await first.question('Topic').getByRole('button', { name: /^Send/ }).click();
      assert.equal((await answered).status(), 200);
      await inAll(/Haiku · Rain/);
      assert.ok(proxy.streams.peak <= 5, `${proxy.streams.peak} streams at once`);
      assert.ok(proxy.streams.open <= 4, `${proxy.streams.open} streams`);
      assert.equal(proxy.lists.open, 1);

      // The list was opened by the first window.
      windows.shift();
      await first.page.close();
      await windows.at(0)?.run();
      for (const { rows } of windows) await rows.nth(WINDOWS).waitFor({ timeout: LIMIT_MS });
      assert.equal(proxy.lists.open, 1);
    }));
});
