/**
 * `npm run screenshots:states`: pictures of the panel's list in all its states, light and dark, at three
 * widths, for people to look at: into `.tmp/states`, which is not in git. Words behind the command
 * (`-- menu toast`) take only the states whose names contain one of them.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { HttpGraphRunService } from '../src/index.js';
import { exampleGraphs } from '../src/runner/example-graphs.js';
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
 * The states: what is done to a fresh page before its picture is taken.
 *
 * @type {Readonly<Record<string, (page: Page) => Promise<unknown>>>}
 */
const STATES = {
  list: (page) => page.mouse.move(2, 2),
  'row-hover': (page) => rowOf(page, /anniversary/).hover(),
  'session-header': (page) => rowOf(page, /anniversary/).click(),
  'row-active-hover': async (page) => {
    await rowOf(page, /anniversary/).click();
    if ((page.viewportSize()?.width ?? 0) < 560) await page.keyboard.press('Escape');
    await rowOf(page, /anniversary/).hover();
  },
  'row-focus': async (page) => {
    await rowOf(page, /anniversary/).focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowDown');
  },
  search: (page) => page.getByRole('searchbox').fill('ha'),
  'no-match': (page) => page.getByRole('searchbox').fill('zebra crossing'),
  menu: (page) => page.getByRole('button', { name: 'More', exact: true }).click(),
  toast: async (page) => {
    await rowOf(page, /anniversary/).focus();
    await page.keyboard.press('Delete');
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    await page.mouse.move(2, 2);
  },
  clear: async (page) => {
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Clear finished' }).click();
  },
  rename: async (page) => {
    await rowOf(page, /anniversary/).focus();
    await page.keyboard.press('F2');
  },
  shortcuts: async (page) => {
    await page.getByRole('button', { name: 'More', exact: true }).focus();
    await page.keyboard.press('?');
  },
  empty: (page) => page.locator('sessions-panel').evaluate((panel) => panel.setAttribute('graph-id', 'none')),
};

/** @param {Page} page @param {RegExp} name @returns {Locator} */
function rowOf(page, name) {
  return page
    .getByRole('list', { name: 'Sessions, newest first' })
    .locator('.main')
    .filter({ hasText: name });
}

const server = await DemoServer.start();
const browser = await chromium.launch({ executablePath: findOrInstallBrowser(), args: browserArguments() });
const folder = join(root, '.tmp', 'states');
mkdirSync(folder, { recursive: true });
const wanted = process.argv.slice(2);
try {
  const endpoint = new URL('v1beta1/graphSessions', server.url).href;
  await fill(new HttpGraphRunService({ baseUrl: endpoint }));
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    for (const width of WIDTHS) {
      for (const [name, prepare] of Object.entries(STATES)) {
        if (wanted.length > 0 && !wanted.some((word) => name.includes(word))) continue;
        const context = await browser.newContext({
          viewport: { width, height: 640 },
          colorScheme,
          reducedMotion: 'reduce',
        });
        const page = await context.newPage();
        await page.goto(server.url);
        await page.evaluate(async ([address, graphId]) => {
          await customElements.whenDefined('sessions-panel');
          const panel = document.createElement('sessions-panel');
          panel.setAttribute('endpoint', address);
          panel.setAttribute('graph-id', graphId);
          document.documentElement.style.height = '100%';
          document.body.style.cssText = 'display:block;margin:0;height:100%';
          document.body.replaceChildren(panel);
        }, /** @type {const} */ ([endpoint, GRAPH_ID]));
        await rowOf(page, /anniversary/).waitFor();
        await prepare(page);
        await page.waitForTimeout(400);
        await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`) });
        // A page that is closed deletes at once.
        if (name === 'toast') await page.getByRole('button', { name: 'Undo' }).click();
        await context.close();
      }
    }
  }
} finally {
  await browser.close();
  await server.stop();
}
