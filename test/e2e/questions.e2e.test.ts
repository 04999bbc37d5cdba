import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { DemoBrowser } from '../support/demo-browser.js';
import { DemoPage } from '../support/demo-page.js';

/** The text typed into a question. */
const typed = (demo: DemoPage, node: string) => demo.question(node).getByRole('textbox').inputValue();

/** Resolves when the condition is true. */
async function until<Value>(read: () => Promise<Value>, expected: Value): Promise<void> {
  for (const end = Date.now() + 15_000; (await read()) !== expected;) {
    assert.ok(Date.now() < end, `still ${String(await read())}, not ${String(expected)}`);
  }
}

interface LoggedEvent {
  readonly type: string;
  readonly nodeId?: string;
  readonly interactionId?: string;
}

/** The log of the opened session. */
async function logOf(demo: DemoPage): Promise<readonly LoggedEvent[]> {
  const sessionId = await demo.panel.locator('[part="session-meta"] code').getAttribute('title');
  const log = await demo.page.evaluate(async (id) => {
    const response = await fetch(`/v1beta1/graphSessions/${id}/events`);
    return (await response.json()) as { readonly events: readonly LoggedEvent[] };
  }, sessionId);
  return log.events;
}

/** Answers a question as someone with another browser does. */
async function answerAs(demo: DemoPage, node: string, text: string): Promise<void> {
  const asked = (await logOf(demo)).find(({ type, nodeId }) => type === 'inputRequired' && nodeId === node);
  const sessionId = await demo.panel.locator('[part="session-meta"] code').getAttribute('title');
  const data = { interactionId: asked?.interactionId, response: { input: { parts: [{ text }] } } };
  const url = new URL(`/v1beta1/graphSessions/${sessionId}:resume`, demo.page.url()).href;
  const response = await demo.page.request.post(url, { data });
  assert.equal(response.status(), 200);
}

/** The answers in the log of the opened session. */
async function answersOf(demo: DemoPage): Promise<readonly string[]> {
  return (await logOf(demo))
    .filter(({ type }) => type === 'inputResolved')
    .map((event) => JSON.stringify(event));
}

describe('questions in the demo', () => {
  let browser: DemoBrowser;

  before(async () => {
    browser = await DemoBrowser.start();
  });

  after(() => browser.stop());

  /** Another tab of the same browser, with the same session opened. */
  async function secondTab(page: Page, row: RegExp, example: string): Promise<DemoPage> {
    const tab = await page.context().newPage();
    await tab.goto(browser.server.url);
    const demo = new DemoPage(tab);
    await demo.selectExample(example);
    await demo.row(row).first().click();
    return demo;
  }

  it('answered in one tab show at once in the other, which says so to a person who is typing', () =>
    browser.withPage(async ({ page }) => {
      const example = 'Two questions at once';
      const here = new DemoPage(page);
      await here.selectExample(example);
      await here.run();
      await here.question('Where to').waitFor();
      const there = await secondTab(page, /\+1/, example);
      await there.question('Where to').getByRole('textbox').fill('Porto');
      await there.questionTab('When').click();
      await there.question('When').getByText('Autumn', { exact: true }).click();
      await here.questionTab('When, draft').click();
      await here.question('When').getByRole('radio', { name: 'Autumn', checked: true }).waitFor();
      await here.questionTab('Where to').click();
      await until(() => typed(here, 'Where to'), 'Porto');
      await here.question('Where to').getByRole('textbox').fill('Lis');
      await there.questionTab('Where to').click();
      await until(() => typed(there, 'Where to'), 'Lis');

      // A person with another browser, which has its own draft.
      await answerAs(here, 'where', 'Lisbon');
      const note = there.panel.getByRole('status').filter({ hasText: 'Already answered' });
      await note.getByText('was answered elsewhere: “Lisbon”.').waitFor();
      assert.equal(await note.getByText('Not sent:').count(), 0, 'it was typed in the other tab last');
      await here.panel.getByText('Not sent:').waitFor();
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await page.bringToFront();
      await here.panel.getByRole('button', { name: 'Copy text' }).click();
      await here.panel.getByRole('button', { name: 'Copied', exact: true }).waitFor();
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'Lis');
      await here.panel.getByRole('button', { name: 'Dismiss' }).click();
      await there.question('Where to').waitFor({ state: 'detached' });
      assert.ok(
        await there.question('When').getByRole('radio', { name: 'Autumn' }).isChecked(),
        'the other question is as it was',
      );
      await note.getByRole('button', { name: 'Dismiss' }).click();
      await note.waitFor({ state: 'detached' });

      await there.send('When');
      await here.question('When').waitFor({ state: 'detached' });
      await here.node('Result', 'Completed');
      await there.node('Result', 'Completed');
    }));

  it('keep their input when the server is killed in the middle of an answer, and accept it afterwards', () =>
    browser.withPage(async ({ page, allowConsole }) => {
      const demo = new DemoPage(page);
      await demo.run();
      await demo.answerText('Topic', 'Snow');
      await demo.question('Stanzas').getByRole('textbox').fill('Three, or four');
      // The server that is killed serves the code of the panel, too.
      allowConsole(/net::ERR_|status of 50|part of the panel could not be loaded/);
      let isKilled = false;
      await page.route('**/*:resume', async (route) => {
        if (!isKilled) await browser.server.kill();
        isKilled = true;
        await route.continue();
      });
      const card = demo.question('Stanzas');
      await card.getByRole('button', { name: /^Send/ }).click();
      await card.getByRole('button', { name: 'Sending…' }).waitFor();
      await card.getByRole('alert').getByText('Your answer is saved; try again.').waitFor();
      assert.equal(await typed(demo, 'Stanzas'), 'Three, or four');

      await browser.server.restart();
      await demo.panel.getByText('Live', { exact: true }).waitFor();
      await demo.panel
        .getByText('Lost connection to the server. The run doesn’t depend on this page.')
        .waitFor({ state: 'detached' });
      assert.equal(await typed(demo, 'Stanzas'), 'Three, or four');
      await demo.send('Stanzas');
      await demo.node('Stanzas', 'Completed');
      const answers = await answersOf(demo);
      assert.deepEqual(
        answers.map((answer) => /Snow|Three, or four/.exec(answer)?.[0]),
        ['Snow', 'Three, or four'],
        'each answer counts once',
      );
      await demo.answerChoice('Mood', 'Calm');
      await demo.node('Result', 'Completed');
    }));

  it('keep a draft across switching, reloading and closing the tab, until it is sent', () =>
    browser.withPage(async ({ page }) => {
      const demo = new DemoPage(page);
      await demo.run();
      await demo.question('Topic').getByRole('textbox').fill('Green be');
      await demo.question('Topic').getByText('Draft saved').waitFor();
      await demo.run();
      await demo
        .row(/^Needs input/)
        .nth(1)
        .waitFor();
      await demo.rows.nth(0).and(demo.panel.locator('[aria-current]')).waitFor();
      await demo.question('Topic').waitFor();
      assert.equal(await typed(demo, 'Topic'), '', 'the question of the other session');
      await demo.question('Topic').getByRole('textbox').fill('Fire');

      await demo.rows.nth(1).click();
      await demo.rows.nth(1).and(demo.panel.locator('[aria-current]')).waitFor();
      assert.equal(await typed(demo, 'Topic'), 'Green be');
      await demo.drawerButton.click();
      await demo.question('Topic').waitFor({ state: 'hidden' });
      await demo.drawerButton.click();
      await demo.question('Topic').waitFor();
      assert.equal(await typed(demo, 'Topic'), 'Green be', 'after the drawer was closed');
      await page.reload();
      await demo.question('Topic').waitFor();
      assert.equal(await typed(demo, 'Topic'), 'Green be');

      const tab = await page.context().newPage();
      await page.close();
      await tab.goto(browser.server.url);
      const again = new DemoPage(tab);
      await again.rows.nth(1).click();
      await again.question('Topic').waitFor();
      assert.equal(await typed(again, 'Topic'), 'Green be');
      await again.question('Topic').getByRole('textbox').fill('Green beans');
      await again.send('Topic');
      const kept = await tab.evaluate(() =>
        Object.entries(localStorage).map(([key, text]) => key + String(text)),
      );
      const drafts = kept.filter((entry) => entry.includes(':draft:'));
      assert.equal(drafts.length, 1);
      assert.ok(drafts[0]?.includes('Fire'), 'the draft of the other session is still there');
    }));

  it('that are forms are validated against their schema, under a policy without eval', () =>
    browser.withPage(async ({ page }) => {
      const demo = new DemoPage(page);
      await demo.selectExample('Order form');
      await demo.run();
      const card = demo.question('Order');
      await card.getByRole('button', { name: /^Send/ }).click();
      await card.getByText('2 fields need your attention').waitFor();
      assert.equal(await card.getByRole('textbox', { name: 'Name' }).getAttribute('aria-invalid'), 'true');
      await card.getByRole('textbox', { name: 'Name' }).fill('Ann');
      await card.getByRole('textbox', { name: 'Street' }).fill('Elm Street 1');
      await card.getByRole('button', { name: 'Add item: Notes' }).click();
      await card.getByRole('textbox', { name: 'Notes 1' }).fill('Ring twice');
      await card.getByRole('button', { name: 'JSON' }).click();
      const json = card.getByRole('textbox', { name: 'Answer (JSON)' });
      const values = JSON.parse(await json.inputValue()) as Record<string, unknown>;
      await json.fill(JSON.stringify({ ...values, count: 99 }));
      await card.getByRole('button', { name: /^Send/ }).click();
      await card.getByText('count: Enter 20 or less').waitFor();
      await json.fill(JSON.stringify({ ...values, count: 9 }));
      await card.getByRole('button', { name: 'Form' }).click();
      assert.equal(await card.getByRole('spinbutton', { name: 'How many' }).inputValue(), '9');
      await demo.send('Order');
      await demo.node('Confirmation', 'Completed');
    }));

  it('have the caret after Run and after each answer, so that three take typing and Ctrl+Enter alone', () =>
    browser.withPage(async ({ page }) => {
      const demo = new DemoPage(page);
      await demo.selectExample('Haiku');
      await page.getByRole('button', { name: 'Run', exact: true }).focus();
      await page.keyboard.press('Enter');
      for (const [node, text] of [
        ['Topic', 'X'],
        ['Stanzas', '2'],
      ] as const) {
        await demo.type(demo.question(node).getByRole('textbox'), text);
        await page.keyboard.press('Control+Enter');
      }
      await demo.choose('Mood', 1);
      await page.keyboard.press('Control+Enter');
      await demo.question('Mood').waitFor({ state: 'detached' });
      assert.equal((await answersOf(demo)).length, 3);
      await demo.panel.getByText('Sent. Waiting for the next question…').waitFor();
    }));

  it('are counted in the title of the page, and have a bell that asks for permission only when it is pressed', () =>
    browser.withPage(async ({ page }) => {
      const demo = new DemoPage(page);
      await demo.selectExample('Ask for consent');
      // Sessions of the example that was shown first may wait; of this one there is none yet.
      const title = 'Graph editor – graph-sessions';
      await page.waitForFunction((plain) => document.title === plain, title);
      await demo.run();
      await page.waitForFunction((plain) => document.title === `(1) ${plain}`, title);
      const bell = demo.panel.getByRole('button', { name: 'Notify me when a session needs input' });
      assert.equal(await bell.getAttribute('aria-pressed'), 'false');
      await page.context().grantPermissions(['notifications']);
      await bell.click();
      await demo.panel.getByRole('button', { name: /^Notify me/, pressed: true }).waitFor();
      await demo.panel
        .getByRole('group', { name: /^Question/ })
        .getByRole('button', { name: 'Allow', exact: true })
        .click();
      await page.waitForFunction((plain) => document.title === plain, title);
    }));

  it('are found with the key n, also in another session', () =>
    browser.withPage(async ({ page }) => {
      const demo = new DemoPage(page);
      await demo.selectExample('Order form');
      await demo.run();
      await demo.question('Order').waitFor();
      await demo.run();
      await demo
        .row(/^Needs input/)
        .nth(1)
        .waitFor();
      await demo.rows.nth(0).and(demo.panel.locator('[aria-current]')).waitFor();
      await demo.question('Order').waitFor();
      await demo.rows.nth(0).focus();
      await page.keyboard.press('n');
      await page.keyboard.type('second');
      assert.equal(
        await demo.question('Order').getByRole('textbox', { name: 'Name' }).inputValue(),
        'second',
      );
      await demo.rows.nth(0).focus();
      await page.keyboard.press('n');
      await demo.question('Order').getByRole('button', { name: /^Send/ }).focus();
      await page.keyboard.press('n');
      await demo.rows.nth(1).and(demo.panel.locator('[aria-current]')).waitFor();
      assert.equal(await demo.question('Order').getByRole('textbox', { name: 'Name' }).inputValue(), '');
    }));
});

describe('a question that expires while its card is open', () => {
  let browser: DemoBrowser;

  before(async () => {
    browser = await DemoBrowser.start({ env: { QUESTION_MS: '10000' } });
  });

  after(() => browser.stop());

  it('is removed with a notice that stays, lets the input be copied and offers another run', () =>
    browser.withPage(async ({ page }) => {
      const demo = new DemoPage(page);
      await demo.run();
      const field = demo.question('Topic').getByRole('textbox');
      await field.fill('Green beans, in the ra');
      await demo.status('Failed');
      await demo.question('Topic').waitFor({ state: 'detached' });
      const note = demo.panel.getByRole('status').filter({ hasText: 'Expired' });
      await note.getByText(/timed out, so “Topic” failed\./).waitFor();
      await note.getByText('Green beans, in the ra', { exact: true }).waitFor();
      await demo.node('Topic', 'Failed');
      await demo.row(/^Failed/).waitFor();
      await page.waitForFunction(() => !document.title.startsWith('('));
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await note.getByRole('button', { name: 'Copy text' }).click();
      await note.getByRole('button', { name: 'Copied' }).waitFor();
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'Green beans, in the ra');

      await page.reload();
      await demo.rows.first().click();
      await note.getByText('Green beans, in the ra', { exact: true }).waitFor();
      await note.getByRole('button', { name: 'Run again' }).click();
      await demo.question('Topic').waitFor();
      assert.equal(await typed(demo, 'Topic'), '', 'another run asks anew');
      await demo.rows.nth(1).click();
      await note.getByRole('button', { name: 'Dismiss' }).click();
      await page.reload();
      await demo.rows.nth(1).click();
      await demo.status('Failed');
      await demo.node('Topic', 'Failed');
      assert.equal(await note.count(), 0);
    }));
});
