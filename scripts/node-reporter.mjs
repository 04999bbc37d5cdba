/**
 * A reporter for node:test that sends every result to the test script over the process channel, and
 * `'end'` after the last one: a process that exits in the middle of its tests does not look complete.
 */
import { inspect } from 'node:util';
import { NAME_SEPARATOR } from './test-report.mjs';

/**
 * @param {AsyncIterable<import('node:test/reporters').TestEvent>} events
 * @returns {AsyncGenerator<string>}
 */
export default async function* nodeReporter(events) {
  if (!process.send) throw new Error('node-reporter.mjs only works below scripts/test.mjs');
  /** @type {string[]} Names of the open suites and tests; the index is the nesting. */
  const names = [];
  for await (const event of events) {
    if (event.type === 'test:start') {
      names.length = event.data.nesting;
      names.push(event.data.name);
    } else if (event.type === 'test:pass' || event.type === 'test:fail') {
      const path = [...names.slice(0, event.data.nesting), event.data.name];
      const result = toResult(event);
      if (result) process.send({ name: path.join(NAME_SEPARATOR), ...result });
    } else if (event.type === 'test:diagnostic' && /^(Error|Warning):/.test(event.data.message)) {
      // An error after the end of its test makes the process fail, so it must be reported.
      yield `${event.data.message}\n`;
    }
  }
  process.send('end');
}

/**
 * @param {Extract<import('node:test/reporters').TestEvent, {type: 'test:pass' | 'test:fail'}>} event
 * @returns {Omit<import('./test-report.mjs').TestResult, 'name'> | undefined} `undefined` for events
 *   that are not counted: a suite that ran, and a parent that only failed because a test in it did
 */
function toResult({ type, data }) {
  const isSkipped = isSet(data.skip) || isSet(data.todo);
  if (type === 'test:pass') {
    if (isSkipped) return { outcome: 'skipped' };
    return data.details.type === 'suite' ? undefined : { outcome: 'passed' };
  }
  const { error } = data.details;
  if ('failureType' in error && error.failureType === 'subtestsFailed') return undefined;
  return { outcome: isSkipped ? 'skipped' : 'failed', error: describe(error.cause ?? error) };
}

/** @param {string | boolean | undefined} mark */
function isSet(mark) {
  return mark !== undefined && mark !== false;
}

/** @param {unknown} error */
function describe(error) {
  return inspect(error, { depth: 4 })
    .split('\n')
    .filter((line) => !/^\s+at .*\(?node:internal\//.test(line))
    .join('\n');
}
