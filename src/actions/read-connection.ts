import type { Connection } from '../service/graph-run-service.js';
import { Turns } from './time-slices.js';

/** Messages applied at once. */
const SLICE = 500;

/** What `consume` needs to know about one kind of batch. */
export interface Consumer<Batch, Message> {
  readonly messagesOf: (batch: Batch) => readonly Message[];
  readonly apply: (messages: readonly Message[]) => void;
}

/**
 * The one loop that reads connections, of fresh runs and of reconnects, of sessions and of the list.
 * Applies each batch at once and synchronously; once `signal` is aborted nothing is applied any more,
 * whatever still arrives.
 *
 * Resolves when the connection ends or the signal aborts; rejects with what the connection throws.
 */
export async function consume<Batch, Message>(
  connection: Connection<Batch>,
  signal: AbortSignal,
  { messagesOf, apply }: Consumer<Batch, Message>,
): Promise<void> {
  // Over all batches: those that are buffered already come without the page getting a turn in between.
  const turns = new Turns();
  for await (const batch of connection) {
    const messages = messagesOf(batch);
    for (let start = 0; start < messages.length; start += SLICE) {
      if (turns.isOver) await turns.next();
      if (signal.aborted) return;
      apply(messages.length <= SLICE ? messages : messages.slice(start, start + SLICE));
    }
  }
}
