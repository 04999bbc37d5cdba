import type { ConnectionContext } from '../connection.js';
import type { Connection } from '../graph-run-service.js';

/** The permission to have a stream open. */
export interface Slot {
  /** Takes it without waiting. Resolves with a signal that aborts when it is lost; with undefined without one. */
  take(signal: AbortSignal): Promise<AbortSignal | undefined>;
  /** Waits for it, or until it is worth trying to take it; then resolves with undefined. */
  wait(signal: AbortSignal): Promise<AbortSignal | undefined>;
  /** Notes that someone wants this stream now. */
  claim(): void;
  release(): void;
  /** Releases it for good. */
  close(): void;
}

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
  slot: Slot,
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
