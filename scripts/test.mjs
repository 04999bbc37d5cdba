/**
 * Runs every test: `npm test`, or `npm test -- <pattern>…` for the test files whose path contains one
 * of the patterns (then without the checks). The last line printed is `N passed, N failed`.
 *
 * - `name.test.ts` runs in Node, each file in its own process
 * - `name.browser.test.ts` runs in Chromium, see web-test-runner.config.mjs; those with the most that differs between
 *   browsers also in Firefox. With `--browser firefox`, only browser tests run, all or the chosen ones, in that browser
 * - with `--only-node`, only the tests in Node run
 * - `name.e2e.test.ts` runs in Node and drives a browser: one file at a time, beside those that do not
 */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { findOrInstallBrowser, isBrowserKind } from './find-browser.mjs';
import { forkPostgres } from './forked-postgres.mjs';
import { TestReport } from './test-report.mjs';
import { root, toolPath } from './tools.mjs';

/** @typedef {import('./test-report.mjs').TestResult} TestResult */

/**
 * Time without a report after which a test process is considered stuck and killed. Longer than the timeouts of
 * the tests, because a test that times out can report what it waited for.
 */
const SILENCE_LIMIT_MS = 300_000;
const KILL_DELAY_MS = 5_000;

const CHECKS = [
  { name: 'check: format', args: [toolPath('prettier'), '--check', '--log-level=warn', '.'] },
  { name: 'check: lint', args: [toolPath('oxlint'), '--deny-warnings'] },
  { name: 'check: types', args: [toolPath('typescript', 'tsc')] },
];

const NODE_ARGS = ['--import', 'tsx', '--expose-gc', '--test-reporter', './scripts/node-reporter.mjs'];

const report = new TestReport();

/**
 * Runs a Node process to its end. Never rejects: the result contains a failure.
 *
 * @param {readonly string[]} args
 * @param {(message: unknown) => void} [onMessage] called for what the process sends
 * @returns {Promise<{output: string, problem: string | undefined, isStuck: boolean}>} `problem` says how the
 *   process ended, when that was not with exit code 0; `isStuck`: it was killed
 */
function runNode(args, onMessage = () => {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    let output = '';
    let isStuck = false;
    const watchdog = setTimeout(() => {
      isStuck = true;
      // On SIGTERM the runner closes its browser if it still can; processes that it leaves must not keep us.
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), KILL_DELAY_MS).unref();
    }, SILENCE_LIMIT_MS);
    child.on('exit', () => {
      if (!isStuck) return;
      child.stdout?.destroy();
      child.stderr?.destroy();
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.on('message', (message) => {
      watchdog.refresh();
      onMessage(message);
    });
    child.on('error', (error) => {
      clearTimeout(watchdog);
      resolve({ output, problem: error.message, isStuck });
    });
    child.on('close', (code, signal) => {
      clearTimeout(watchdog);
      const end = isStuck
        ? `killed: it did not end, and reported nothing for ${SILENCE_LIMIT_MS / 1000} s`
        : `ended with ${signal ?? `exit code ${code}`}`;
      resolve({ output, problem: code === 0 && !isStuck ? undefined : end, isStuck });
    });
  });
}

/**
 * Runs a check as one test.
 *
 * @param {{name: string, args: string[]}} check
 */
async function runCheck({ name, args }) {
  const start = performance.now();
  const { output, problem } = await runNode(args);
  report.add(
    name,
    [problem ? { name, outcome: 'failed', error: problem } : { name, outcome: 'passed' }],
    output,
    performance.now() - start,
  );
  return !problem;
}

/** @param {string} file */
async function runNodeTestFile(file) {
  /** @type {TestResult[]} */
  const results = [];
  let hasEnded = false;
  const start = performance.now();
  const { output, problem, isStuck } = await runNode([...NODE_ARGS, file], (message) => {
    if (message === 'end') hasEnded = true;
    else results.push(/** @type {TestResult} */ (message));
  });
  const hasFailed = results.some(({ outcome }) => outcome === 'failed');
  // Failures while it was killed (all tests that need its browser) are a consequence of that.
  if (problem && (!hasFailed || isStuck)) results.push({ name: '(file)', outcome: 'failed', error: problem });
  else if (results.length === 0) results.push({ name: '(file)', outcome: 'failed', error: 'ran no test' });
  else if (!hasEnded)
    results.push({ name: '(file)', outcome: 'failed', error: 'ended before its last test' });
  report.add(file, results, output, performance.now() - start);
}

/** @typedef {import('./find-browser.mjs').BrowserKind} BrowserKind */

/** The paths of browser tests that `npm test` also runs in Firefox contain one of these: streams, forms, whole panels. */
const FIREFOX_PATTERNS = [
  'test/service/',
  'test/server/',
  'elements/base/',
  'elements/list/list-work',
  'elements/list/session-list',
  'elements/panel/sessions-panel',
  'elements/panel/vscode-themes',
  'elements/question/question-form',
  'elements/question/file-field',
  'elements/session/activity/reading',
  'elements/session/session-view-load',
];

/**
 * @param {readonly string[]} files
 * @param {BrowserKind} [browser]
 */
async function runBrowserTestFiles(files, browser = 'chromium') {
  const suffix = browser === 'chromium' ? '' : ` (${browser})`;
  process.env['TEST_BROWSER'] = browser;
  const missing = new Set(files);
  let hasFailed = false;
  const args = [toolPath('@web/test-runner', 'web-test-runner'), '--files', ...files];
  const { output, problem } = await runNode(args, (message) => {
    const fileResults = /** @type {import('./test-report.mjs').FileResults} */ (message);
    const { file, results, output: logs, durationMs } = fileResults;
    missing.delete(file.split(sep).join('/'));
    if (results.length === 0) results.push({ name: '(file)', outcome: 'failed', error: 'ran no test' });
    hasFailed ||= results.some(({ outcome }) => outcome === 'failed');
    report.add(`${file}${suffix}`, results, logs, durationMs);
  });
  for (const file of missing) {
    report.add(`${file}${suffix}`, [
      { name: '(file)', outcome: 'failed', error: 'the browser never reported it' },
    ]);
    hasFailed = true;
  }
  if (problem && (!hasFailed || missing.size > 0)) {
    report.add(`browser tests${suffix}`, [{ name: '(runner)', outcome: 'failed', error: problem }], output);
  }
}

/**
 * Work of the run.
 *
 * @typedef {object} Job
 * @property {() => Promise<unknown>} run
 * @property {boolean} [drivesBrowser] at most one such job at a time: a browser takes more than a processor
 */

/**
 * Runs every job, one more at a time than there are processors. They begin in the order of the list, unless a browser has
 * to be waited for.
 *
 * @param {readonly Job[]} jobs
 */
async function runJobs(jobs) {
  const queue = [...jobs];
  let isBrowserBusy = false;
  const take = () => {
    const next = queue.findIndex(({ drivesBrowser }) => !drivesBrowser || !isBrowserBusy);
    return next === -1 ? undefined : queue.splice(next, 1)[0];
  };
  const worker = async () => {
    for (let job = take(); job !== undefined; job = take()) {
      if (job.drivesBrowser) isBrowserBusy = true;
      await job.run();
      if (job.drivesBrowser) isBrowserBusy = false;
    }
  };
  // Many tests wait most of their time: for a process, a deadline, a database.
  await Promise.all(Array.from({ length: availableParallelism() + 1 }, worker));
}

/** Files in Node that take over half a minute; they begin first, so that none of them is left alone at the end. */
const LONG_FILES = [
  'service/tabs/share-across-tabs',
  'package/types',
  'service/http/fault-sockets',
  'server/node/kills',
  'examples/offline-examples',
  'postgres/postgres-store',
];

/** @param {string} file */
const isLong = (file) => LONG_FILES.some((part) => file.includes(part));

/** @param {readonly string[]} patterns */
function testFiles(patterns) {
  const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .map((file) => `test/${file.split(sep).join('/')}`)
    .filter((file) => file.endsWith('.test.ts'))
    .filter((file) => patterns.length === 0 || patterns.some((pattern) => file.includes(pattern)))
    .sort();
  const browser = files.filter((file) => file.endsWith('.browser.test.ts'));
  const e2e = files.filter((file) => file.endsWith('.e2e.test.ts'));
  const node = files.filter((file) => !browser.includes(file) && !e2e.includes(file));
  return { node: [...node.filter(isLong), ...node.filter((file) => !isLong(file))], browser, e2e };
}

/** Starts the database server of all tests, unless the environment has one in `TEST_POSTGRES_URL`. */
async function preparePostgres() {
  if (process.env['TEST_POSTGRES_URL']) return undefined;
  const server = await forkPostgres();
  if (server !== undefined) {
    process.env['TEST_POSTGRES_URL'] = server.url;
    return server;
  }
  const sentence =
    'The tests with PostgreSQL are skipped: there is no server for this platform, and no TEST_POSTGRES_URL.';
  if (process.env['CI']) throw new Error(sentence);
  console.log(sentence);
  return undefined;
}

/**
 * Runs the browser tests in one browser, and nothing else.
 *
 * @param {string} browser
 * @param {readonly string[]} patterns
 */
async function runOnlyIn(browser, patterns) {
  if (!isBrowserKind(browser)) throw new Error(`There is no browser “${browser}” for the tests.`);
  findOrInstallBrowser(browser);
  const files = testFiles(patterns).browser;
  if (files.length === 0) throw new Error(`no browser test matches ${patterns.join(' ')}`);
  if (await runCheck({ name: 'build', args: ['scripts/build.mjs', '--no-check'] })) {
    await runBrowserTestFiles(files, browser);
  }
}

/** Runs everything and prints the results as they arrive. */
async function main() {
  const { values, positionals: patterns } = parseArgs({
    options: { browser: { type: 'string' }, 'only-node': { type: 'boolean' } },
    allowPositionals: true,
  });
  if (values.browser !== undefined) return runOnlyIn(values.browser, patterns);
  const isOnlyNode = values['only-node'] === true;
  const files = isOnlyNode ? { ...testFiles(patterns), browser: [], e2e: [] } : testFiles(patterns);
  const isEverything = patterns.length === 0 && !isOnlyNode;

  // Tests start browsers and the built server; both must be there first.
  if (files.browser.length + files.e2e.length > 0) process.env['CHROME_PATH'] = findOrInstallBrowser();
  if (isEverything) process.env['FIREFOX_PATH'] = findOrInstallBrowser('firefox');
  const isBuilt = await runCheck({ name: 'build', args: ['scripts/build.mjs', '--no-check'] });
  if (!isBuilt) return;

  const postgres = files.node.length > 0 ? await preparePostgres() : undefined;
  for (const [kind, list] of Object.entries(files)) {
    if (isEverything && list.length === 0) {
      report.add(`${kind} tests`, [{ name: '(suite)', outcome: 'failed', error: 'there is no test file' }]);
    }
  }
  // The runner of the browser tests in Chromium uses all processors by itself.
  if (files.browser.length > 0) await runBrowserTestFiles(files.browser);
  const inFirefox = isEverything
    ? files.browser.filter((file) => FIREFOX_PATTERNS.some((part) => file.includes(part)))
    : [];
  /** @type {Job[]} */
  const jobs = [];
  if (inFirefox.length > 0) {
    jobs.push({ run: () => runBrowserTestFiles(inFirefox, 'firefox'), drivesBrowser: true });
  }
  jobs.push(...files.e2e.map((file) => ({ run: () => runNodeTestFile(file), drivesBrowser: true })));
  if (isEverything) jobs.push(...CHECKS.map((check) => ({ run: () => runCheck(check) })));
  jobs.push(...files.node.map((file) => ({ run: () => runNodeTestFile(file) })));
  await runJobs(jobs);
  await postgres?.stop();
  if (Object.values(files).flat().length === 0) {
    const error = `no test file matches ${patterns.join(' ')}`;
    report.add('tests', [{ name: '(pattern)', outcome: 'failed', error }]);
  }
}

try {
  await main();
} catch (error) {
  const text = error instanceof Error ? error.message : String(error);
  report.add('npm test', [{ name: '(script)', outcome: 'failed', error: text }]);
}
report.summarise();
process.exitCode = report.counts.failed > 0 ? 1 : 0;
