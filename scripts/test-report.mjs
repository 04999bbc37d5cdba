/** Counts test results and prints them, one line for each file and the details of what failed. */

/**
 * One test, as a reporter sends it to the test script together with the file.
 *
 * @typedef {object} TestResult
 * @property {string} name the names of the suites and of the test, joined
 * @property {'passed' | 'failed' | 'skipped'} outcome
 * @property {string} [error] the failure, for people
 */

/**
 * The message of the browser runner's reporter when a file is done.
 *
 * @typedef {object} FileResults
 * @property {string} file
 * @property {TestResult[]} results
 * @property {string} output what the page logged
 * @property {number} durationMs the time of its tests, without loading the page
 */

/** Joins the names of suites and test. */
export const NAME_SEPARATOR = ' › ';

/** Maximum length of a printed failure: enough for an assertion with its diff and stack, but not for a whole document. */
const ERROR_LENGTH = 4_000;

/** The shortest duration of a file that is worth a look. */
const SHOWN_DURATION_MS = 5_000;

/** The results of a whole run. */
export class TestReport {
  counts = { passed: 0, failed: 0, skipped: 0 };

  /** @type {string[]} */
  #failures = [];

  /**
   * Counts and prints the results of one file (or of one check).
   *
   * @param {string} file
   * @param {readonly TestResult[]} results
   * @param {string} [output] what it wrote: its tables (lines that begin with “|”) are always shown, the rest only
   *   when something failed
   * @param {number} [durationMs] how long it took; shown if that was long
   */
  add(file, results, output = '', durationMs = 0) {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    for (const { outcome } of results) counts[outcome] += 1;
    for (const outcome of /** @type {const} */ (['passed', 'failed', 'skipped'])) {
      this.counts[outcome] += counts[outcome];
    }

    const failures = results.filter(({ outcome }) => outcome === 'failed');
    const duration = durationMs < SHOWN_DURATION_MS ? '' : ` in ${Math.round(durationMs / 1_000)} s`;
    write(`${failures.length > 0 ? '✗' : '✓'} ${file}  ${describeCounts(counts)}${duration}`);
    for (const { name, error } of failures) {
      this.#failures.push(`${file}${NAME_SEPARATOR}${name}`);
      write(indent(`✗ ${name}`, 4));
      if (error) write(indent(shorten(error), 8));
    }
    if (failures.length > 0 && output.trim()) write(indent(`output:\n${output.trimEnd()}`, 4));
    const tables = output.split('\n').filter((line) => line.startsWith('|'));
    if (failures.length === 0 && tables.length > 0) write(indent(tables.join('\n'), 4));
  }

  /** Prints the list of failures again, and the counts as the last line. */
  summarise() {
    if (this.#failures.length > 0) write(`\nFailed:\n${indent(this.#failures.join('\n'), 2)}`);
    const { passed, failed, skipped } = this.counts;
    write(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  }
}

/** @param {TestReport['counts']} counts */
function describeCounts(counts) {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([outcome, count]) => `${count} ${outcome}`)
    .join(', ');
}

/** @param {string} text */
function shorten(text) {
  if (text.length <= ERROR_LENGTH) return text;
  return `${text.slice(0, ERROR_LENGTH)}\n… ${text.length - ERROR_LENGTH} more characters`;
}

/**
 * @param {string} text
 * @param {number} width
 */
function indent(text, width) {
  return text.replace(/^(?=.)/gm, ' '.repeat(width));
}

/** @param {string} line */
function write(line) {
  process.stdout.write(`${line}\n`);
}
