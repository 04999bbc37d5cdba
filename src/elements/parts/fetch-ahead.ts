import type { LazyPart } from './lazy-part.js';

/** Delay in a browser that does not report when it is idle, in milliseconds. */
const DELAY_MS = 1000;

/** Loads parts, and those that they show, once the page is idle. A part that fails is loaded again when it is shown. */
export function fetchAhead(parts: readonly LazyPart[]): void {
  const start = () => void inOrder(parts, (part) => part.fetchAhead());
  if (typeof requestIdleCallback === 'function') requestIdleCallback(start);
  else setTimeout(start, DELAY_MS);
}

/** Loads parts, and those that they show, one after another. Resolves with whether all of them are there. */
export function loadParts(parts: readonly LazyPart[]): Promise<boolean> {
  return inOrder(parts, (part) => part.load());
}

/**
 * Loads the parts again that could not be loaded when a person needed them. Call it when a server can be reached again: it
 * may be the one that has their code.
 */
export function retryParts(parts: readonly LazyPart[]): void {
  for (const part of parts) {
    if (part.failures > 0) void part.load();
    else retryParts(part.parts);
  }
}

async function inOrder(
  parts: readonly LazyPart[],
  load: (part: LazyPart) => Promise<boolean>,
): Promise<boolean> {
  let areLoaded = true;
  for (const part of parts) {
    const isLoaded = (await load(part)) && (await inOrder(part.parts, load));
    areLoaded &&= isLoaded;
  }
  return areLoaded;
}
