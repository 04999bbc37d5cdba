/**
 * The browsers in which the browser tests run: Chromium, or the one that `TEST_BROWSER` names.
 *
 * Firefox is driven by the launcher of Chromium, too: its library (puppeteer-core) speaks WebDriver BiDi with it.
 */
import { chromeLauncher } from '@web/test-runner-chrome';
import { browserArguments, findOrInstallBrowser, isBrowserKind } from './find-browser.mjs';
import { webkitLauncher } from './webkit/launcher.mjs';

/** @typedef {import('./find-browser.mjs').BrowserKind} BrowserKind */
/** @typedef {import('@web/test-runner').BrowserLauncher} BrowserLauncher */

/**
 * The launcher of the browser that `TEST_BROWSER` names.
 *
 * @returns {BrowserLauncher}
 * @throws {Error} for a name of no browser, or if it is not there and cannot be installed
 */
export function testBrowser() {
  const kind = process.env['TEST_BROWSER'] || 'chromium';
  if (!isBrowserKind(kind)) throw new Error(`TEST_BROWSER is no browser: ${kind}`);
  return LAUNCHERS[kind]();
}

/** @type {Readonly<Record<BrowserKind, () => BrowserLauncher>>} */
const LAUNCHERS = {
  chromium: () =>
    chromeLauncher({
      createPage: createChromiumPage,
      launchOptions: {
        executablePath: findOrInstallBrowser(),
        // Memory tests call gc().
        args: [...browserArguments(), '--js-flags=--expose-gc'],
      },
    }),
  firefox: () =>
    chromeLauncher({
      // Of two windows, the one in the background gets no animation frames.
      concurrency: 1,
      createPage: async ({ browser }) => (await browser.createBrowserContext()).newPage(),
      launchOptions: {
        browser: 'firefox',
        executablePath: findOrInstallBrowser('firefox'),
        extraPrefsFirefox: {
          // Every window believes to have the focus.
          'focusmanager.testmode': true,
          // As most tests want it; those that need motion are skipped.
          'ui.prefersReducedMotion': 1,
          // A fine pointer that can hover; a headless Firefox has none.
          'ui.primaryPointerCapabilities': 6,
          'ui.allPointerCapabilities': 6,
        },
      },
    }),
  webkit: () => webkitLauncher(findOrInstallBrowser('webkit')),
};

/**
 * Opens each page in its own window and gives it focus: a page in the background gets no animation frames and
 * no focus events.
 *
 * @param {{browser: import('puppeteer-core').Browser}} runner
 */
async function createChromiumPage({ browser }) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const session = await page.createCDPSession();
  await session.send('Emulation.setFocusEmulationEnabled', { enabled: true });
  return page;
}
