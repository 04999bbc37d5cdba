/**
 * `npm run screenshots:states`: takes pictures of the panel in all its states, and of all question cards on one
 * page, light and dark, in several widths, for people to look at; and the widest ones in the themes of VS Code. They go
 * to `.tmp/states`, which is not in git.
 * Arguments (`-- menu toast`) select the pictures whose names, for example `menu-360-dark`, contain one of them.
 */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { HttpGraphRunService } from '../src/index.js';
import { DemoServer } from '../test/support/demo-server.js';
import { browserArguments, findOrInstallBrowser } from './find-browser.mjs';
import { GRAPH_ID, PANEL_STATES, playSessions, rowOf } from './panel-states.mjs';
import { QUESTION_CARDS } from './question-cards.mjs';
import { root } from './tools.mjs';

/** @typedef {import('playwright-core').Page} Page */

/**
 * A picture: a state at a width.
 *
 * @typedef {object} Picture
 * @property {string} name
 * @property {number} width of the page, in pixels
 * @property {(page: Page) => Promise<unknown>} show brings the page to the state
 * @property {(page: Page) => Promise<unknown>} [cleanUp] runs after the picture
 * @property {boolean} [isFullPage] true for all of a page that is higher than the window
 */

const server = await DemoServer.start();
const endpoint = new URL('v1beta1/graphSessions', server.url).href;
const service = new HttpGraphRunService({ baseUrl: endpoint });

/** @type {readonly Picture[]} */
const panelPictures = [360, 700, 1100].flatMap((width) =>
  Object.entries(PANEL_STATES).map(([name, { before, after, cleanUp, hasNoList }]) => ({
    name,
    width,
    async show(page) {
      await before?.(page, service);
      await showPanel(page);
      if (hasNoList !== true) await rowOf(page, /anniversary/).waitFor();
      await after?.(page, service);
    },
    cleanUp: async (page) => cleanUp?.(page, service),
  })),
);

/** @type {readonly Picture[]} */
const questionPictures = [
  { name: 'questions-in-2-columns', width: 1240, isFullPage: true, show: (page) => showQuestions(page, 2) },
  { name: 'questions-in-4-columns', width: 1240, isFullPage: true, show: (page) => showQuestions(page, 4) },
];

/** @param {Page} page */
async function showPanel(page) {
  await page.evaluate(async ([address, graphId]) => {
    await customElements.whenDefined('sessions-panel');
    const panel = document.createElement('sessions-panel');
    panel.setAttribute('endpoint', address);
    panel.setAttribute('graph-id', graphId);
    document.documentElement.style.height = '100%';
    document.body.style.cssText = 'display:block;margin:0;height:100%';
    document.body.replaceChildren(panel);
  }, /** @type {const} */ ([endpoint, GRAPH_ID]));
}

/** @param {Page} page @param {number} columns */
async function showQuestions(page, columns) {
  await page.evaluate(
    async ([cards, count]) => {
      await customElements.whenDefined('sessions-panel-question');
      document.body.replaceChildren();
      document.body.style.cssText = `columns:${count};column-gap:20px;padding:10px;overflow:auto;height:auto;display:block`;
      document.documentElement.style.height = 'auto';
      for (const { press, ...properties } of cards) {
        const card = document.createElement('sessions-panel-question');
        Object.assign(card, { nodeTitle: 'Poet', onDraft: () => {}, ...properties });
        card.style.cssText = 'display:block;break-inside:avoid;margin-block-end:16px';
        document.body.append(card);
        await card.updateComplete;
        if (press === undefined) continue;
        const buttons = [...(card.shadowRoot?.querySelectorAll('button') ?? [])];
        buttons.find((button) => button.textContent?.includes(press))?.click();
        await card.updateComplete;
      }
    },
    /** @type {const} */ ([/** @type {any[]} */ (QUESTION_CARDS), columns]),
  );
}

/** @typedef {{kind: string, variables: Readonly<Record<string, string>>}} VscodeTheme */

/**
 * How the pictures look, by name: a colour scheme of the browser, and a theme of VS Code around the panel.
 *
 * @returns {Generator<readonly [string, 'light' | 'dark', VscodeTheme?]>}
 */
function* looks() {
  yield ['light', 'light'];
  yield ['dark', 'dark'];
  const themes = join(root, 'test/fixtures/vscode');
  for (const file of readdirSync(themes)) {
    const theme = JSON.parse(readFileSync(join(themes, file), 'utf8'));
    // The browser of VS Code follows the system, not the theme.
    yield [`vscode-${file.replace('.json', '')}`, 'light', theme];
  }
}

/** @param {Page} page @param {VscodeTheme} theme */
async function applyTheme(page, theme) {
  await page.evaluate(({ kind, variables }) => {
    document.body.dataset['vscodeThemeKind'] = kind;
    document.documentElement.style.colorScheme = 'normal';
    for (const [name, value] of Object.entries(variables)) {
      document.documentElement.style.setProperty(name, value);
    }
  }, theme);
}

const browser = await chromium.launch({ executablePath: findOrInstallBrowser(), args: browserArguments() });
const folder = join(root, '.tmp', 'states');
mkdirSync(folder, { recursive: true });
const patterns = process.argv.slice(2);
try {
  await playSessions(service);
  for (const [look, colorScheme, theme] of looks()) {
    for (const { name, width, show, cleanUp, isFullPage = false } of [
      ...panelPictures,
      ...questionPictures,
    ]) {
      const file = `${name}-${width}-${look}.png`;
      if (theme !== undefined && width < 1100) continue;
      if (patterns.length > 0 && !patterns.some((pattern) => file.includes(pattern))) continue;
      const context = await browser.newContext({
        viewport: { width, height: 640 },
        colorScheme,
        reducedMotion: 'reduce',
      });
      try {
        const page = await context.newPage();
        await page.goto(server.url);
        if (theme !== undefined) await applyTheme(page, theme);
        await show(page);
        await page.waitForTimeout(400);
        await page.screenshot({ path: join(folder, file), fullPage: isFullPage });
        await cleanUp?.(page);
      } catch (error) {
        // A failed picture must not prevent the others.
        console.error(`${file}: ${String(error)}`);
        process.exitCode = 1;
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
  await server.stop();
}
