import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { CountingProxy } from '../support/counting-proxy.js';
import { DemoBrowser } from '../support/demo-browser.js';
import { DemoPage } from '../support/demo-page.js';

/** Runs first in each page: in a headless browser all pages count as visible. */
const EMULATE_VISIBILITY = `
  let isVisible = true;
  Object.defineProperty(document, 'visibilityState', { get: () => (isVisible ? 'visible' : 'hidden') });
  Object.defineProperty(document, 'hidden', { get: () => !isVisible });
  addEventListener('test-visibility', ({ detail }) => {
    isVisible = detail;
    document.dispatchEvent(new Event('visibilitychange'));
    if (isVisible) dispatchEvent(new Event('focus'));
  });
`;

/** The tabs of one window: one of them is in front. */
class Tabs {
  readonly all: DemoPage[] = [];
  readonly #context: BrowserContext;
  readonly #url: string;

  constructor(context: BrowserContext, url: string) {
    this.#context = context;
    this.#url = url;
  }

  /** Opens a tab in front of the others. */
  async open(): Promise<DemoPage> {
    await this.#hideAllBut(undefined);
    return this.openWindow();
  }

  /** Opens another window. */
  async openWindow(): Promise<DemoPage> {
    const page = await this.#context.newPage();
    await page.goto(this.#url);
    const demo = new DemoPage(page);
    this.all.push(demo);
    await demo.panel.getByText('Live', { exact: true }).waitFor();
    return demo;
  }

  /** Focuses a tab. */
  async show(demo: DemoPage): Promise<void> {
    await this.#hideAllBut(demo);
    await setVisible(demo.page, true);
    await demo.page.bringToFront();
  }

  async close(demo: DemoPage): Promise<void> {
    this.all.splice(this.all.indexOf(demo), 1);
    await demo.page.close();
  }

  async #hideAllBut(front: DemoPage | undefined): Promise<void> {
    await Promise.all(this.all.filter((demo) => demo !== front).map(({ page }) => setVisible(page, false)));
  }
}

async function setVisible(page: Page, isVisible: boolean): Promise<void> {
  await page.evaluate((detail) => dispatchEvent(new CustomEvent('test-visibility', { detail })), isVisible);
}

async function rowCount(demo: DemoPage, count: number): Promise<void> {
  await demo.rows.nth(count - 1).waitFor();
  await demo.rows.nth(count).waitFor({ state: 'detached' });
}

describe('the demo in many tabs of one browser, over HTTP/1.1', () => {
  let browser: DemoBrowser;
  let proxy: CountingProxy;

  before(async () => {
    browser = await DemoBrowser.start();
  });
  after(() => browser.stop());
  beforeEach(async () => {
    proxy = await CountingProxy.start(browser.server.url);
  });
  afterEach(() => proxy.close());

  function withTabs(body: (tabs: Tabs, allowConsole: (pattern: RegExp) => void) => Promise<void>) {
    return browser.withTabs(async ({ context, allowConsole }) => {
      await context.addInitScript(EMULATE_VISIBILITY);
      await body(new Tabs(context, proxy.url), allowConsole);
    });
  }

  it('six tabs work, each with its own session, over one connection for the list', () =>
    withTabs(async (tabs, allowConsole) => {
      const subjects = ['Rain', 'Snow', 'Fog', 'Hail', 'Wind', 'Dew'];
      for (const _ of subjects) {
        const demo = await tabs.open();
        await demo.run();
        await demo.question('Topic').waitFor();
      }
      for (const demo of tabs.all) await rowCount(demo, 6);
      assert.equal(proxy.lists.opened, 1, 'connections for the list');
      assert.ok(proxy.sessions.peak <= 5, `${proxy.sessions.peak} streams`);

      for (const [position, demo] of tabs.all.entries()) {
        await tabs.show(demo);
        await demo.answerText('Topic', subjects[position] ?? '');
        // The next question comes over the session's own stream.
        await demo.question('Stanzas').waitFor();
      }
      for (const subject of subjects) {
        for (const demo of tabs.all) await demo.row(new RegExp(`Haiku · ${subject}`)).waitFor();
      }
      assert.equal(proxy.lists.opened, 1);

      const [first, second] = tabs.all;
      assert.ok(first !== undefined && second !== undefined);
      await tabs.show(second);
      await second.chooseForSession('Delete…');
      await second.page.getByRole('alertdialog').getByRole('button', { name: 'Delete session' }).click();
      for (const demo of tabs.all) await rowCount(demo, 5);

      await tabs.close(first);
      await tabs.show(second);
      await second.run();
      for (const demo of tabs.all) await rowCount(demo, 6);
      assert.deepEqual([proxy.lists.open, proxy.lists.opened], [1, 2]);

      allowConsole(/net::ERR_/);
      await browser.server.kill();
      await second.panel
        .getByText(/^Reconnecting/)
        .first()
        .waitFor();
      await browser.server.restart();
      for (const [position, demo] of tabs.all.entries()) {
        await tabs.show(demo);
        await demo.panel.getByText('Live', { exact: true }).waitFor();
        if (demo === second) await demo.answerText('Topic', 'Ice');
        else await demo.answerText('Stanzas', `${position}`);
        await demo.question(demo === second ? 'Stanzas' : 'Mood').waitFor();
      }
      assert.equal(proxy.lists.open, 1);
    }));

  it('an answer in one window shows at once in another that watches the same session', () =>
    withTabs(async (tabs) => {
      const left = await tabs.openWindow();
      const right = await tabs.openWindow();
      await left.selectExample('Ask for consent');
      await right.selectExample('Ask for consent');
      await left.run();
      await right.row(/Ask for consent/).click();
      await right.question('Permission').waitFor();
      await left.question('Permission').getByRole('button', { name: 'Allow', exact: true }).click();
      await right.question('Permission').waitFor({ state: 'detached' });
      await right.node('Summary', 'Completed');
      await right.panel.getByText('Answered: Allowed').waitFor();
    }));

  it('a background tab shows that it is paused, and gets all missed events when it is focused', () =>
    withTabs(async (tabs) => {
      const first = await tabs.open();
      await first.run();
      await first.question('Topic').waitFor();
      // The list and five sessions are one too many: the session of the least recently used tab pauses.
      for (let count = 0; count < 4; count += 1) {
        const demo = await tabs.open();
        await demo
          .row(/Needs input.*What is the topic/)
          .first()
          .click();
        await demo.question('Topic').waitFor();
      }
      await first.panel.getByText('Paused here while you work in another tab.').waitFor();
      const last = tabs.all.at(-1);
      assert.ok(last !== undefined);
      await last.answerText('Topic', 'Thunder');
      await first.row(/Haiku · Thunder/).waitFor();
      assert.equal(await first.panel.getByText('Answered: Thunder').count(), 0, 'it is paused');
      await tabs.show(first);
      await first.question('Stanzas').waitFor();
      await first.panel.getByText('Answered: Thunder').waitFor();
      assert.equal(await first.panel.getByText('Answered: Thunder').count(), 1);
      assert.equal(await first.panel.getByText('Paused while').count(), 0);
    }));

  it('continues when the tab with the connection hangs, which catches up when it runs again', () =>
    withTabs(async (tabs) => {
      const first = await tabs.open();
      const second = await tabs.open();
      await first.selectExample('Order form');
      await second.selectExample('Order form');
      const before = proxy.lists.opened;
      await tabs.show(second);
      // Unlike a frozen tab it got no notice before.
      const isHanging = first.page.waitForEvent('console');
      const hanging = first.page.evaluate(() => {
        console.log('hangs');
        for (const end = Date.now() + 10_000; Date.now() < end;);
      });
      await isHanging;
      await setVisible(second.page, true);
      await second.run();
      // The tab itself knows only that it has started one.
      await second.row(/Needs input/).waitFor();
      assert.equal(proxy.lists.opened, before + 1);
      await hanging;
      await first.row(/Needs input/).waitFor();
    }));

  it('six tabs work with six different graphs, whose lists need a connection each', () =>
    withTabs(async (tabs) => {
      const examples = [
        ['Haiku', 'Topic'],
        ['Two questions at once', 'Where to'],
        ['Ask for consent', 'Permission'],
        ['Multiple choice', 'Toppings'],
        ['Order form', 'Order'],
        ['A long run', 'Collect notes'],
      ] as const;
      for (const [title] of examples) {
        const demo = await tabs.open();
        await demo.selectExample(title);
        await demo.run();
        await demo.rows.first().waitFor();
      }
      for (const [position, [, node]] of examples.entries()) {
        const demo = tabs.all[position];
        assert.ok(demo !== undefined);
        await tabs.show(demo);
        await demo.panel.getByText('Live', { exact: true }).waitFor();
        if (position < 5) await demo.question(node).waitFor();
        await demo.panel.getByRole('button', { name: 'Cancel run', exact: true }).click();
        await demo.page.getByRole('alertdialog').getByRole('button', { name: 'Cancel run' }).click();
        await demo.status('Cancelled');
        await demo
          .row(/Cancelled/)
          .first()
          .waitFor();
      }
    }));
});
