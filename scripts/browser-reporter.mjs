/** A reporter for Web Test Runner that sends the results of each file to the test script. */
import { relative } from 'node:path';
import { NAME_SEPARATOR } from './test-report.mjs';
import { root } from './tools.mjs';

/** @typedef {import('./test-report.mjs').TestResult} TestResult */

/** @returns {import('@web/test-runner').Reporter} */
export function browserReporter() {
  return {
    reportTestFileResults({ testFile, sessionsForTestFile }) {
      const file = relative(root, testFile);
      for (const session of sessionsForTestFile) {
        const results = session.testResults ? [...testsOf(session.testResults, [])] : [];
        for (const error of session.errors) {
          results.push({ name: '(file)', outcome: 'failed', error: describe(error) });
        }
        const lines = session.logs.map((log) => log.map(String).join(' '));
        for (const url of session.request404s) lines.push(`404 Not Found: ${url}`);
        const output = lines.join('\n');
        const durationMs = session.testResults ? durationOf(session.testResults) : 0;
        process.send?.({ file, results, output, durationMs });
      }
    },
  };
}

/**
 * @param {import('@web/test-runner').TestSuiteResult} suite
 * @param {readonly string[]} parents
 * @returns {Generator<TestResult>}
 */
function* testsOf(suite, parents) {
  const path = suite.name ? [...parents, suite.name] : parents;
  for (const test of suite.tests) {
    const name = [...path, test.name].join(NAME_SEPARATOR);
    if (test.skipped) yield { name, outcome: 'skipped' };
    else if (test.passed) yield { name, outcome: 'passed' };
    else yield { name, outcome: 'failed', error: describe(test.error) };
  }
  for (const child of suite.suites) yield* testsOf(child, path);
}

/**
 * @param {import('@web/test-runner').TestSuiteResult} suite
 * @returns {number} milliseconds
 */
function durationOf({ tests, suites }) {
  const own = tests.reduce((sum, { duration }) => sum + (duration ?? 0), 0);
  return suites.reduce((sum, suite) => sum + durationOf(suite), own);
}

/** @param {import('@web/test-runner').TestResultError | undefined} error */
function describe(error) {
  if (!error) return 'did not run to its end';
  const { message, stack, expected, actual } = error;
  const lines = stack?.includes(message) ? [stack] : [message, stack ?? ''];
  if (expected !== undefined) lines.push(`expected: ${expected}`);
  if (actual !== undefined) lines.push(`actual:   ${actual}`);
  return lines.filter(Boolean).join('\n');
}
