import { nextTurn } from '../../../protocol/next-turn.js';
import type { ServerLimits } from '../../limits.js';
import {
  FIRST_EPOCH,
  type CreationReceipt,
  type SessionRecord,
  type SessionStore,
} from '../../store/session-store.js';
import {
  newSession,
  planOf,
  type CreateRequest,
  type CreateResult,
  type NewSession,
} from './create-session.js';
import type { SessionFinder } from '../find-session.js';
import type { OpenCounts } from './open-counts.js';
import type { RunningCapacity } from '../running-capacity.js';
import type { RunnerHost } from '../runner-host.js';
import type { SessionCache } from '../session-cache.js';
import type { SessionCredentials } from '../session-credentials.js';
import { creationInProgress, keyReused, tooManySessions, writeError } from '../session-errors.js';
import type { SessionLog } from '../session-log.js';

/** Dependencies of `SessionCreations`. */
export interface SessionCreationsOptions {
  readonly store: SessionStore;
  readonly log: SessionLog;
  readonly cache: SessionCache;
  readonly finder: SessionFinder;
  readonly host: RunnerHost;
  readonly capacity: RunningCapacity;
  readonly credentials: SessionCredentials;
  readonly openCounts: OpenCounts;
  readonly limits: ServerLimits;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Called when a session was created. */
  readonly onCreated: (record: SessionRecord) => void;
}

/** A session that was stored, or the receipt of the creation that used its key before. */
type Creation =
  ({ readonly kind: 'new' } & NewSession) | { readonly kind: 'repeated'; readonly receipt: CreationReceipt };

/** Creates sessions, and recognises repeated creations. */
export class SessionCreations {
  readonly #options: SessionCreationsOptions;
  /** Digests of the creations in progress, by principal and key. */
  readonly #running = new Map<string, string>();

  constructor(options: SessionCreationsOptions) {
    this.#options = options;
  }

  /**
   * Creates a session and starts it. With a receipt, a repetition gets the first response again.
   *
   * @throws GraphRunError `idempotency-in-progress`, `idempotency-key-reused`, `too-many-sessions` or
   *   `unavailable`.
   */
  async create(request: CreateRequest): Promise<CreateResult> {
    const { principal, receipt } = request;
    if (receipt === undefined) return this.#create(request);
    const name = JSON.stringify([principal, receipt.key]);
    const running = this.#running.get(name);
    if (running !== undefined) throw running === receipt.digest ? creationInProgress() : keyReused();
    this.#running.set(name, receipt.digest);
    try {
      const known = await this.#options.store.findReceipt(principal, receipt.key);
      if (known === undefined) return await this.#create(request);
      return repetition(known, request);
    } finally {
      this.#running.delete(name);
    }
  }

  async #create(request: CreateRequest): Promise<CreateResult> {
    const { openCounts, host, onCreated } = this.#options;
    const { principal, accessToken } = request;
    openCounts.add(principal);
    const created = await this.#write(request).catch((error: unknown) => {
      openCounts.subtract(principal);
      throw writeError(error);
    });
    if (created.kind === 'repeated') {
      openCounts.subtract(principal);
      return repetition(created.receipt, request);
    }
    const { session, body } = created;
    if (session.runner !== undefined) {
      session.accessToken = accessToken;
      host.start(session);
    }
    onCreated(session.record);
    return { body, sessionId: session.sessionId, isReplay: false };
  }

  /** Writes a session, unless its key was used meanwhile. A large plan takes several turns of the event loop. */
  async #write(request: CreateRequest): Promise<Creation> {
    const { log, host, cache, finder, capacity, credentials, limits, now } = this.#options;
    const plan = planOf(request);
    await nextTurn();
    const planJson = JSON.stringify(plan);
    await nextTurn();
    const isReady = capacity.room() === 0;
    const created = newSession(request, planJson, limits, now(), {
      isReady,
      seal: (sessionId, token) => credentials.seal(sessionId, token),
    });
    const { session, fold, write } = created;
    let repeated: CreationReceipt | undefined;
    let isFull = false;
    const written = log.write({
      lane: session.record,
      prepare: () => write,
      onCommitted: ({ revision }) => {
        session.load(fold);
        cache.add(session);
        if (isReady) {
          cache.markIdle(session);
          log.announce(session);
        } else {
          session.ownership = { sessionId: session.sessionId, epoch: FIRST_EPOCH };
          host.attachRunner(session, plan);
        }
        log.publishRow(session.record, fold.row, revision);
      },
      onUnwritten: (outcome) => {
        repeated = outcome.kind === 'repeated' ? outcome.receipt : undefined;
        isFull = outcome.kind === 'full';
      },
    });
    finder.expect(session.sessionId, written);
    await written;
    if (isFull) throw tooManySessions(limits.openSessionsPerPrincipal);
    return repeated === undefined ? { kind: 'new', ...created } : { kind: 'repeated', receipt: repeated };
  }
}

/** The response to a repeated creation. @throws GraphRunError `idempotency-key-reused` for a different request. */
function repetition(known: CreationReceipt, { receipt }: CreateRequest): CreateResult {
  if (known.digest !== receipt?.digest) throw keyReused();
  return { body: known.body, sessionId: sessionIdOf(known), isReplay: true };
}

function sessionIdOf({ body }: CreationReceipt): string {
  const { sessionId } = JSON.parse(body) as { readonly sessionId: string };
  return sessionId;
}
