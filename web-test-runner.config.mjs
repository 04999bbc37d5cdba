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
 * Imports the module that watches the console first in every test file: after mocha has defined its globals and
 * before Lit is loaded.
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
 * Opens each page in its own window and gives it focus: a page in the background gets no animation frames and
 * no focus events.
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
  // esbuildPlugin also resolves a relative `.js` import to the `.ts` file next to it.
  plugins: [
    failOnConsole,
    esbuildPlugin({ ts: true, target: 'es2022' }),
    server.plugin,
    displayEmulation(),
    a11ySnapshotPlugin(),
  ],
  concurrency: 2,
  // Per file; a page that hangs fails before scripts/test.mjs kills the runner.
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
  // Run by scripts/test.mjs, the runner sends it the results; run alone (`npx wtr`), it prints them.
  reporters: process.send ? [browserReporter()] : [defaultReporter()],
};
