import { BEGINNING, type Cursor, type SessionBatch } from '../../protocol/stream/messages.js';
import { createConnection } from '../connection.js';
import type { ConnectOptions, SessionConnection } from '../graph-run-service.js';
import { readInSlot, type Slot } from './read-in-slot.js';

/**
 * Connects to a session while it has a slot. Without one the connection is paused; later it continues
 * after the last batch that was delivered, so that no event is lost or comes twice.
 */
export function sharedSession(
  createSlot: () => Slot,
  connect: (options: ConnectOptions) => SessionConnection,
  { cursor: from, signal }: ConnectOptions = {},
): SessionConnection {
  return createConnection<SessionBatch>(async function* (context) {
    let cursor: Cursor | undefined = from;
    let hasStarted = false;
    const batches = readInSlot(createSlot(), context, {
      open: (signal) => connect({ signal, ...(cursor === undefined ? {} : { cursor }) }),
      paused: (): SessionBatch => ({
        messages: [{ kind: 'connection', connection: { phase: 'paused', attempt: 0 } }],
        cursor: cursor ?? BEGINNING,
      }),
    });
    for await (const batch of batches) {
      // For the application this is one connection, which starts once, and again after a reset.
      const messages = batch.messages.filter(({ kind }) => {
        if (kind === 'reset') hasStarted = false;
        if (kind !== 'start') return true;
        const isFirst = !hasStarted;
        hasStarted = true;
        return isFirst;
      });
      if (batch.cursor !== BEGINNING) ({ cursor } = batch);
      if (messages.length > 0) yield { ...batch, messages };
    }
  }, signal);
}
