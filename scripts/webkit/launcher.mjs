/** Runs the browser tests in WebKit. */
import { WebDriver } from './web-driver.mjs';
import { WebKitPage } from './webkit-page.mjs';

/** @typedef {import('@web/test-runner').BrowserLauncher} BrowserLauncher */

/**
 * A launcher for the test runner: each test file gets a browser of its own, one at a time.
 *
 * @param {string} program path of the driver
 * @returns {BrowserLauncher & {getPage: (sessionId: string) => WebKitPage}}
 */
export function webkitLauncher(program) {
  /** @type {Promise<WebDriver> | undefined} */
  let driver;
  /** @type {Map<string, WebKitPage>} */
  const pages = new Map();
  /** @param {string} sessionId */
  const getPage = (sessionId) => {
    const page = pages.get(sessionId);
    if (page === undefined) throw new Error(`There is no page of ${sessionId}.`);
    return page;
  };
  return {
    name: 'WebKit',
    // The commands of the runner find the page of a test by this name.
    type: 'puppeteer',
    concurrency: 1,
    getPage,
    async startSession(sessionId, url) {
      driver ??= WebDriver.start(program);
      const started = await driver;
      const page = new WebKitPage(started, await started.open());
      pages.set(sessionId, page);
      await page.setViewport({ width: 800, height: 600 });
      await page.goto(url);
    },
    startDebugSession: () => Promise.reject(new Error('WebKit has no debugger for tests.')),
    isActive: (sessionId) => pages.has(sessionId),
    getBrowserUrl: (sessionId) => getPage(sessionId).url(),
    async stopSession(sessionId) {
      const page = getPage(sessionId);
      pages.delete(sessionId);
      await page.close();
      return {};
    },
    async stop() {
      (await driver)?.stop();
    },
  };
}
