import { esbuildPlugin } from '@web/dev-server-esbuild';
import { defaultReporter } from '@web/test-runner';
import { chromeLauncher } from '@web/test-runner-chrome';
import { a11ySnapshotPlugin } from '@web/test-runner-commands/plugins';
import { browserReporter } from './scripts/browser-reporter.mjs';
import { browserArguments, findOrInstallBrowser } from './scripts/find-browser.mjs';
import { displayEmulation } from './test/support/wtr-display-plugin.mjs';
import { referenceServer } from './test/support/wtr-server-plugin.mjs';

const server = referenceServer();

/**
 * Makes the module that watches the console the first import of every test file: after mocha has
 * defined its globals, before Lit is loaded.
 *
 * @type {import('@web/test-runner').TestRunnerPlugin}
 */
const failOnConsole = {
  name: 'fail-on-console',
  transform({ path, body }) {
    if (!path.endsWith('.browser.test.ts')) return undefined;
    return `import '/test/support/fail-on-console.ts'; ${String(body)}`;
  },
};

/**
 * A window of its own for each of the pages that run at the same time, and focus in all of them: a page
 * in the background gets no animation frames and no focus events.
 *
 * @param {{browser: import('puppeteer-core').Browser}} runner
 */
async function createPage({ browser }) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const session = await page.createCDPSession();
  await session.send('Emulation.setFocusEmulationEnabled', { enabled: true });
  return page;
}

/** @type {import('@web/test-runner').TestRunnerConfig} */
export default {
  rootDir: import.meta.dirname,
  files: 'test/**/*.browser.test.ts',
  // Lit's development build, for its warnings.
  nodeResolve: { exportConditions: ['development'] },
  middleware: [server.middleware],
  // esbuildPlugin also takes a relative `.js` import for the `.ts` file beside it.
  plugins: [
    failOnConsole,
    esbuildPlugin({ ts: true, target: 'es2022' }),
    server.plugin,
    displayEmulation(),
    // Its types are of another copy of the runner's core.
    /** @type {any} */ (a11ySnapshotPlugin()),
  ],
  concurrency: 2,
  // Of one file; a page that is stuck for good is given up before scripts/test.mjs gives up on the runner.
  testsFinishTimeout: 60_000,
  browsers: [
    chromeLauncher({
      createPage,
      launchOptions: {
        executablePath: findOrInstallBrowser(),
        // Memory tests call gc().
        args: [...browserArguments(), '--js-flags=--expose-gc'],
      },
    }),
  ],
  testFramework: { config: { ui: 'bdd', timeout: 10_000 } },
  // Below scripts/test.mjs the results go to it; by itself (`npx wtr`) the runner prints them.
  reporters: process.send ? [browserReporter()] : [defaultReporter()],
};
