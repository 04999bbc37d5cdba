import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type LaunchOptions,
  type Page,
} from 'playwright-core';
import { browserArguments, findOrInstallBrowser } from '../../scripts/find-browser.mjs';
import { DemoServer } from './demo-server.js';
import { RealTabs } from './real-tabs.js';

/** Long enough for a loaded machine; a wait normally ends at once. */
const WAIT_LIMIT_MS = 30_000;

/** Long enough for a loaded machine to compile the demo. */
const COMPILE_LIMIT_MS = 60_000;

/** A test that takes longer waits in vain; less than what `scripts/test.mjs` grants. */
const TEST_LIMIT_MS = 240_000;

/** How long a test has to notice that its pages were closed. */
const CLOSE_LIMIT_MS = 5000;

/** What a test does with a page. */
export interface PageTest {
  readonly page: Page;
  /** From here on messages of the browser's console that match are no failure. */
  allowConsole(pattern: RegExp): void;
}

/** What a test does with several pages of one profile. */
export interface TabsTest {
  readonly context: BrowserContext;
  /** From here on messages of the browser's consoles that match are no failure. */
  allowConsole(pattern: RegExp): void;
}

/** What is other than usual. */
export interface DemoBrowserOptions {
  /** Added to the environment of the server. */
  readonly env?: Readonly<Record<string, string>>;
  /** Serves the sources instead of the built page: a page can import them, and takes a second longer to load. */
  readonly fromSources?: boolean;
  readonly launch?: LaunchOptions;
}

/** The demo's server and a browser, for all tests of a file. */
export class DemoBrowser {
  readonly server: DemoServer;
  readonly #browser: Browser;

  private constructor(server: DemoServer, browser: Browser) {
    this.server = server;
    this.#browser = browser;
  }

  /** Starts both. `env` is for the server, `launch` for the browser. */
  static async start({
    env = {},
    fromSources = false,
    launch = {},
  }: DemoBrowserOptions = {}): Promise<DemoBrowser> {
    const browser = await chromium.launch({
      executablePath: findOrInstallBrowser(),
      args: browserArguments(),
      ...launch,
    });
    try {
      const server = await DemoServer.start(env, fromSources ? [] : ['--built']);
      return new DemoBrowser(server, browser);
    } catch (error) {
      await browser.close();
      throw error;
    }
  }

  /** Ends both, and checks that the server ended as it should. */
  async stop(): Promise<void> {
    const [exit] = await Promise.all([this.server.stop(), this.#browser.close()]);
    assert.deepEqual(exit, { code: 0, signal: null }, 'the server must drain and exit with 0');
  }

  /** A window whose hidden tabs are hidden, outside of what Playwright emulates. */
  openWindow(): Promise<RealTabs> {
    return RealTabs.open(this.#browser);
  }

  /** Opens the demo in a profile of its own. Fails as `withTabs` does. */
  withPage(body: (test: PageTest) => Promise<void>, options: BrowserContextOptions = {}): Promise<void> {
    return this.withTabs(async ({ context, allowConsole }) => {
      const page = await context.newPage();
      await page.goto(this.server.url);
      await body({ page, allowConsole });
    }, options);
  }

  /**
   * Gives a profile of its own, in which to open pages. Fails when the body does, when a page throws, or
   * when anything is warned about or reported in its console.
   */
  async withTabs(
    body: (test: TabsTest) => Promise<void>,
    options: BrowserContextOptions = {},
  ): Promise<void> {
    this.#expectRunning();
    const context = await this.#browser.newContext({ viewport: { width: 1360, height: 860 }, ...options });
    const problems: string[] = [];
    const allowed: RegExp[] = [];
    const add = (problem: string) => {
      if (!allowed.some((pattern) => pattern.test(problem))) problems.push(problem);
    };
    try {
      context.setDefaultTimeout(WAIT_LIMIT_MS);
      // The first page has its server compile every module.
      context.setDefaultNavigationTimeout(COMPILE_LIMIT_MS);
      context.on('weberror', (error) => add(`uncaught: ${error.error().stack ?? error.error().message}`));
      context.on('console', (message) => {
        const type = message.type();
        if (type === 'warning' || type === 'error') {
          add(`console.${type}: ${message.text()} (${message.location().url})`);
        }
      });
      await endOf(context, body({ context, allowConsole: (pattern) => allowed.push(pattern) }));
      assert.deepEqual(problems, []);
    } catch (error) {
      this.#expectRunning(error);
      // What the page complained about, or what it shows, is often why what the test waited for never came.
      const shown = await Promise.all(context.pages().map(shownBy));
      throw new Error([...problems, ...shown].join('\n'), { cause: error });
    } finally {
      await context.close();
    }
  }

  /** What fails with a browser that has ended, crashed or been ended from outside, fails because of that. */
  #expectRunning(cause?: unknown): void {
    if (!this.#browser.isConnected()) throw new Error('The browser has ended.', { cause });
  }
}

/** What a screen reader would find on a page; why it cannot be read, if the page does not answer. */
async function shownBy(page: Page): Promise<string> {
  const shown = await page
    .locator('body')
    .ariaSnapshot({ timeout: CLOSE_LIMIT_MS })
    .catch((error: unknown) => String(error));
  return `The page showed:\n${shown}`;
}

/**
 * Resolves when the test has ended. One that waits for ever gets its pages closed after a while; what it
 * waited for then rejects, and so says where that was.
 */
async function endOf(context: BrowserContext, test: Promise<void>): Promise<void> {
  const over = new AbortController();
  const { signal } = over;
  let isStuck = false;
  const limit = async (): Promise<never> => {
    await delay(TEST_LIMIT_MS, undefined, { signal });
    isStuck = true;
    void context.close();
    await delay(CLOSE_LIMIT_MS, undefined, { signal });
    throw new Error('Something outside of the browser.');
  };
  try {
    await Promise.race([test, limit()]);
  } catch (error) {
    if (!isStuck) throw error;
    throw new Error(`The test waited for more than ${TEST_LIMIT_MS / 1000} s, in vain, for this:`, {
      cause: error,
    });
  } finally {
    over.abort();
  }
}
