/**
 * `npm run screenshots:states`: pictures of the panel in all its states, light and dark, at three
 * widths, for people to look at: into `.tmp/states`, which is not in git. Words behind the command
 * (`-- menu toast`) take only the pictures whose names, such as `menu-360-dark`, contain
 * one of them.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { HttpGraphRunService } from '../src/index.js';
import { exampleGraphs } from '../src/runner/examples/example-graphs.js';
import { DemoServer } from '../test/support/demo-server.js';
import { browserArguments, findOrInstallBrowser } from './find-browser.mjs';
import { playSession } from './play-session.mjs';
import { root } from './tools.mjs';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('playwright-core').Locator} Locator */
/** @typedef {import('../src/index.js').Graph} Graph */

const GRAPH_ID = 'gallery';
const WIDTHS = [360, 700, 1100];

/** @type {Graph} */
const shortGraph = {
  title: 'Note',
  nodes: [
    { id: 'ask', type: 'ask-text', configuration: { prompt: 'What is **it** about?' } },
    { id: 'out', type: 'output' },
  ],
  edges: [{ from: 'ask', to: 'out' }],
};

let newestId = '';
/** @type {Graph} */
const newestGraph = { title: 'Newest', nodes: [{ id: 'out', type: 'output' }] };

/** @param {HttpGraphRunService} service */
async function fill(service) {
  const { haiku, twoQuestions, failingBranch, longRun, nestedForm } = exampleGraphs;
  await service.updateSession(
    await playSession(service, GRAPH_ID, haiku, ['Autumn leaves', 'Three', 'Melancholy']),
    {
      pinned: true,
    },
  );
  await service.updateSession(await playSession(service, GRAPH_ID, haiku, ['Night trains', 'Two', 'Calm']), {
    title: 'The one for the anniversary booklet, second edition, with the night trains',
  });
  await playSession(service, GRAPH_ID, failingBranch);
  await service.cancelSession(await playSession(service, GRAPH_ID, haiku, ['Monday mornings']));
  await playSession(service, GRAPH_ID, shortGraph, ['A **bold** claim and `code`\n\n- one\n- two']);
  await playSession(service, GRAPH_ID, nestedForm);
  await playSession(service, GRAPH_ID, shortGraph);
  await playSession(service, GRAPH_ID, twoQuestions);
  await service.createSession({ graphId: GRAPH_ID, graph: longRun });
  await playSession(service, GRAPH_ID, haiku, ['The sea', 'Two']);
}

/**
 * A state: what is done to a page before it shows the panel, and after that.
 *
 * @typedef {object} State
 * @property {(page: Page) => Promise<unknown>} [before]
 * @property {(page: Page) => Promise<unknown>} [after]
 * @property {(page: Page) => Promise<unknown>} [cleanUp] after the picture
 * @property {boolean} [hasNoList] nothing is in the list to wait for
 */

const LIST = /graphSessions\?graphId=/;
const REFUSAL = {
  status: 403,
  contentType: 'application/problem+json',
  body: JSON.stringify({
    code: 'forbidden',
    title: 'Forbidden',
    detail: 'You are not allowed to do this in this graph.',
  }),
};
const never = () => undefined;

/** @param {RegExp} name @param {string} [tab] @returns {State} */
const opened = (name, tab) => ({
  async after(page) {
    await rowOf(page, name).click();
    if (tab !== undefined) await page.getByRole('tab', { name: tab }).click();
    await page.mouse.move(2, 2);
  },
});

/** The session of a row, opened while its stream is answered by something else. */
/** @param {RegExp} name @param {(route: import('playwright-core').Route) => unknown} answer @returns {State} */
const openedWith = (name, answer) => ({
  async after(page) {
    await page.route(/graphSessions\/[^/?:]+\?/, answer);
    await opened(name).after?.(page);
  },
});

/** @type {Readonly<Record<string, State>>} */
const STATES = {
  list: { after: (page) => page.mouse.move(2, 2) },
  'row-hover': { after: (page) => rowOf(page, /anniversary/).hover() },
  'row-active-hover': {
    async after(page) {
      await rowOf(page, /anniversary/).click();
      if (isNarrow(page)) await page.keyboard.press('Escape');
      await rowOf(page, /anniversary/).hover();
    },
  },
  'row-focus': {
    async after(page) {
      await rowOf(page, /anniversary/).focus();
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('ArrowDown');
    },
  },
  'row-menu': { after: (page) => rowOf(page, /anniversary/).click({ button: 'right' }) },
  'row-cancelling': {
    before: (page) => page.route(/:cancel$/, never),
    after: (page) => cancel(page),
  },
  'row-cancel-failed': {
    before: (page) => page.route(/:cancel$/, (route) => route.fulfill(REFUSAL)),
    after: (page) => cancel(page),
  },
  search: { after: (page) => page.getByRole('searchbox').fill('ha') },
  'no-match': { after: (page) => page.getByRole('searchbox').fill('zebra crossing') },
  menu: { after: (page) => page.getByRole('button', { name: 'More', exact: true }).click() },
  toast: {
    async after(page) {
      await rowOf(page, /anniversary/).focus();
      await page.keyboard.press('Delete');
      await page.getByRole('button', { name: 'Undo' }).waitFor();
      await page.mouse.move(2, 2);
    },
    // A page that is closed deletes at once.
    cleanUp: (page) => page.getByRole('button', { name: 'Undo' }).click(),
  },
  notice: {
    before: (page) => page.route(/:rerun$/, (route) => route.fulfill(REFUSAL)),
    async after(page) {
      await rowOf(page, /anniversary/).focus();
      await page.keyboard.press('r');
      await page.getByRole('alert').waitFor();
    },
  },
  'confirm-delete': {
    async after(page) {
      await rowOf(page, /The sea/).focus();
      await page.keyboard.press('Delete');
    },
  },
  'confirm-cancel': {
    async after(page) {
      await rowOf(page, /The sea/).focus();
      await page.keyboard.press('c');
    },
  },
  'confirm-clear': {
    async after(page) {
      await page.getByRole('button', { name: 'More', exact: true }).click();
      await page.getByRole('menuitem', { name: 'Clear finished' }).click();
    },
  },
  rename: {
    async after(page) {
      await rowOf(page, /anniversary/).focus();
      await page.keyboard.press('F2');
    },
  },
  shortcuts: {
    async after(page) {
      await page.getByRole('button', { name: 'More', exact: true }).focus();
      await page.keyboard.press('?');
    },
  },
  empty: {
    after: (page) =>
      page.locator('sessions-panel').evaluate((panel) => panel.setAttribute('graph-id', 'none')),
  },
  'new-sessions': {
    async after(page) {
      await rowOf(page, /The sea/).hover();
      newestId = (await service.createSession({ graphId: GRAPH_ID, graph: newestGraph })).sessionId;
      await page.getByRole('button', { name: '1 new session' }).waitFor();
    },
    cleanUp: () => service.deleteSession(newestId),
  },
  'list-loading': { hasNoList: true, before: (page) => page.route(LIST, never) },
  'list-refused': {
    hasNoList: true,
    before: (page) => page.route(LIST, (route) => route.fulfill(REFUSAL)),
    after: (page) => page.getByRole('alert').waitFor(),
  },
  'list-unreachable': {
    hasNoList: true,
    before: (page) => page.route(LIST, (route) => route.abort()),
    after: (page) => page.getByRole('button', { name: 'Retry now' }).waitFor(),
  },
  'list-offline': {
    hasNoList: true,
    before: (page) => page.context().setOffline(true),
    after: (page) => page.getByText('You are offline').waitFor(),
  },
  'session-header': opened(/anniversary/),
  'session-ended': opened(/Autumn/),
  'session-failed': opened(/failing/),
  'session-cancelled': opened(/Monday/),
  'session-running': opened(/long run/),
  'session-question': opened(/The sea/),
  'session-questions': opened(/Two questions/),
  'session-form': opened(/Order form/),
  'session-timeline': opened(/Autumn/, 'Timeline'),
  'session-timeline-failed': opened(/failing/, 'Timeline'),
  'session-timeline-running': opened(/long run/, 'Timeline'),
  'session-events': opened(/Autumn/, 'Events'),
  'session-event': {
    async after(page) {
      await opened(/Autumn/, 'Events').after?.(page);
      await page.getByRole('listbox', { name: 'Events' }).getByRole('option').nth(3).click();
    },
  },
  'session-connecting': openedWith(/Autumn/, never),
  'session-refused': openedWith(/Autumn/, (route) => route.fulfill(REFUSAL)),
  'session-reconnecting': openedWith(/Autumn/, (route) => route.abort()),
  'session-offline': {
    async after(page) {
      await page.context().setOffline(true);
      await opened(/The sea/).after?.(page);
    },
  },
  'session-gone': {
    async after(page) {
      const { sessionId } = await service.createSession({ graphId: GRAPH_ID, graph: shortGraph });
      await page
        .getByRole('button', { name: /^Delete session “Note”/ })
        .first()
        .waitFor({ state: 'attached' });
      await page.route(/graphSessions\/[^/?:]+\?/, async (route) => {
        await service.deleteSession(sessionId);
        await route.continue();
      });
      await page
        .getByRole('list', { name: 'Sessions, newest first' })
        .locator(`[data-id="${sessionId}"] .main`)
        .click();
      await page.getByText('Session no longer exists').waitFor();
    },
  },
};

/** @param {Page} page */
const isNarrow = (page) => (page.viewportSize()?.width ?? 0) < 560;

/** @param {Page} page */
async function cancel(page) {
  await rowOf(page, /The sea/).focus();
  await page.keyboard.press('c');
  await page.getByRole('button', { name: 'Cancel run', exact: true }).click();
  await page.mouse.move(2, 2);
}

/** @param {Page} page @param {RegExp} name @returns {Locator} */
function rowOf(page, name) {
  return page
    .getByRole('list', { name: 'Sessions, newest first' })
    .locator('.main')
    .filter({ hasText: name })
    .first();
}

const server = await DemoServer.start();
const endpoint = new URL('v1beta1/graphSessions', server.url).href;
const service = new HttpGraphRunService({ baseUrl: endpoint });
const browser = await chromium.launch({ executablePath: findOrInstallBrowser(), args: browserArguments() });
const folder = join(root, '.tmp', 'states');
mkdirSync(folder, { recursive: true });
const wanted = process.argv.slice(2);
try {
  await fill(service);
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    for (const width of WIDTHS) {
      for (const [name, { before, after, cleanUp, hasNoList }] of Object.entries(STATES)) {
        const file = `${name}-${width}-${colorScheme}.png`;
        if (wanted.length > 0 && !wanted.some((word) => file.includes(word))) continue;
        const context = await browser.newContext({
          viewport: { width, height: 640 },
          colorScheme,
          reducedMotion: 'reduce',
        });
        try {
          const page = await context.newPage();
          await page.goto(server.url);
          await before?.(page);
          await page.evaluate(async ([address, graphId]) => {
            await customElements.whenDefined('sessions-panel');
            const panel = document.createElement('sessions-panel');
            panel.setAttribute('endpoint', address);
            panel.setAttribute('graph-id', graphId);
            document.documentElement.style.height = '100%';
            document.body.style.cssText = 'display:block;margin:0;height:100%';
            document.body.replaceChildren(panel);
          }, /** @type {const} */ ([endpoint, GRAPH_ID]));
          if (hasNoList !== true) await rowOf(page, /anniversary/).waitFor();
          await after?.(page);
          await page.waitForTimeout(400);
          await page.screenshot({ path: join(folder, file) });
          await cleanUp?.(page);
        } catch (error) {
          // The other pictures are wanted all the same.
          console.error(`${file}: ${String(error)}`);
          process.exitCode = 1;
        }
        await context.close();
      }
    }
  }
} finally {
  await browser.close();
  await server.stop();
}
