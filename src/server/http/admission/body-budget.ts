import { GraphRunError } from '../../../protocol/problems.js';
import type { ServerLimits } from '../../limits.js';
import { unavailable } from '../../sessions/session-errors.js';

/** Limits of `BodyBudget`. */
export type BodyBudgetLimits = Pick<ServerLimits, 'bodyBytes' | 'bodyBytesPerPrincipal'>;

/** All senders whose token may be in the body: they share what one principal may have. (No principal is empty.) */
const UNKNOWN = '';
const RETRY_MS = 1000;

/** Bytes and bodies of one owner. */
interface Account {
  bytes: number;
  bodies: number;
}

/**
 * The bytes of all bodies of requests that are being read or answered. They are counted as they arrive, so a body that
 * comes slowly takes only what has come of it.
 *
 * While several owners send, none gets more than what then remains for all others: n owners that take all that they can
 * leave at least 1/(n+1) of all bytes.
 */
export class BodyBudget {
  readonly #limits: BodyBudgetLimits;
  readonly #accounts = new Map<string, Account>();
  #bytes = 0;

  constructor(limits: BodyBudgetLimits) {
    this.#limits = limits;
  }

  /** The bytes that are taken now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Opens the share of one body. `principal` is undefined for a sender whose token may be in the body. */
  open(principal: string = UNKNOWN): BodyShare {
    const account = this.#accounts.get(principal) ?? { bytes: 0, bodies: 0 };
    this.#accounts.set(principal, account);
    account.bodies += 1;
    let taken = 0;
    return {
      take: (bytes) => {
        this.#check(account, bytes);
        taken += bytes;
        account.bytes += bytes;
        this.#bytes += bytes;
      },
      check: (bytes) => this.#check(account, bytes),
      release: () => {
        account.bodies -= 1;
        account.bytes -= taken;
        this.#bytes -= taken;
        taken = 0;
        if (account.bodies === 0) this.#accounts.delete(principal);
      },
    };
  }

  #check(account: Account, bytes: number): void {
    const { bodyBytes, bodyBytesPerPrincipal } = this.#limits;
    // The only body has all that it may have: its own limit may be larger.
    if (account.bodies > 1 && account.bytes + bytes > bodyBytesPerPrincipal) throw tooManyBodies();
    const isOnlyOwner = this.#accounts.size === 1;
    const remaining = bodyBytes - this.#bytes - bytes;
    const isTooMuch = isOnlyOwner ? remaining < 0 : account.bytes + bytes > remaining;
    if (isTooMuch && !(isOnlyOwner && account.bodies === 1)) {
      throw unavailable('The server has too many requests in progress.', RETRY_MS);
    }
  }
}

/** The share of one body. */
export interface BodyShare {
  /**
   * Takes bytes that have arrived.
   *
   * @throws GraphRunError `too-many-bodies` (429) or `unavailable` (503); nothing is taken then.
   */
  readonly take: (bytes: number) => void;
  /** Throws what `take` would throw, without taking anything. */
  readonly check: (bytes: number) => void;
  /** Gives everything back. Called once. */
  readonly release: () => void;
}

function tooManyBodies(): GraphRunError {
  return new GraphRunError('too-many-bodies', 'Too many large requests of this sender are in progress.', {
    status: 429,
    retryAfterMs: RETRY_MS,
  });
}
