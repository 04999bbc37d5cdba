import type { ClaimResult } from './session-claims.js';
import type { SessionLog } from '../session-log.js';

/** Claims of single sessions, in the order of the other writes. Each is claimed once at a time. */
export class SingleClaims {
  readonly #log: SessionLog;
  readonly #claiming = new Map<string, Promise<ClaimResult>>();

  constructor(log: SessionLog) {
    this.#log = log;
  }

  /** See `SessionClaims.claim`. */
  claim(sessionId: string): Promise<ClaimResult> {
    const claiming =
      this.#claiming.get(sessionId) ?? this.#claim(sessionId).finally(() => this.#claiming.delete(sessionId));
    this.#claiming.set(sessionId, claiming);
    return claiming;
  }

  async #claim(sessionId: string): Promise<ClaimResult> {
    let result: ClaimResult;
    await this.#log.write({
      lane: { principal: '', sessionId },
      prepare: () => ({ kind: 'claim', sessionId }),
      onCommitted: ({ claimed }) => {
        result = claimed;
      },
      onUnwritten: ({ kind }) => {
        result = kind === 'stale' ? 'elsewhere' : undefined;
      },
    });
    return result;
  }
}
