import type { Connection } from '../service/graph-run-service.js';

/** Messages applied at once. */
const SLICE = 500;

/** After so much work the page gets a turn, so that a large replay never freezes it. */
const TURN_MS = 8;

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
  let workedMs = 0;
  for await (const batch of connection) {
    const messages = messagesOf(batch);
    for (let start = 0; start < messages.length; start += SLICE) {
      if (workedMs > TURN_MS) {
        await yieldToMain();
        workedMs = 0;
      }
      if (signal.aborted) return;
      const startedMs = performance.now();
      apply(messages.length <= SLICE ? messages : messages.slice(start, start + SLICE));
      workedMs += performance.now() - startedMs;
    }
  }
}

interface YieldingScheduler {
  readonly yield: () => Promise<void>;
}

/** Lets the browser paint and take input. A message instead of a timer: timers are clamped. */
function yieldToMain(): Promise<void> {
  const { scheduler } = globalThis as { readonly scheduler?: YieldingScheduler };
  if (scheduler?.yield !== undefined) return scheduler.yield();
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(undefined);
  });
}
