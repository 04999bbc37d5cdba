import type { GraphRunEventBody } from '../../../protocol/events.js';
import { nextTurn } from '../../../protocol/next-turn.js';
import { reusedNodes } from '../../../protocol/reused-nodes.js';
import type { SessionState } from '../../../protocol/session-state.js';
import type { ServerLimits } from '../../limits.js';
import { reuseTooLarge } from '../session-errors.js';

/** Size of the members of a logged event besides its body, in bytes. */
const PLACE_BYTES = 100;

/**
 * Returns the events of the nodes that a run from `from` takes over, within the limits of one append. Lets others work in
 * between: the outputs may be large.
 *
 * @throws GraphRunError `reuse-too-large`, and as `reusedNodes`.
 */
export async function reuseNodes(
  origin: SessionState,
  from: string,
  { reusedBytes, eventBytes }: Pick<ServerLimits, 'reusedBytes' | 'eventBytes'>,
): Promise<readonly GraphRunEventBody[]> {
  const reused = reusedNodes(origin, from);
  let bytes = 0;
  for (const event of reused) {
    const size = Buffer.byteLength(JSON.stringify(event)) + PLACE_BYTES;
    bytes += size;
    if (size > eventBytes || bytes > reusedBytes) throw reuseTooLarge(reusedBytes);
    await nextTurn();
  }
  return reused;
}
