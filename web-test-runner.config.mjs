import { esbuildPlugin } from '@web/dev-server-esbuild';
import { defaultReporter } from '@web/test-runner';
import { a11ySnapshotPlugin } from '@web/test-runner-commands/plugins';
import { browserReporter } from './scripts/browser-reporter.mjs';
import { testBrowser } from './scripts/test-browsers.mjs';
import { bundledTests } from './test/support/wtr-bundle-plugin.mjs';
import { displayEmulation } from './test/support/wtr-display-plugin.mjs';
import { referenceServer } from './test/support/wtr-server-plugin.mjs';

const server = referenceServer();

/** Modules that every page imports first: after mocha has defined its globals, and before Lit is loaded. */
const FIRST_MODULES = ['/test/support/fail-on-console.ts', '/test/support/empty-storage.ts'];

const bundles = bundledTests({ rootDir: import.meta.dirname, firstModules: FIRST_MODULES });

/** @type {import('@web/test-runner').TestRunnerConfig} */
export default {
  rootDir: import.meta.dirname,
  files: 'test/**/*.browser.test.ts',
  // Lit's development build, for its warnings.
  nodeResolve: { exportConditions: ['development'] },
  middleware: [server.middleware, bundles.middleware],
  // esbuildPlugin also resolves a relative `.js` import to the `.ts` file next to it.
  plugins: [
    bundles.plugin,
    esbuildPlugin({ ts: true, target: 'es2022' }),
    server.plugin,
    displayEmulation(),
    a11ySnapshotPlugin(),
  ],
  concurrency: 2,
  // Per file; a page that hangs fails before scripts/test.mjs kills the runner.
  testsFinishTimeout: 240_000,
  browsers: [testBrowser()],
  testFramework: { config: { ui: 'bdd', timeout: 30_000 } },
  // Run by scripts/test.mjs, the runner sends it the results; run alone (`npx wtr`), it prints them.
  reporters: process.send ? [browserReporter()] : [defaultReporter()],
};
