import { nextTurn } from '../../protocol/next-turn.js';
import type { Wakeup } from './wakeup.js';

/** Each one that is woken writes a frame, which takes about 20 µs. */
const PER_TURN = 200;

/** Wakes sleepers, 200 in a turn of the event loop, so that a crowd of readers does not hold up other requests. */
export async function wakeInTurns(wakeups: readonly Wakeup[]): Promise<void> {
  for (let start = 0; start < wakeups.length; start += PER_TURN) {
    if (start > 0) await nextTurn();
    for (const wakeup of wakeups.slice(start, start + PER_TURN)) wakeup.wake();
  }
}
