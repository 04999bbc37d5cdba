import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { CountingProxy } from '../support/counting-proxy.js';
import { DemoBrowser } from '../support/demo-browser.js';
import { DemoPage } from '../support/demo-page.js';

/** A graph of one question, in the list that the demo shows first. */
async function ask(url: string, prompt: string): Promise<string> {
  const nodes = [{ id: 'ask', type: 'ask-text', configuration: { prompt, inputType: 'edit_note' } }];
  const response = await fetch(new URL('/v1beta1/graphSessions/new', url), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ graphId: 'haiku', graph: { nodes } }),
  });
  assert.equal(response.status, 200);
  return ((await response.json()) as { readonly sessionId: string }).sessionId;
}

/** The view of the open session in a tab. */
const CARDS = `all('sessions-panel-question').length`;
const TYPED = `all('sessions-panel-question textarea, textarea').map(({ value }) => value).join('|')`;
const typeText = (text: string) =>
  `all('textarea').forEach((field) => {
    field.value = ${JSON.stringify(text)};
    field.dispatchEvent(new Event('input', { bubbles: true }));
  })`;

describe('tabs that the browser puts to sleep', () => {
  let browser: DemoBrowser;
  let proxy: CountingProxy;

  before(async () => {
    browser = await DemoBrowser.start({
      launch: { ignoreDefaultArgs: ['--disable-back-forward-cache', '--disable-renderer-backgrounding'] },
    });
  });
  after(() => browser.stop());
  beforeEach(async () => {
    proxy = await CountingProxy.start(browser.server.url);
  });
  afterEach(() => proxy.close());

  it('that return from the back/forward cache continue with all missed events, once', () =>
    browser.withTabs(async ({ context }) => {
      await context.addInitScript(() => {
        addEventListener('pageshow', ({ persisted }) => {
          Object.assign(globalThis, { wasCached: persisted });
        });
      });
      const page = await context.newPage();
      await page.goto(proxy.url);
      const demo = new DemoPage(page);
      await demo.run();
      await demo.question('Topic').getByRole('textbox').fill('Sno');
      const other = await context.newPage();
      await other.goto(proxy.url);
      const there = new DemoPage(other);
      await there.row(/Needs input/).click();
      await there.question('Topic').waitFor();

      await page.bringToFront();
      await page.goto(`${browser.server.url}html-frame.html`);
      await other.bringToFront();
      await there.answerText('Topic', 'Snow');
      await there.question('Stanzas').getByRole('textbox').fill('Thr');
      // No load happens, for which Playwright would wait.
      await page.goBack({ waitUntil: 'commit' });
      await page.waitForFunction(() => (globalThis as { wasCached?: boolean }).wasCached === true);

      await demo.question('Stanzas').waitFor();
      assert.equal(await demo.question('Stanzas').getByRole('textbox').inputValue(), 'Thr');
      assert.equal(await demo.question('Topic').count(), 0);
      assert.equal(await demo.panel.getByText('Answered: Snow').count(), 1);
      await demo.row(/Haiku · Snow/).waitFor();
      assert.equal(await demo.rows.count(), 1);
      await demo.answerText('Stanzas', 'Three');
      await there.question('Mood').waitFor();
      await demo.panel.getByText('Live', { exact: true }).waitFor();
      assert.equal(proxy.lists.open, 1);
    }));

  it('frozen with the connection for the list: another takes over, and it gets all missed events, once', async (t) => {
    const tabs = await browser.openWindow();
    t.after(() => tabs.close());
    await ask(proxy.url, 'Before?');
    const first = await tabs.newTab(proxy.url);
    await first.until(first.times('Before?'), 1);
    await first.evaluate(`document.addEventListener('resume', () => { globalThis.wasFrozen = true; }) ?? 0`);
    await first.press('Before?');
    await first.until(CARDS, 1);
    const second = await tabs.newTab(proxy.url);
    const third = await tabs.newTab(proxy.url);
    for (const tab of [second, third]) await tab.until(`textOf(document.body).includes('Before?')`);
    assert.deepEqual(
      await Promise.all([first, second, third].map((tab) => tab.evaluate('document.visibilityState'))),
      ['hidden', 'hidden', 'visible'],
    );
    assert.equal(proxy.lists.opened, 1);

    await first.freeze();
    await ask(proxy.url, 'While frozen?');
    await second.show();
    await second.until(second.times('While frozen?'), 1);
    assert.equal(await first.evaluate(first.times('While frozen?')), 0, 'it does not run');
    await second.press('Before?');
    await second.until(CARDS, 1);
    await second.evaluate(typeText('Typed meanwhile'));

    await first.thaw();
    await first.until(first.times('While frozen?'), 1);
    await first.until(TYPED, 'Typed meanwhile');
    assert.equal(await first.evaluate('globalThis.wasFrozen'), true, 'it was really frozen');
    await first.show();
    await first.press('Send');
    for (const tab of [first, second]) await tab.until(CARDS, 0);
    await ask(proxy.url, 'Afterwards?');
    for (const tab of [first, second, third]) {
      await tab.until(tab.times('Afterwards?'), 1);
      await tab.until(tab.times('While frozen?'), 1);
    }
    assert.equal(proxy.lists.open, 1);
    assert.ok(proxy.lists.opened <= 3, `${proxy.lists.opened} connections for the list`);
  });
});
