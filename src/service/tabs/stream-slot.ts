import { parseSlotTabMessage, type Priority, type SlotTabMessage } from './tab-messages.js';
import type { HeldLock, Tab, TabChannel } from './tab.js';
import { uniqueId } from '../../protocol/values/unique-id.js';

/** Options of one stream's part in the slots. */
export interface StreamSlotOptions {
  readonly tab: Tab;
  /** Names the slots; the same in all tabs that share them. */
  readonly name: string;
  /** How many streams may be open at once in all tabs together. */
  readonly count: number;
  /** The stream brings a list, which matters more than one session. */
  readonly isList: boolean;
  /** How much the stream matters; default: as much as its tab. */
  readonly priority?: () => Priority;
}

/** How long to wait for the answers of all holders. A holder that is silent for this long counts as frozen. */
const ANSWER_MS = 500;
/** How often a stream of a visible tab without a slot asks again; normally a holder's message wakes it. */
const ASK_AGAIN_MS = 5000;

interface Holding extends Priority {
  readonly isList: boolean;
}

/**
 * One stream's part in a fixed number of slots that all tabs share. A slot is a lock of the browser, so a crashed tab
 * frees its own.
 *
 * The stream of a visible tab takes a slot from one that matters less: from hidden tabs before visible ones, and first
 * from the tab whose last focus is oldest. It asks all holders how much they matter, and then steals the lock, because
 * a normal request would queue behind those that wait already, and never succeed if the holder is frozen. The stream
 * of a hidden tab only ever takes a free slot.
 */
export class StreamSlot {
  readonly #id = uniqueId();
  readonly #options: StreamSlotOptions;
  readonly #unsubscribe: () => void;
  readonly #answers = new Map<number, Holding>();
  #held: { readonly slot: number; readonly lock: HeldLock; readonly end: AbortController } | undefined;
  #channel: TabChannel | undefined;
  #isAway = false;
  /** When someone pressed “Resume”; counts as focusing the tab. */
  #claimedAtMs = 0;
  /** Whether something may have changed, since the last attempt to take a slot, that gives this stream one. */
  #hasChance = false;
  /** Called when a change may give a waiting stream a slot. */
  #onChance: () => void = () => undefined;
  #onAnswer: () => void = () => undefined;

  constructor(options: StreamSlotOptions) {
    this.#options = options;
    this.#open();
    this.#unsubscribe = options.tab.subscribe((event) => {
      if (event === 'leave') this.#leave();
      else if (event === 'return') this.#open();
      if (event === 'hidden') this.#announceSlot();
      else this.reconsider();
    });
  }

  /**
   * Takes a slot without waiting for one. Resolves with a signal that aborts when the slot is lost; with undefined when
   * there was none to take.
   */
  async take(signal: AbortSignal): Promise<AbortSignal | undefined> {
    this.#hasChance = false;
    if (this.#isAway) return undefined;
    // Every stream has room.
    if (this.#options.count === Number.POSITIVE_INFINITY) return new AbortController().signal;
    const free = await this.#takeFree(signal);
    if (free !== undefined || signal.aborted) return free;
    return this.#priority().isVisible ? this.#takeOver(signal) : undefined;
  }

  /** Waits until a slot is free, or until it is worth trying to take one; then resolves with undefined. */
  async wait(signal: AbortSignal): Promise<AbortSignal | undefined> {
    const { tab } = this.#options;
    const end = new AbortController();
    const stop = () => end.abort();
    let won: AbortSignal | undefined;
    signal.addEventListener('abort', stop);
    if (signal.aborted || this.#hasChance) stop();
    const cancelTimer = tab.setTimer(() => {
      if (this.#priority().isVisible) stop();
    }, ASK_AGAIN_MS);
    this.#onChance = stop;
    try {
      const requests = this.#isAway ? [] : this.#slots();
      await Promise.all([
        new Promise<void>((resolve) => {
          end.signal.addEventListener('abort', () => resolve());
          if (end.signal.aborted) resolve();
        }),
        ...requests.map(async (slot) => {
          const lock = await tab.requestLock(this.#lockName(slot), { how: 'wait', signal: end.signal });
          // Two requests may be granted at the same time.
          if (won !== undefined || end.signal.aborted) lock?.release();
          else if (lock !== undefined) won = this.#hold(slot, lock);
          stop();
        }),
      ]);
    } finally {
      this.#onChance = () => undefined;
      stop();
      cancelTimer();
      signal.removeEventListener('abort', stop);
    }
    return won;
  }

  /** Notes that someone wants this stream now, and wakes it if it waits. */
  claim(): void {
    this.#claimedAtMs = this.#options.tab.wallNow();
    this.reconsider();
  }

  /** Notes that this stream may matter more than before, and wakes it if it waits. */
  reconsider(): void {
    this.#hasChance = true;
    this.#onChance();
  }

  /** Releases the slot. */
  release(): void {
    this.#held?.lock.release();
    this.#held = undefined;
  }

  /** Releases the slot and leaves for good. */
  close(): void {
    this.#unsubscribe();
    this.#leave();
  }

  #open(): void {
    this.#isAway = false;
    this.#channel ??= this.#options.tab.openChannel(`${this.#options.name}:slots`, (message) =>
      this.#onMessage(message),
    );
  }

  #leave(): void {
    this.#isAway = true;
    this.#held?.end.abort();
    this.release();
    this.#channel?.close();
    this.#channel = undefined;
  }

  #priority(): Priority {
    const { tab, priority } = this.#options;
    const { isVisible, focusedAtMs } = priority?.() ?? tab;
    return { isVisible, focusedAtMs: Math.max(focusedAtMs, this.#claimedAtMs) };
  }

  #slots(): readonly number[] {
    return Array.from({ length: this.#options.count }, (_, slot) => slot);
  }

  #lockName(slot: number): string {
    return `${this.#options.name}:slot:${slot}`;
  }

  #hold(slot: number, lock: HeldLock): AbortSignal {
    const end = new AbortController();
    this.#held = { slot, lock, end };
    // A stream of a visible tab may still wait for the slot that this one got first.
    if (!this.#priority().isVisible) this.#announceSlot();
    return AbortSignal.any([lock.lost, end.signal]);
  }

  async #takeFree(signal: AbortSignal): Promise<AbortSignal | undefined> {
    for (const slot of this.#slots()) {
      const lock = await this.#options.tab.requestLock(this.#lockName(slot), { how: 'ifFree' });
      if (lock === undefined) continue;
      if (!signal.aborted && !this.#isAway) return this.#hold(slot, lock);
      lock.release();
      return undefined;
    }
    return undefined;
  }

  async #takeOver(signal: AbortSignal): Promise<AbortSignal | undefined> {
    const { tab, isList } = this.#options;
    this.#answers.clear();
    await new Promise<void>((resolve) => {
      const cancelTimer = tab.setTimer(() => this.#onAnswer(), ANSWER_MS);
      this.#onAnswer = () => {
        cancelTimer();
        signal.removeEventListener('abort', this.#onAnswer);
        resolve();
      };
      signal.addEventListener('abort', this.#onAnswer);
      this.#post({ kind: 'want', from: this.#id });
    });
    this.#onAnswer = () => undefined;
    if (signal.aborted || this.#isAway) return undefined;
    const victim = victimOf(this.#slots(), this.#answers, { ...this.#priority(), isList });
    if (victim === undefined) return undefined;
    const lock = await tab.requestLock(this.#lockName(victim), { how: 'steal' });
    if (lock === undefined) return undefined;
    if (!signal.aborted && !this.#isAway) return this.#hold(victim, lock);
    lock.release();
    return undefined;
  }

  #onMessage(value: unknown): void {
    const message = parseSlotTabMessage(value);
    if (message === undefined) return;
    if (message.kind === 'want') {
      this.#announceSlot();
      return;
    }
    if (!this.#slots().includes(message.slot)) return;
    this.#answers.set(message.slot, message);
    if (this.#answers.size >= this.#options.count) this.#onAnswer();
    if (!message.isVisible && this.#priority().isVisible) this.#onChance();
  }

  #announceSlot(): void {
    if (this.#held === undefined) return;
    const { slot } = this.#held;
    const { isList } = this.#options;
    this.#post({ kind: 'holding', from: this.#id, slot, isList, ...this.#priority() });
  }

  #post(message: SlotTabMessage): void {
    this.#channel?.post(message);
  }
}

/** Returns the slot to steal: the one that matters least, and less than `own`; undefined when none matters less. */
function victimOf(
  slots: readonly number[],
  holdings: ReadonlyMap<number, Holding>,
  own: Holding,
): number | undefined {
  const hidden: Holding = { isVisible: false, focusedAtMs: Number.POSITIVE_INFINITY, isList: true };
  // A holder that does not answer ranks after the hidden ones: it may be visible and only busy.
  const ranked = slots
    .map((slot) => ({ slot, holding: holdings.get(slot) ?? hidden }))
    .sort((a, b) => compare(a.holding, b.holding));
  const [least] = ranked;
  return least !== undefined && compare(least.holding, own) < 0 ? least.slot : undefined;
}

/** Returns a negative number when `a` matters less than `b`. */
function compare(a: Holding, b: Holding): number {
  if (a.isVisible !== b.isVisible) return a.isVisible ? 1 : -1;
  if (a.focusedAtMs !== b.focusedAtMs) return a.focusedAtMs < b.focusedAtMs ? -1 : 1;
  return Number(a.isList) - Number(b.isList);
}
