/**
 * Loaded before every browser test file (see web-test-runner.config.mjs): a `console.warn` or
 * `console.error`, Lit's development warnings among them, fails the test in which it happens.
 */

/** Sets of warnings that Lit does not repeat; Lit offers it as the way to silence one of them. */
type LitWarnings = { litIssuedWarnings?: Set<string> };

// Lit says this on every page, so it says nothing; all its other warnings count.
((globalThis as LitWarnings).litIssuedWarnings ??= new Set()).add('dev-mode');

// Firefox reports by it that an observer waits for the next frame, when following work scrolls other nodes into view.
// Nothing is lost then. Scrolling in the next frame instead loses the followed place.
addEventListener(
  'error',
  (event) => {
    const isDeferred = event.message === 'ResizeObserver loop completed with undelivered notifications.';
    if (isDeferred && navigator.userAgent.includes('Firefox')) event.stopImmediatePropagation();
  },
  { capture: true },
);

const problems: string[] = [];

for (const level of ['warn', 'error'] as const) {
  const original = console[level];
  console[level] = (...values: unknown[]) => {
    problems.push(`console.${level}: ${values.map(describe).join(' ')}`);
    original.apply(console, values);
  };
}

/**
 * What was warned about since the test began, as text; it no longer fails the test. For tests that
 * expect a warning.
 */
export function takeConsoleProblems(): readonly string[] {
  return problems.splice(0);
}

function describe(value: unknown): string {
  return value instanceof Error ? (value.stack ?? value.message) : String(value);
}

function failOnProblems(): void {
  const unexpected = takeConsoleProblems();
  if (unexpected.length > 0) throw new Error(unexpected.join('\n'));
}

/** The test of this body that also fails on console problems. */
function checked(body: TestBody): TestBody {
  return async function (this: TestContext) {
    try {
      await body.call(this);
    } catch (error) {
      // This test has failed already, and the next one is not to blame.
      takeConsoleProblems();
      throw error;
    }
    failOnProblems();
  };
}

// Tests are wrapped because a failing afterEach hook would keep mocha from running the rest of the file.
// mocha's own `only` and `skip` call this `it` (`skip` without a body), so they stay as they are.
const define = it;
const defineChecked = (name: string, body?: TestBody) => define(name, body && checked(body));
globalThis.it = Object.assign(defineChecked, { only: define.only, skip: define.skip });

// What happens between two tests counts for the second; what happens after the last one counts here.
after(failOnProblems);
