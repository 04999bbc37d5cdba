/**
 * True in a browser that can be made to show a page in another way (forced colours, reduced motion, print), collects
 * garbage on demand and gives its accessibility tree: Chromium. Firefox offers none of it to tests.
 */
const isChromium = 'chrome' in globalThis;

/** WebKit has no entry for a request that has failed. */
export const recordsFailedRequests = isChromium || navigator.userAgent.includes('Firefox');

/** WebKit’s driver moves the pointer, but nothing is hovered over by it. */
const canHover = isChromium || navigator.userAgent.includes('Firefox');

/** Defines a test that moves the pointer over what it looks at; skipped where tests cannot do that. */
export function itWithPointer(name: string, body: TestBody): void {
  if (canHover) it(name, body);
  else it.skip(name, body);
}

/** Defines a test that needs what only Chromium offers to tests; skipped in other browsers. */
export function itInChromium(name: string, body: TestBody): void {
  if (isChromium) it(name, body);
  else it.skip(name, body);
}

/** Defines tests that need what only Chromium offers to tests; skipped in other browsers. */
export function describeInChromium(name: string, body: () => void): void {
  if (isChromium) describe(name, body);
  else describe.skip(name, body);
}
