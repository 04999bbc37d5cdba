import type { GraphRunEvent } from '../../src/protocol/events.js';
import type {
  ConnectionPhase,
  ConnectionState,
  Cursor,
  SessionMessage,
} from '../../src/protocol/stream/messages.js';
import type { SessionConnection } from '../../src/service/graph-run-service.js';

/** A connection that is being read in the background, and what it has brought so far. */
export interface Watch {
  readonly messages: readonly SessionMessage[];
  readonly events: readonly GraphRunEvent[];
  readonly phases: readonly ConnectionPhase[];
  /** The newest state of the connection. */
  readonly connection: ConnectionState | undefined;
  readonly cursor: Cursor | undefined;
  readonly hasEnded: boolean;
  /** Resolves when the loop has ended, with the error that it threw. */
  readonly ended: Promise<unknown>;
}

/** Reads a connection to its end. `onMessage` is called for each message, after it was recorded. */
export function watch(
  connection: SessionConnection,
  onMessage: (message: SessionMessage) => void = () => undefined,
): Watch {
  const seen = {
    messages: [] as SessionMessage[],
    events: [] as GraphRunEvent[],
    phases: [] as ConnectionPhase[],
    connection: undefined as ConnectionState | undefined,
    cursor: undefined as Cursor | undefined,
    hasEnded: false,
  };
  const read = async (): Promise<unknown> => {
    try {
      for await (const { messages, cursor } of connection) {
        seen.cursor = cursor;
        for (const message of messages) {
          seen.messages.push(message);
          if (message.kind === 'event') seen.events.push(message.event);
          if (message.kind === 'connection') {
            seen.connection = message.connection;
            seen.phases.push(message.connection.phase);
          }
          onMessage(message);
        }
      }
      return undefined;
    } catch (error) {
      return error;
    } finally {
      seen.hasEnded = true;
    }
  };
  return Object.assign(seen, { ended: read() });
}

/**
 * Lets everything else run until a condition holds.
 *
 * @throws Error that says what was waited for when it does not hold after `limitMs`, a few seconds.
 */
export async function eventually(
  isTrue: () => boolean,
  what = String(isTrue),
  limitMs = 20_000,
): Promise<void> {
  const start = performance.now();
  while (!isTrue()) {
    if (performance.now() - start > limitMs) throw new Error(`It never happened: ${what}`);
    // What takes long is looked at less often, and leaves the processor to others.
    const isSlow = performance.now() - start > 2000;
    await new Promise<void>((resolve) => {
      if (isSlow) setTimeout(resolve, 50);
      else setImmediate(resolve);
    });
  }
}
