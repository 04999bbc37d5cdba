import type { LazyPart } from './lazy-part.js';

/** Delay in a browser that does not report when it is idle, in milliseconds. */
const DELAY_MS = 1000;

/** Loads parts, and those that they show, once the page is idle. A part that fails is loaded again when it is shown. */
export function fetchAhead(parts: readonly LazyPart[]): void {
  const start = () => void loadParts(parts);
  if (typeof requestIdleCallback === 'function') requestIdleCallback(start);
  else setTimeout(start, DELAY_MS);
}

/** Loads parts, and those that they show, one after another. Resolves with whether all of them are there. */
export async function loadParts(parts: readonly LazyPart[]): Promise<boolean> {
  let areLoaded = true;
  for (const part of parts) {
    const isLoaded = (await part.load()) && (await loadParts(part.parts));
    areLoaded &&= isLoaded;
  }
  return areLoaded;
}
