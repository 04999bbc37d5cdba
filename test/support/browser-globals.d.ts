/** What the browser test runner (mocha) and the browser's flags add to the global scope. */

interface TestContext {
  timeout(ms: number): void;
  skip(): void;
}

type TestBody = (this: TestContext) => void | Promise<void>;

interface DefineTests {
  (name: string, body?: TestBody): void;
  only(name: string, body: TestBody): void;
  skip(name: string, body?: TestBody): void;
}

declare const describe: DefineTests;
// A `var`, because only these are members of globalThis.
// oxlint-disable-next-line no-var
declare var it: DefineTests;
declare const before: (body: TestBody) => void;
declare const beforeEach: (body: TestBody) => void;
declare const after: (body: TestBody) => void;
declare const afterEach: (body: TestBody) => void;

/** Collects garbage, now or in a task of its own (Chromium and Node are started with --expose-gc). */
declare function gc(options: { readonly execution: 'async' }): Promise<void>;
declare function gc(): void;
