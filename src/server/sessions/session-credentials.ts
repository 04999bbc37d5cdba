import { SealError } from '../credentials/seal-error.js';
import type { TokenKeys } from '../credentials/token-keys.js';
import type { SessionStore } from '../store/session-store.js';
import { outageOf } from './session-errors.js';
import type { Session } from './session.js';

/** What a start says when credentials cannot be passed on. */
const WITHOUT_KEY =
  'Without a key for credentials (--token-key-file, or `tokenKeys` in code), the credential of a request stays in the server ' +
  'that got it: a session that another server runs or takes over has none.';

/** Dependencies of `SessionCredentials`. */
export interface SessionCredentialsOptions {
  readonly store: SessionStore;
  /** See `GraphSessionsHandlerOptions`. */
  readonly tokenKeys?: readonly string[];
  readonly onError: (error: unknown) => void;
  readonly onNotice: (text: string) => void;
}

/**
 * The credentials of sessions whose store several processes share: sealed with a key of the configuration, so that the
 * process that runs a session has the one that another got. Without a key, and where one process has the store for itself,
 * they are nowhere but in memory.
 */
export class SessionCredentials {
  readonly #options: SessionCredentialsOptions;
  readonly #keys: TokenKeys | undefined;

  private constructor(options: SessionCredentialsOptions, keys: TokenKeys | undefined) {
    this.#options = options;
    this.#keys = keys;
  }

  /** Reads the keys. @throws Error in one sentence for keys that cannot be used. */
  static async open(options: SessionCredentialsOptions): Promise<SessionCredentials> {
    const { store, tokenKeys, onNotice } = options;
    const isShared = store.cluster !== undefined && store.readSealedToken !== undefined;
    if (tokenKeys === undefined) {
      if (isShared) onNotice(WITHOUT_KEY);
      return new SessionCredentials(options, undefined);
    }
    // Only this needs a platform with Node's modules.
    const { TokenKeys } = await import('../credentials/token-keys.js');
    const keys = TokenKeys.parse(tokenKeys);
    return new SessionCredentials(options, isShared ? keys : undefined);
  }

  /** Seals the credential of a request for its session, as a member of the write that needs it; none without a key. */
  seal(sessionId: string, accessToken: string | undefined): { readonly sealedToken?: string } {
    if (this.#keys === undefined || accessToken === undefined) return {};
    return { sealedToken: this.#keys.seal(sessionId, accessToken) };
  }

  /**
   * Gives a session its newest credential, whichever process got it. What cannot be opened is reported, and the session
   * keeps what it has.
   *
   * @throws StoreUnavailableError
   */
  async restore(session: Session): Promise<void> {
    const { sessionId } = session;
    const keys = this.#keys;
    if (keys === undefined) return;
    try {
      for (;;) {
        const { accessToken } = session;
        const sealed = await this.#options.store.readSealedToken?.(sessionId);
        if (sealed === undefined || session.hasEnded || session.isDeleted) return;
        // Another request here may have brought a newer one.
        if (session.accessToken !== accessToken) continue;
        session.accessToken = keys.open(sessionId, sealed);
        return;
      }
    } catch (error) {
      if (outageOf(error) !== undefined) throw error;
      const reason = error instanceof SealError ? error.message : 'the database cannot return it';
      const message = `The credential of session ${sessionId} cannot be used, and it runs without: ${reason}.`;
      this.#options.onError(new Error(message, { cause: error }));
    }
  }
}
