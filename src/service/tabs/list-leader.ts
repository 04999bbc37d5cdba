import type { MonitorMessage } from '../../protocol/stream/messages.js';
import type { MonitorConnection } from '../graph-run-service.js';
import type { ListCopy } from './list-copy.js';
import { readInSlot } from './read-in-slot.js';
import type { SharedCapabilities } from './shared-capabilities.js';
import { StreamSlot } from './stream-slot.js';
import type { LeaderPosition, ListTabMessage, OutgoingListTabMessage } from './tab-messages.js';
import type { TabPriority } from './tab-priority.js';
import type { Tab } from './tab.js';

/** Options of the leader of a list. */
export interface ListLeaderOptions {
  readonly tab: Tab;
  /** Where the connection takes its slot from. */
  readonly slots: { readonly name: string; readonly count: number };
  /** Opens the real connection. */
  readonly open: (signal: AbortSignal) => MonitorConnection;
  /** How much this tab and its followers matter; the slot counts as much as the most important of them. */
  readonly priority: TabPriority;
  /** The list as far as it has arrived. */
  readonly copy: ListCopy;
  /** Epoch of the leader before this one; 0: none is known. */
  readonly previousEpoch: number;
  /** Delivers messages of the connection to the reader in this tab. */
  readonly deliver: (messages: readonly MonitorMessage[]) => void;
  /** What the service of this tab can do; see `SharedCapabilities`. */
  readonly capabilities: Pick<SharedCapabilities, 'names'>;
  /** Sends a message to all followers. */
  readonly post: (message: OutgoingListTabMessage) => void;
}

/**
 * Leads a list that tabs share: reads the real connection, publishes what arrives, and answers the followers.
 *
 * Each leader has a higher epoch than the ones before it, which exposes late messages of theirs.
 */
export class ListLeader {
  readonly #options: ListLeaderOptions;
  readonly #retryCallbacks = new Set<() => void>();
  #position: LeaderPosition;
  #slot: StreamSlot | undefined;

  constructor(options: ListLeaderOptions) {
    this.#options = options;
    this.#position = { epoch: Math.max(options.tab.wallNow(), options.previousEpoch + 1), seq: 0 };
  }

  /** Its epoch, and the number of batches that it has published. */
  get position(): LeaderPosition {
    return this.#position;
  }

  /** Announces itself and reads the connection until it ends or `signal` aborts. Throws what the connection throws. */
  async lead(signal: AbortSignal): Promise<void> {
    const { tab, slots, open, priority, capabilities, deliver, post } = this.#options;
    post({ kind: 'leader', ...this.#position });
    const slot = new StreamSlot({ tab, ...slots, isList: true, priority: () => priority.highest() });
    this.#slot = slot;
    const onRetryNow = (callback: () => void) => {
      this.#retryCallbacks.add(callback);
      return () => this.#retryCallbacks.delete(callback);
    };
    const paused = (): readonly MonitorMessage[] => [
      { kind: 'connection', connection: { phase: 'paused', attempt: 0 } },
    ];
    for await (const messages of readInSlot(slot, { signal, onRetryNow }, { open, paused })) {
      if (signal.aborted) return;
      const { epoch, seq } = this.#position;
      this.#position = { epoch, seq: seq + 1 };
      deliver(messages);
      post({ kind: 'batch', messages, capabilities: capabilities.names(), ...this.#position });
    }
  }

  /** Ends a wait between two attempts of the connection, and claims a slot. */
  retry(): void {
    for (const callback of this.#retryCallbacks) callback();
  }

  /** Answers a follower that asks for the state (`hello`) or for a sign of life (`ping`), and notes how much it matters. */
  answer(message: Extract<ListTabMessage, { kind: 'hello' | 'ping' }>): void {
    const { capabilities, copy, post, priority } = this.#options;
    const { kind, epoch, from } = message;
    priority.set(from, message);
    // A list that had to pause is wanted in front again.
    if (message.isVisible) this.#slot?.reconsider();
    // The clock was set back since the leader that the follower knows.
    if (epoch > this.#position.epoch) this.#position = { ...this.#position, epoch: epoch + 1 };
    if (kind === 'hello') {
      post({
        kind: 'state',
        messages: copy.messages(),
        capabilities: capabilities.names(),
        ...this.#position,
      });
    }
    if (kind === 'ping') post({ kind: 'pong', ...this.#position });
  }
}
