import { StoreUnavailableError } from '../session-store.js';

/** How long a write outside of the write queue waits for its turn. */
const MAX_WAIT_MS = 5000;
const PAUSE_MS = 20;

/** Repeats a call that a lock keeps from succeeding, for up to 5 s, and lets others run in between. */
export async function whenUnlocked<Result>(call: () => Promise<Result>): Promise<Result> {
  const end = performance.now() + MAX_WAIT_MS;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof StoreUnavailableError) || performance.now() > end) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
