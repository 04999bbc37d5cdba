import { toGraphRunError, type GraphRunError } from '../../protocol/problems.js';
import type { Connection } from '../../service/graph-run-service.js';
import { TimeSlices } from './time-slices.js';

/** Messages applied at once. */
const MAX_APPLIED = 500;

/** How `readConnection` reads one kind of batch. */
export interface Reader<Batch, Message> {
  readonly messagesOf: (batch: Batch) => readonly Message[];
  readonly apply: (messages: readonly Message[]) => void;
}

/**
 * Reads a connection: the one loop for new runs and reconnects, for sessions and the list. Applies each batch
 * at once and synchronously, a long one in slices; applies nothing after `signal` is aborted, even if more
 * arrives.
 *
 * Resolves when the connection ends or the signal aborts; rejects with the error that the connection throws.
 */
export async function readConnection<Batch, Message>(
  connection: Connection<Batch>,
  signal: AbortSignal,
  { messagesOf, apply }: Reader<Batch, Message>,
): Promise<void> {
  // One for all batches: between buffered batches the browser gets no chance to paint.
  const slices = new TimeSlices();
  for await (const batch of connection) {
    const messages = messagesOf(batch);
    for (let start = 0; start < messages.length; start += MAX_APPLIED) {
      if (slices.isOver) await slices.next();
      if (signal.aborted) return;
      apply(messages.length <= MAX_APPLIED ? messages : messages.slice(start, start + MAX_APPLIED));
    }
  }
}

/** Reads a connection until it ends; reports its failure unless it was aborted. */
export async function readOrReport<Batch, Message>(
  connection: Connection<Batch>,
  signal: AbortSignal,
  reader: Reader<Batch, Message>,
  onFailure: (error: GraphRunError) => void,
): Promise<void> {
  try {
    await readConnection(connection, signal, reader);
  } catch (error) {
    if (!signal.aborted) onFailure(toGraphRunError(error));
  }
}
