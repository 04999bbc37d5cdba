import type { StoreClaims } from '../../cluster/store-claims.js';
import type { ClaimedSession } from '../../store/ownership.js';
import type { ClaimResult, SessionClaims } from './session-claims.js';
import type { SessionLog } from '../session-log.js';
import { SingleClaims } from './single-claims.js';

/** The claims of a process that shares its store: ready is what no living process runs. */
export class SharedClaims implements SessionClaims {
  readonly #claims: StoreClaims;
  readonly #single: SingleClaims;

  constructor(claims: StoreClaims, log: SessionLog) {
    this.#claims = claims;
    this.#single = new SingleClaims(log);
  }

  /** Does nothing: the process has joined the others with its epoch. */
  async open(): Promise<void> {}

  async claimReady(limit: number): Promise<readonly ClaimedSession[]> {
    await this.#claims.judge();
    return this.#claims.claimReady(limit);
  }

  claim(sessionId: string): Promise<ClaimResult> {
    return this.#single.claim(sessionId);
  }
}
