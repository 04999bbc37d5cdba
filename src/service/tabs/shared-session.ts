import { BEGINNING, type Cursor, type SessionBatch } from '../../protocol/messages.js';
import { createConnection } from '../connection.js';
import type { ConnectOptions, SessionConnection } from '../graph-run-service.js';
import { StreamSlot, type StreamSlotOptions } from './stream-slot.js';
import { throughSlot } from './read-in-slot.js';

/**
 * A connection to a session that needs one of the slots. While it has none it is paused; then it goes on
 * after the last batch that was delivered, so that nothing is lost and nothing comes twice.
 */
export function sharedSession(
  slots: Omit<StreamSlotOptions, 'isList'>,
  connect: (options: ConnectOptions) => SessionConnection,
  { cursor: from, signal }: ConnectOptions = {},
): SessionConnection {
  return createConnection<SessionBatch>(async function* (context) {
    let cursor: Cursor | undefined = from;
    let hasStarted = false;
    const batches = throughSlot(new StreamSlot({ ...slots, isList: false }), context, {
      open: (signal) => connect({ signal, ...(cursor === undefined ? {} : { cursor }) }),
      paused: (): SessionBatch => ({
        messages: [{ kind: 'connection', connection: { phase: 'paused', attempt: 0 } }],
        cursor: cursor ?? BEGINNING,
      }),
    });
    for await (const batch of batches) {
      // To the application all of this is one connection, which starts once, and again after a reset.
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
