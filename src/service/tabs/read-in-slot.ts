import type { ConnectionContext } from '../connection.js';
import type { Connection } from '../graph-run-service.js';
import type { StreamSlot } from './stream-slot.js';

/** A stream that can be closed and opened again. */
export interface PausableStream<Batch> {
  /** Opens the stream, from where it was closed. */
  open(signal: AbortSignal): Connection<Batch>;
  /** Returns the batch to deliver when the stream has to pause. */
  paused(): Batch;
}

/**
 * Reads a stream while it has a slot, pauses it when another stream takes the slot or none is available, and opens it
 * again when it gets one. Closes the slot at the end. Throws what the stream throws.
 */
export async function* readInSlot<Batch>(
  slot: StreamSlot,
  context: ConnectionContext,
  stream: PausableStream<Batch>,
): AsyncGenerator<Batch, void, undefined> {
  const { signal } = context;
  const stopListening = context.onRetryNow(() => slot.claim());
  try {
    while (!signal.aborted) {
      let lost = await slot.take(signal);
      if (lost === undefined && !signal.aborted) yield stream.paused();
      while (lost === undefined && !signal.aborted) {
        lost = (await slot.wait(signal)) ?? (await slot.take(signal));
      }
      if (lost === undefined) return;
      yield* whileHeld(stream, AbortSignal.any([signal, lost]), context);
      slot.release();
      if (!lost.aborted) return;
    }
  } finally {
    stopListening();
    slot.close();
  }
}

async function* whileHeld<Batch>(
  stream: PausableStream<Batch>,
  signal: AbortSignal,
  context: ConnectionContext,
): AsyncGenerator<Batch, void, undefined> {
  const connection = stream.open(signal);
  const stopListening = context.onRetryNow(() => connection.retryNow());
  try {
    yield* connection;
  } finally {
    stopListening();
  }
}
