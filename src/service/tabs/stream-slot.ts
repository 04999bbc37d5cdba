import { parseSlotTabMessage, type Attention, type SlotTabMessage } from './tab-messages.js';
import type { HeldLock, Tab, TabChannel } from './tab.js';

/** What a stream needs to take part. */
export interface StreamSlotOptions {
  readonly tab: Tab;
  /** Names the slots; the same in all tabs that share them. */
  readonly name: string;
  /** How many streams may be open at once in all tabs together. */
  readonly count: number;
  /** The stream brings a list, on which more depends than on one session. */
  readonly isList: boolean;
  /** How much the stream is in use; default: as much as its tab. */
  readonly attention?: () => Attention;
}

/** How long to wait for the answers of all holders. One that is silent for so long is frozen, or as good as. */
const ANSWER_MS = 500;
/** How often a stream that is looked at and has no slot asks again; it normally is told. */
const ASK_AGAIN_MS = 5000;

interface Holding extends Attention {
  readonly isList: boolean;
}

/**
 * One stream's part in a number of slots that all tabs share. A slot is a lock of the browser, so a
 * crashed tab frees its own.
 *
 * A stream that people look at takes a slot from one that matters less: of hidden tabs before visible
 * ones, and of those turned to longer ago first. It asks all holders how much they matter, and then
 * takes over the lock, because a polite request would have to wait for those that wait already, and for
 * ever if the holder is frozen. A hidden stream only ever takes what is free.
 */
export class StreamSlot {
  readonly #id = crypto.randomUUID();
  readonly #options: StreamSlotOptions;
  readonly #unsubscribe: () => void;
  readonly #answers = new Map<number, Holding>();
  #held: { readonly slot: number; readonly lock: HeldLock; readonly end: AbortController } | undefined;
  #channel: TabChannel | undefined;
  #isAway = false;
  /** When someone pressed “Resume”: as good as turning to the tab. */
  #claimedAtMs = 0;
  /** Something changed that may give a waiting stream a slot. */
  #onChance: () => void = () => undefined;
  #onAnswer: () => void = () => undefined;

  constructor(options: StreamSlotOptions) {
    this.#options = options;
    this.#open();
    this.#unsubscribe = options.tab.subscribe((event) => {
      if (event === 'leave') this.#leave();
      else if (event === 'return') this.#open();
      if (event === 'hidden') this.#tellHolding();
      else this.#onChance();
    });
  }

  /** Takes a slot without waiting for one. Resolves with a signal that aborts when the slot is lost. */
  async take(signal: AbortSignal): Promise<AbortSignal | undefined> {
    if (this.#isAway) return undefined;
    // There is room for all.
    if (this.#options.count === Number.POSITIVE_INFINITY) return new AbortController().signal;
    const free = await this.#takeFree(signal);
    if (free !== undefined || signal.aborted) return free;
    return this.#attention().isVisible ? this.#takeOver(signal) : undefined;
  }

  /** Waits until a slot is free, or until it is worth trying to take one; then resolves with undefined. */
  async wait(signal: AbortSignal): Promise<AbortSignal | undefined> {
    const { tab } = this.#options;
    const end = new AbortController();
    const stop = () => end.abort();
    let won: AbortSignal | undefined;
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    const cancelTimer = tab.setTimer(() => {
      if (this.#attention().isVisible) stop();
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
          // Two may be granted at the same time.
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

  /** Someone wants this stream now. */
  claim(): void {
    this.#claimedAtMs = this.#options.tab.wallNow();
    this.#onChance();
  }

  /** Gives the slot back. */
  release(): void {
    this.#held?.lock.release();
    this.#held = undefined;
  }

  /** Gives the slot back and takes part no more. */
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

  #attention(): Attention {
    const { tab, attention } = this.#options;
    const { isVisible, focusedAtMs } = attention?.() ?? tab;
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
    // One that is looked at may have waited longer than this one needed to.
    if (!this.#attention().isVisible) this.#tellHolding();
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
    const victim = victimOf(this.#slots(), this.#answers, { ...this.#attention(), isList });
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
      this.#tellHolding();
      return;
    }
    if (!this.#slots().includes(message.slot)) return;
    this.#answers.set(message.slot, message);
    if (this.#answers.size >= this.#options.count) this.#onAnswer();
    if (!message.isVisible && this.#attention().isVisible) this.#onChance();
  }

  #tellHolding(): void {
    if (this.#held === undefined) return;
    const { slot } = this.#held;
    const { isList } = this.#options;
    this.#post({ kind: 'holding', from: this.#id, slot, isList, ...this.#attention() });
  }

  #post(message: SlotTabMessage): void {
    this.#channel?.post(message);
  }
}

/** The slot to take over: the one that matters least, and less than `own`; undefined when all matter as much. */
function victimOf(
  slots: readonly number[],
  holdings: ReadonlyMap<number, Holding>,
  own: Holding,
): number | undefined {
  const hidden: Holding = { isVisible: false, focusedAtMs: Number.POSITIVE_INFINITY, isList: true };
  // A holder that does not answer comes after the hidden ones: it may be visible and only be busy.
  const ranked = slots
    .map((slot) => ({ slot, holding: holdings.get(slot) ?? hidden }))
    .sort((a, b) => compare(a.holding, b.holding));
  const [least] = ranked;
  return least !== undefined && compare(least.holding, own) < 0 ? least.slot : undefined;
}

/** Negative when `a` matters less than `b`. */
function compare(a: Holding, b: Holding): number {
  if (a.isVisible !== b.isVisible) return a.isVisible ? 1 : -1;
  if (a.focusedAtMs !== b.focusedAtMs) return a.focusedAtMs < b.focusedAtMs ? -1 : 1;
  return Number(a.isList) - Number(b.isList);
}
