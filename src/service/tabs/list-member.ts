import { ListCopy } from './list-copy.js';
import type { MonitorMessage } from '../../protocol/messages.js';
import {
  listTabMessageToWire,
  parseListTabMessage,
  type LeaderPosition,
  type ListTabMessage,
} from './tab-messages.js';
import { Attentions } from './tab-priority.js';
import type { ConnectionContext } from '../connection.js';
import type { MonitorConnection } from '../graph-run-service.js';
import { LeaderWatch, PING_MS } from './leader-watch.js';
import { ListMailbox } from './list-mailbox.js';
import { StreamSlot } from './stream-slot.js';
import type { HeldLock, Tab, TabChannel } from './tab.js';
import { throughSlot } from './read-in-slot.js';

/** What a reader of a shared list needs. */
export interface ListMemberOptions {
  readonly tab: Tab;
  /** Names the lock and the channel of this list; the same in all tabs. */
  readonly name: string;
  /** Where the connection takes its slot from. */
  readonly slots: { readonly name: string; readonly count: number };
  /** Opens the real connection. */
  readonly open: (signal: AbortSignal) => MonitorConnection;
  readonly context: ConnectionContext;
}

type Outgoing = ListTabMessage extends infer Message
  ? Message extends ListTabMessage
    ? Omit<Message, 'from'>
    : never
  : never;

/**
 * One reader of a list that tabs share. All readers want the same lock. Who has it is the leader, reads
 * the real connection and publishes what comes; the others follow what it publishes.
 *
 * - A follower knows the leader it follows and the number of the last batch. After a gap, or of a leader
 *   it does not know, it asks for the state (`hello`), which the leader publishes to all.
 * - Each leader has a higher epoch than the ones before it, so that late messages of those are known.
 * - A leader that does not answer is frozen by its browser: a follower that is looked at takes its lock.
 * - A connection that fails for good fails only its leader. The next one finds out for itself, as its
 *   token may be a better one.
 */
export class ListMember {
  readonly #id = crypto.randomUUID();
  readonly #options: ListMemberOptions;
  readonly #copy = new ListCopy();
  readonly #mailbox: ListMailbox;
  readonly #unsubscribe: () => void;
  readonly #stopRetrying: () => void;
  readonly #attentions: Attentions;
  readonly #watch: LeaderWatch;
  readonly #retryCallbacks = new Set<() => void>();
  #channel: TabChannel | undefined;
  /** Aborts when this reader stops to take part. */
  #joined: AbortController | undefined;
  #isLeading = false;
  #leader: ({ readonly from: string } & LeaderPosition) | undefined;
  #isAsking = false;
  #stopWaiting: () => void = () => undefined;

  constructor(options: ListMemberOptions) {
    this.#options = options;
    const { context, tab } = options;
    this.#attentions = new Attentions(tab, 3 * PING_MS);
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
      else this.#onAttention();
    });
    this.#receive([{ kind: 'connection', connection: { phase: 'connecting', attempt: 0 } }]);
    this.#join();
  }

  /** What came since the last call; undefined when the connection has ended. Throws why it failed. */
  next(): Promise<readonly MonitorMessage[] | undefined> {
    return this.#mailbox.next();
  }

  /** Takes part no more; if this is the leader, another one takes over. */
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
    this.#watch.look();
  }

  #leave(): void {
    if (this.#joined === undefined) return;
    this.#watch.stop();
    this.#post({ kind: 'bye' });
    this.#channel?.close();
    this.#channel = undefined;
    this.#leader = undefined;
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
        // Taken away by a reader that found this one silent: follow that one.
        this.#campaign(joined);
        this.#askState();
      },
      (error: unknown) => this.#end({ error }),
    );
  }

  async #lead(lock: HeldLock, joined: AbortSignal): Promise<void> {
    const { tab, slots, open, context } = this.#options;
    this.#isLeading = true;
    this.#watch.heard();
    this.#setPosition({ epoch: Math.max(tab.wallNow(), (this.#leader?.epoch ?? 0) + 1), seq: 0 });
    this.#post({ kind: 'leader', ...this.#position });
    const slot = new StreamSlot({
      tab,
      ...slots,
      isList: true,
      attention: () => this.#attentions.highest(),
    });
    const signal = AbortSignal.any([context.signal, joined, lock.lost]);
    const onRetryNow = (callback: () => void) => {
      this.#retryCallbacks.add(callback);
      return () => this.#retryCallbacks.delete(callback);
    };
    const paused = (): readonly MonitorMessage[] => [
      { kind: 'connection', connection: { phase: 'paused', attempt: 0 } },
    ];
    try {
      for await (const messages of throughSlot(slot, { signal, onRetryNow }, { open, paused })) {
        if (signal.aborted) break;
        this.#publish(messages);
      }
      if (!signal.aborted) this.#end({});
    } catch (error) {
      if (!signal.aborted) this.#end({ error });
    } finally {
      this.#isLeading = false;
    }
  }

  /** The connection is over for this reader; the others find out for themselves. */
  #end(end: { readonly error?: unknown }): void {
    this.#mailbox.end(end);
    this.#leave();
  }

  get #position(): LeaderPosition {
    const { epoch = 0, seq = 0 } = this.#leader ?? {};
    return { epoch, seq };
  }

  #setPosition(position: LeaderPosition): void {
    this.#leader = { from: this.#id, ...position };
  }

  #publish(messages: readonly MonitorMessage[]): void {
    const { epoch, seq } = this.#position;
    this.#setPosition({ epoch, seq: seq + 1 });
    this.#receive(messages);
    this.#post({ kind: 'batch', messages, ...this.#position });
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
        if (this.#isLeading) this.#answer(message);
        return;
      case 'retry':
        for (const callback of this.#retryCallbacks) callback();
        return;
      case 'bye':
        this.#attentions.delete(message.from);
        return;
      default:
        if (!this.#isLeading) this.#follow(message);
    }
  }

  #answer(message: Extract<ListTabMessage, { kind: 'hello' | 'ping' }>): void {
    const { kind, from, epoch } = message;
    this.#attentions.set(from, message);
    const { epoch: own, seq } = this.#position;
    // The clock was set back since the leader that the other one knew.
    if (epoch > own) this.#setPosition({ epoch: epoch + 1, seq });
    if (kind === 'hello') this.#post({ kind: 'state', messages: this.#copy.messages(), ...this.#position });
    else this.#post({ kind: 'pong', ...this.#position });
  }

  #follow(message: Extract<ListTabMessage, { kind: 'leader' | 'pong' | 'state' | 'batch' }>): void {
    const { from, epoch, seq } = message;
    const known = this.#leader;
    if (known !== undefined && from !== known.from && epoch <= known.epoch) {
      // Of a leader of before; or of one whose clock was set back, which then answers with a higher epoch.
      this.#sayHello();
      return;
    }
    this.#watch.heard();
    const isSame = known?.from === from;
    switch (message.kind) {
      case 'leader':
        // Its connection brings everything anew. Until then there is what was there, if there was anything.
        if (this.#copy.isLoaded || isSame) this.#leader = { from, epoch, seq };
        if (!this.#copy.isLoaded) this.#askState();
        return;
      case 'pong':
        if (!isSame || seq !== known.seq) this.#askState();
        return;
      case 'state':
        if (isSame && seq === known.seq && !this.#isAsking) return;
        this.#isAsking = false;
        this.#leader = { from, epoch, seq };
        this.#receive(message.messages);
        return;
      case 'batch':
        if (!isSame || seq !== known.seq + 1) {
          this.#sayHello();
          return;
        }
        this.#leader = { from, epoch, seq };
        this.#receive(message.messages);
    }
  }

  /** Asks for the state, unless the answer is under way. */
  #sayHello(): void {
    if (!this.#isAsking) this.#askState();
  }

  #askState(): void {
    this.#isAsking = true;
    this.#post({ kind: 'hello', epoch: this.#position.epoch, ...this.#attentions.own() });
  }

  /** The tab is seen again, or not any more: the leader is told, and tries again if it waits. */
  #onAttention(): void {
    if (this.#joined !== undefined) this.#watch.look();
    if (this.#options.tab.isVisible) this.#retry();
  }

  #ping(): void {
    if (this.#isLeading) return;
    this.#post({ kind: 'ping', epoch: this.#position.epoch, ...this.#attentions.own() });
  }

  #onSilence(): void {
    if (!this.#isLeading && this.#joined !== undefined) this.#campaign(this.#joined.signal, 'steal');
  }

  #retry(): void {
    if (this.#isLeading) for (const callback of this.#retryCallbacks) callback();
    else this.#post({ kind: 'retry' });
  }

  #post(message: Outgoing): void {
    this.#channel?.post(listTabMessageToWire({ ...message, from: this.#id }));
  }
}
