/**
 * `npm run screenshots:states`: takes pictures of the panel in all its states, and of all question cards on one
 * page, light and dark, in several widths, for people to look at; the main states in more views, and the widest pictures
 * in the themes of VS Code. They go to `.tmp/states`, which is not in git.
 * Arguments (`-- menu toast`) select the pictures whose names, for example `menu-360-dark` or `inbox-low-700-light`,
 * contain one of them. Files `sheet-1.png` and so on show all of them together.
 */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { HttpGraphRunService } from '../src/index.js';
import { DemoServer } from '../test/support/demo-server.js';
import { browserArguments, findOrInstallBrowser } from './find-browser.mjs';
import { writeContactSheets } from './contact-sheets.mjs';
import {
  createLongList,
  GRAPH_ID,
  LONG_GRAPH_ID,
  MAIN_STATES,
  PANEL_STATES,
  playSessions,
  rowOf,
} from './panel-states.mjs';
import { QUESTION_CARDS } from './question-cards.mjs';
import { root } from './tools.mjs';

/** @typedef {import('playwright-core').Page} Page */

/**
 * The page around the panel.
 *
 * @typedef {object} View
 * @property {string} name
 * @property {number} width of the page, in pixels of its style
 * @property {number} [height] default 640
 * @property {number} [zoom] device pixels of a pixel, default 1
 * @property {'de'} [language] default English
 */

/**
 * A picture: a state in a view.
 *
 * @typedef {object} Picture
 * @property {string} name
 * @property {View} view
 * @property {(page: Page) => Promise<unknown>} show brings the page to the state
 * @property {(page: Page) => Promise<unknown>} [cleanUp] runs after the picture
 * @property {boolean} [isFullPage] true for all of a page that is higher than the window
 */

const server = await DemoServer.start();
const endpoint = new URL('v1beta1/graphSessions', server.url).href;
const service = new HttpGraphRunService({ baseUrl: endpoint });

/** The views of all states. @type {readonly View[]} */
const WIDTHS = [360, 700, 1100].map((width) => ({ name: String(width), width }));

/** The views of the main states. @type {readonly View[]} */
const MAIN_VIEWS = [
  { name: '1440', width: 1440, height: 900 },
  { name: '1920', width: 1920, height: 1080 },
  { name: 'low-360', width: 360, height: 260 },
  { name: 'low-700', width: 700, height: 260 },
  { name: 'low-1440', width: 1440, height: 260 },
  { name: 'zoom-125', width: 1152, height: 640, zoom: 1.25 },
  { name: 'german-360', width: 360, language: 'de' },
  { name: 'german-1100', width: 1100, language: 'de' },
];

/** @param {View} view @param {string} name @returns {Picture} */
const panelPicture = (view, name) => {
  const { before, after, cleanUp, hasNoList } = PANEL_STATES[name] ?? {};
  return {
    name,
    view,
    async show(page) {
      await before?.(page, service);
      await showPanel(page, view);
      if (hasNoList !== true) await rowOf(page, /anniversary/).waitFor();
      await after?.(page, service);
      // The code of a session is loaded when it is opened.
      await page.locator('.part.loading').first().waitFor({ state: 'detached' });
    },
    cleanUp: async (page) => cleanUp?.(page, service),
  };
};

const panelPictures = [
  ...WIDTHS.flatMap((view) => Object.keys(PANEL_STATES).map((name) => panelPicture(view, name))),
  ...MAIN_VIEWS.flatMap((view) => MAIN_STATES.map((name) => panelPicture(view, name))),
];

/** @type {readonly Picture[]} */
const longListPictures = [...WIDTHS, ...MAIN_VIEWS].map((view) => ({
  name: 'long-list',
  view,
  async show(page) {
    await showPanel(page, view, LONG_GRAPH_ID);
    await rowOf(page, /./).waitFor();
  },
}));

/** @type {readonly Picture[]} */
const questionPictures = [2, 4].map((columns) => ({
  name: `questions-in-${columns}-columns`,
  view: { name: '1240', width: 1240 },
  isFullPage: true,
  show: (page) => showQuestions(page, columns),
}));

/** @param {Page} page @param {View} view */
async function showPanel(page, { language }, graphId = GRAPH_ID) {
  await page.evaluate(
    async ([address, graph, isGerman, module]) => {
      await customElements.whenDefined('sessions-panel');
      const panel = document.createElement('sessions-panel');
      if (isGerman) Object.assign(panel, { strings: (await import(module)).germanStrings });
      panel.setAttribute('endpoint', address);
      panel.setAttribute('graph-id', graph);
      document.documentElement.style.height = '100%';
      document.body.style.cssText = 'display:block;margin:0;height:100%';
      document.body.replaceChildren(panel);
    },
    /** @type {const} */ ([
      endpoint,
      graphId,
      language === 'de',
      `/@fs${join(root, 'src/elements/strings/german.ts')}`,
    ]),
  );
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
/** @type {string[]} */
const taken = [];
const patterns = process.argv.slice(2);
try {
  await playSessions(service);
  await createLongList(service);
  for (const [look, colorScheme, theme] of looks()) {
    for (const { name, view, show, cleanUp, isFullPage = false } of [
      ...panelPictures,
      ...longListPictures,
      ...questionPictures,
    ]) {
      const { width, height = 640, zoom = 1 } = view;
      const file = `${name}-${view.name}-${look}.png`;
      if (theme !== undefined && view.name !== '1100' && view.name !== '1240') continue;
      if (patterns.length > 0 && !patterns.some((pattern) => file.includes(pattern))) continue;
      const context = await browser.newContext({
        viewport: { width, height },
        deviceScaleFactor: zoom,
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
        taken.push(file);
        await cleanUp?.(page);
      } catch (error) {
        // A failed picture must not prevent the others.
        console.error(`${file}: ${String(error)}`);
        process.exitCode = 1;
      }
      await context.close();
    }
  }
  await writeContactSheets(browser, folder, taken);
} finally {
  await browser.close();
  await server.stop();
}
