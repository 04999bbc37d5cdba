import type { MonitorMessage } from '../../protocol/stream/messages.js';
import type { ConnectionContext } from '../connection.js';
import { LeaderWatch, PING_MS } from './leader-watch.js';
import { ListCopy } from './list-copy.js';
import { ListLeader, type ListLeaderOptions } from './list-leader.js';
import { ListMailbox } from './list-mailbox.js';
import {
  listTabMessageToWire,
  parseListTabMessage,
  type LeaderPosition,
  type ListTabMessage,
  type OutgoingListTabMessage,
} from './tab-messages.js';
import type { SharedCapabilities } from './shared-capabilities.js';
import { TabPriority } from './tab-priority.js';
import type { HeldLock, TabChannel } from './tab.js';
import { uniqueId } from '../../protocol/values/unique-id.js';

/** Options of a reader of a shared list. */
export interface ListMemberOptions extends Pick<ListLeaderOptions, 'tab' | 'slots' | 'open'> {
  /** Names the lock and the channel of this list; the same in all tabs. */
  readonly name: string;
  readonly context: ConnectionContext;
  readonly capabilities: SharedCapabilities;
}

/**
 * Reads a list that tabs share. All readers request the same lock. Its holder is the leader, which reads the real
 * connection and publishes what arrives; the others follow what it publishes.
 *
 * - A follower knows the leader that it follows and the number of the last batch. After a gap, or when it does not
 *   know the leader, it asks for the state (`hello`), which the leader publishes to all.
 * - A leader that does not answer was frozen by its browser: a follower in a visible tab takes its lock.
 * - A connection that fails for good fails only its leader. The next leader tries for itself, because its token may
 *   be a better one.
 */
export class ListMember {
  readonly #id = uniqueId();
  readonly #options: ListMemberOptions;
  readonly #copy = new ListCopy();
  readonly #mailbox: ListMailbox;
  readonly #unsubscribe: () => void;
  readonly #stopRetrying: () => void;
  readonly #priority: TabPriority;
  readonly #watch: LeaderWatch;
  #channel: TabChannel | undefined;
  /** Aborts when this reader leaves. */
  #joined: AbortController | undefined;
  /** Set while this reader leads. */
  #leading: ListLeader | undefined;
  /** The leader that this reader follows, or was itself. */
  #followed: ({ readonly from: string } & LeaderPosition) | undefined;
  #isAsking = false;
  #stopWaiting: () => void = () => undefined;

  constructor(options: ListMemberOptions) {
    this.#options = options;
    const { context, tab } = options;
    this.#priority = new TabPriority(tab, 3 * PING_MS);
    this.#watch = new LeaderWatch(
      tab,
      () => this.#ping(),
      () => this.#onSilence(),
    );
    this.#mailbox = new ListMailbox(this.#copy, context.signal);
    this.#stopRetrying = context.onRetryNow(() => this.#retry());
    this.#unsubscribe = tab.subscribe((event) => {
      if (event === 'leave') this.#leave();
      else if (event === 'return') this.#join();
      else this.#onVisibility();
    });
    this.#receive([{ kind: 'connection', connection: { phase: 'connecting', attempt: 0 } }]);
    this.#join();
  }

  /** Resolves with the messages since the last call; undefined when the connection has ended. Rejects if it failed. */
  next(): Promise<readonly MonitorMessage[] | undefined> {
    return this.#mailbox.next();
  }

  /** Leaves for good; if this is the leader, another reader takes over. */
  close(): void {
    this.#unsubscribe();
    this.#stopRetrying();
    this.#leave();
  }

  #join(): void {
    if (this.#joined !== undefined) return;
    const joined = new AbortController();
    this.#joined = joined;
    this.#channel = this.#options.tab.openChannel(this.#options.name, (message) => this.#onMessage(message));
    this.#askState();
    this.#campaign(joined.signal);
    this.#watch.check();
  }

  #leave(): void {
    if (this.#joined === undefined) return;
    this.#watch.stop();
    this.#post({ kind: 'bye' });
    this.#channel?.close();
    this.#channel = undefined;
    this.#leading = undefined;
    this.#followed = undefined;
    this.#joined.abort();
    this.#joined = undefined;
  }

  /** Waits for the lock, or takes it, and leads. */
  #campaign(joined: AbortSignal, how: 'wait' | 'steal' = 'wait'): void {
    const { tab, name } = this.#options;
    this.#stopWaiting();
    const waiting = new AbortController();
    this.#stopWaiting = () => waiting.abort();
    const signal = AbortSignal.any([joined, waiting.signal]);
    tab.requestLock(name, how === 'wait' ? { how, signal } : { how }).then(
      async (lock) => {
        if (lock === undefined) return;
        if (!signal.aborted) await this.#lead(lock, joined);
        lock.release();
        if (!lock.lost.aborted || signal.aborted) return;
        // A reader that found this one silent took the lock: follow that reader.
        this.#campaign(joined);
        this.#askState();
      },
      (error: unknown) => this.#end({ error }),
    );
  }

  async #lead(lock: HeldLock, joined: AbortSignal): Promise<void> {
    const { tab, slots, open, capabilities, context } = this.#options;
    this.#watch.onActivity();
    const leader = new ListLeader({
      tab,
      slots,
      open,
      priority: this.#priority,
      capabilities,
      copy: this.#copy,
      previousEpoch: this.#followed?.epoch ?? 0,
      deliver: (messages) => this.#receive(messages),
      post: (message) => this.#post(message),
    });
    this.#leading = leader;
    const signal = AbortSignal.any([context.signal, joined, lock.lost]);
    try {
      await leader.lead(signal);
      if (!signal.aborted) this.#end({});
    } catch (error) {
      if (!signal.aborted) this.#end({ error });
    } finally {
      // After a leave, this reader may have joined again already.
      if (this.#leading === leader) {
        this.#leading = undefined;
        this.#followed = { from: this.#id, ...leader.position };
      }
    }
  }

  /** Ends the connection of this reader; the others find out for themselves. */
  #end(end: { readonly error?: unknown }): void {
    this.#mailbox.end(end);
    this.#leave();
  }

  get #epoch(): number {
    return (this.#leading?.position ?? this.#followed)?.epoch ?? 0;
  }

  #receive(messages: readonly MonitorMessage[]): void {
    this.#copy.apply(messages);
    this.#mailbox.put(messages);
  }

  #onMessage(value: unknown): void {
    const message = parseListTabMessage(value);
    if (message === undefined || message.from === this.#id) return;
    switch (message.kind) {
      case 'hello':
      case 'ping':
        this.#leading?.answer(message);
        return;
      case 'retry':
        this.#leading?.retry();
        return;
      case 'bye':
        this.#priority.delete(message.from);
        return;
      default:
        if (this.#leading === undefined) this.#follow(message);
    }
  }

  #follow(message: Extract<ListTabMessage, { kind: 'leader' | 'pong' | 'state' | 'batch' }>): void {
    const { from, epoch, seq } = message;
    const known = this.#followed;
    if (known !== undefined && from !== known.from && epoch <= known.epoch) {
      // From an earlier leader; or from one whose clock was set back, which then answers with a higher epoch.
      this.#sayHello();
      return;
    }
    this.#watch.onActivity();
    const isSame = known?.from === from;
    switch (message.kind) {
      case 'leader':
        // Its connection brings the whole list again. Until then the known list stays, if there is one.
        if (this.#copy.isLoaded || isSame) this.#followed = { from, epoch, seq };
        if (!this.#copy.isLoaded) this.#askState();
        return;
      case 'pong':
        if (!isSame || seq !== known.seq) this.#askState();
        return;
      case 'state':
        if (isSame && seq === known.seq && !this.#isAsking) return;
        this.#isAsking = false;
        this.#followed = { from, epoch, seq };
        this.#take(message);
        return;
      case 'batch':
        if (!isSame || seq !== known.seq + 1) {
          this.#sayHello();
          return;
        }
        this.#followed = { from, epoch, seq };
        this.#take(message);
    }
  }

  #take({ messages, capabilities }: Extract<ListTabMessage, { kind: 'state' | 'batch' }>): void {
    if (capabilities !== undefined) this.#options.capabilities.learn(capabilities);
    this.#receive(messages);
  }

  /** Asks for the state, unless the answer is under way. */
  #sayHello(): void {
    if (!this.#isAsking) this.#askState();
  }

  #askState(): void {
    this.#isAsking = true;
    this.#post({ kind: 'hello', epoch: this.#epoch, ...this.#priority.own() });
  }

  /** Handles a tab that became visible, hidden or focused: notifies the leader, and retries if the tab is visible. */
  #onVisibility(): void {
    if (this.#joined !== undefined) this.#watch.check();
    if (this.#options.tab.isVisible) this.#retry();
  }

  #ping(): void {
    if (this.#leading !== undefined) return;
    this.#post({ kind: 'ping', epoch: this.#epoch, ...this.#priority.own() });
  }

  #onSilence(): void {
    if (this.#leading === undefined && this.#joined !== undefined)
      this.#campaign(this.#joined.signal, 'steal');
  }

  #retry(): void {
    if (this.#leading === undefined) this.#post({ kind: 'retry' });
    else this.#leading.retry();
  }

  #post(message: OutgoingListTabMessage): void {
    this.#channel?.post(listTabMessageToWire({ ...message, from: this.#id }));
  }
}
