import type { WakeUp } from './wake-up.js';

/** How often a list or a session that waits is requested by default, in milliseconds. */
export const DEFAULT_POLL_MS = 2000;

/** How a backend without push is read. */
export interface PollOptions {
  /** Pause between two looks, in milliseconds; default 2000. */
  readonly pollMs?: number;
  /** Ends a pause when `wake` is called: after a call of the same service that changes something. */
  readonly wakeUp?: WakeUp;
}

/** True in a page that a person does not see. */
export function isPageHidden(): boolean {
  return typeof document !== 'undefined' && document.hidden;
}
