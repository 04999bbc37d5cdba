import { nextTurn } from '../../protocol/next-turn.js';

/** Gives everything else a turn of the event loop, if the last one was long enough ago. */
export type Break = () => Promise<void>;

/** Returns breaks for work that starts now, at most one every `everyMs`. */
export function breaksEvery(everyMs: number): Break {
  let turnBegan = performance.now();
  return async () => {
    if (performance.now() - turnBegan < everyMs) return;
    await nextTurn();
    turnBegan = performance.now();
  };
}
