import { isFiniteNumber, isJsonObject, isText } from '../../protocol/values/json.js';
import { uniqueId } from '../../protocol/values/unique-id.js';
import type { HeldLock, LockRequest, Tab, TabChannel } from './tab.js';

/** How long the others have to object to a new claim, or to one to a lock that has become free. */
const OBJECTION_MS = 200;
/** How long a holder that has objected before may be busy until it loses the lock. */
const BUSY_MS = 1500;
/**
 * How often a waiting claim checks that the holder is still there, because a tab may end without a word, and how often a
 * holder announces itself, in case that another tab takes itself for the holder.
 */
const CHECK_MS = 2000;

/** A message between the claims to one lock. */
type LockMessage = {
  readonly from: string;
  /** Number of grants of the lock, as far as the sender knows. */
  readonly term: number;
} & ({ readonly kind: 'ask' | 'taken' | 'free' } | { readonly kind: 'object'; readonly to: string });

/**
 * Requests a lock that the tabs of a browser grant each other over a channel, for pages without Web Locks (every page
 * that is not served securely). Resolves with undefined when it is not free or the signal aborted.
 *
 * A claim asks all others, and holds the lock when none objects in time: the holder does, and of two claims at the same
 * time the one with the lower id. A tab that answers late, because it was busy, can so share its lock with another one
 * for a moment; then the later grant counts (the higher term), and the earlier holder loses the lock.
 */
export function requestChannelLock(
  tab: Pick<Tab, 'openChannel' | 'setTimer'>,
  name: string,
  request: LockRequest,
): Promise<HeldLock | undefined> {
  if (request.how === 'wait' && request.signal.aborted) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const claim = new Claim(tab, name, request.how, resolve);
    if (request.how !== 'wait') return;
    const { signal } = request;
    const giveUp = () => claim.giveUp();
    signal.addEventListener('abort', giveUp);
    claim.onSettled = () => signal.removeEventListener('abort', giveUp);
  });
}

class Claim {
  onSettled = () => {};
  readonly #id = uniqueId();
  readonly #tab: Pick<Tab, 'openChannel' | 'setTimer'>;
  readonly #how: LockRequest['how'];
  readonly #resolve: (lock: HeldLock | undefined) => void;
  readonly #channel: TabChannel;
  readonly #lost = new AbortController();
  #state: 'asking' | 'waiting' | 'held' | 'over' = 'asking';
  /** The highest term that this claim knows; while it holds the lock, its own. */
  #term = 0;
  /** This claim may have kept others from the lock, and so says when it ends. */
  #hasStoppedOthers = false;
  #cancelTimer = () => {};

  constructor(
    tab: Pick<Tab, 'openChannel' | 'setTimer'>,
    name: string,
    how: LockRequest['how'],
    resolve: (lock: HeldLock | undefined) => void,
  ) {
    this.#tab = tab;
    this.#how = how;
    this.#resolve = resolve;
    this.#channel = tab.openChannel(`${name}:lock`, (message) => this.#onMessage(message));
    this.#ask(OBJECTION_MS);
  }

  /** Ends the claim unless it was granted. */
  giveUp(): void {
    if (this.#state === 'held') return;
    this.#end();
    this.#settle(undefined);
  }

  #ask(objectionMs: number): void {
    this.#state = 'asking';
    this.#post('ask');
    this.#startTimer(() => this.#take(), objectionMs);
  }

  #take(): void {
    this.#state = 'held';
    this.#hasStoppedOthers = true;
    this.#term += 1;
    this.#announce();
    this.#settle({ lost: this.#lost.signal, release: () => this.#end() });
  }

  #announce(): void {
    this.#post('taken');
    this.#startTimer(() => this.#announce(), CHECK_MS);
  }

  /** Another claim has the lock, or asks with more right to it. */
  #onObjection(): void {
    if (this.#how === 'steal') this.#take();
    else if (this.#how === 'ifFree') this.giveUp();
    else {
      this.#state = 'waiting';
      this.#startTimer(() => this.#ask(BUSY_MS), CHECK_MS);
    }
  }

  #onMessage(value: unknown): void {
    // A tab that was frozen may get several messages at once, the first of which ended the claim.
    if (this.#state === 'over') return;
    const message = parseLockMessage(value);
    if (message === undefined || message.from === this.#id) return;
    if (message.kind === 'object' && message.to !== this.#id) return;
    if (this.#state === 'held') {
      this.#defend(message);
      return;
    }
    this.#term = Math.max(this.#term, message.term);
    if (message.kind === 'free') {
      this.#ask(OBJECTION_MS);
    } else if (this.#state === 'asking') {
      if (message.kind === 'object' || message.kind === 'taken') this.#onObjection();
      else if (message.kind === 'ask') this.#compete(message.from);
    }
  }

  #compete(other: string): void {
    if (this.#how === 'steal' || this.#id < other) this.#object(other);
    else this.#onObjection();
  }

  /** Answers others as the holder; loses the lock to a later grant. */
  #defend({ kind, from, term }: LockMessage): void {
    if (kind === 'ask') this.#object(from);
    if (kind !== 'object' && kind !== 'taken') return;
    const isLater = term > this.#term || (term === this.#term && from < this.#id);
    if (!isLater) {
      this.#post('taken');
      return;
    }
    this.#close();
    this.#lost.abort();
  }

  #object(to: string): void {
    this.#hasStoppedOthers = true;
    this.#channel.post({ kind: 'object', to, from: this.#id, term: this.#term });
  }

  #end(): void {
    if (this.#state === 'over') return;
    if (this.#hasStoppedOthers) this.#post('free');
    this.#close();
  }

  #close(): void {
    this.#state = 'over';
    this.#cancelTimer();
    this.#channel.close();
  }

  #settle(lock: HeldLock | undefined): void {
    this.onSettled();
    this.#resolve(lock);
  }

  #startTimer(callback: () => void, ms: number): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#tab.setTimer(callback, ms);
  }

  #post(kind: 'ask' | 'taken' | 'free'): void {
    this.#channel.post({ kind, from: this.#id, term: this.#term });
  }
}

/** Reads a message of another claim; undefined when it is not one: every script of the origin can write to the channel. */
function parseLockMessage(value: unknown): LockMessage | undefined {
  if (!isJsonObject(value)) return undefined;
  const { kind, from, to, term } = value;
  if (!isText(from) || !isFiniteNumber(term)) return undefined;
  if (kind === 'object') return isText(to) ? { kind, from, to, term } : undefined;
  return kind === 'ask' || kind === 'taken' || kind === 'free' ? { kind, from, term } : undefined;
}
