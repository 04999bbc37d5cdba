import { outlineOf, type Graph } from '../../protocol/graph.js';
import { EMPTY_SESSION } from '../../protocol/session-state.js';
import { toSummary } from '../../protocol/to-summary.js';
import type { ServerLimits } from '../limits.js';
import { planAppend } from '../writing/logged-event.js';
import { Session, type FoldedLog } from './session.js';
import { creationInProgress, keyReused, tooManySessions } from './session-errors.js';
import type {
  CreationReceipt,
  SessionPlan,
  SessionRecord,
  SessionStore,
  SessionWrite,
} from '../store/session-store.js';

/** A session to create; already validated. */
export interface CreateRequest {
  readonly principal: string;
  readonly graphId: string;
  readonly graph: Graph;
  readonly mode: SessionPlan['mode'];
  readonly inputs: SessionPlan['inputs'];
  readonly accessToken?: string;
  /** Identifies repetitions: the client's key, and a digest of its request. */
  readonly receipt?: { readonly key: string; readonly digest: string };
}

/** The response to a creation; `isReplay` when it was sent before. */
export interface CreateResult {
  readonly body: string;
  readonly sessionId: string;
  readonly isReplay: boolean;
}

/** A session that is about to be stored. */
export interface NewSession {
  readonly session: Session;
  readonly plan: SessionPlan;
  readonly fold: FoldedLog;
  readonly body: string;
  readonly write: SessionWrite;
}

/** Prepares a session with its first event: record, plan, log and receipt are one write. */
export function newSession(request: CreateRequest, limits: ServerLimits, createdMs: number): NewSession {
  const { principal, graphId, graph, mode, inputs, receipt } = request;
  const sessionId = crypto.randomUUID();
  const record: SessionRecord = { sessionId, graphId, principal, logId: crypto.randomUUID(), createdMs };
  const plan: SessionPlan = { graph, mode, inputs };
  const start = { type: 'graphStart', sessionId, graph: outlineOf(graph) } as const;
  const { state, logBytes, events } = planAppend(EMPTY_SESSION, 0, [start], limits, createdMs);
  const { status } = state;
  const row = toSummary(state);
  const body = JSON.stringify({ sessionId, status, createdAt: createdMs / 1000 });
  return {
    session: new Session(record, status, -1),
    plan,
    fold: { state, logBytes, row },
    body,
    write: {
      kind: 'create',
      record,
      plan,
      events,
      status,
      row,
      ...(receipt === undefined ? {} : { receipt: { ...receipt, body } }),
    },
  };
}

/** Recognises repeated creations. */
export class Creations {
  readonly #store: SessionStore;
  /** Digests of the creations in progress, by principal and key. */
  readonly #running = new Map<string, string>();

  constructor(store: SessionStore) {
    this.#store = store;
  }

  /**
   * Creates a session, or repeats the first response.
   *
   * @throws GraphRunError `idempotency-in-progress` or `idempotency-key-reused`; any error of `create`.
   */
  async once(request: CreateRequest, create: () => Promise<CreateResult>): Promise<CreateResult> {
    const { principal, receipt } = request;
    if (receipt === undefined) return create();
    const name = JSON.stringify([principal, receipt.key]);
    const running = this.#running.get(name);
    if (running !== undefined) throw running === receipt.digest ? creationInProgress() : keyReused();
    this.#running.set(name, receipt.digest);
    try {
      const known = await this.#store.findReceipt(principal, receipt.key);
      if (known === undefined) return await create();
      if (known.digest !== receipt.digest) throw keyReused();
      return { body: known.body, sessionId: sessionIdOf(known), isReplay: true };
    } finally {
      this.#running.delete(name);
    }
  }
}

function sessionIdOf({ body }: CreationReceipt): string {
  const { sessionId } = JSON.parse(body) as { readonly sessionId: string };
  return sessionId;
}

/** Counts the sessions of each principal that have not ended, including creations in progress. */
export class OpenCounts {
  readonly #limit: number;
  readonly #counts = new Map<string, number>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Adds the sessions that exist already, however many. */
  addAll(counts: ReadonlyMap<string, number>): void {
    for (const [principal, count] of counts) {
      this.#counts.set(principal, (this.#counts.get(principal) ?? 0) + count);
    }
  }

  /** @throws GraphRunError `too-many-sessions`. */
  add(principal: string): void {
    const count = this.#counts.get(principal) ?? 0;
    if (count >= this.#limit) throw tooManySessions(this.#limit);
    this.#counts.set(principal, count + 1);
  }

  subtract(principal: string): void {
    const count = (this.#counts.get(principal) ?? 0) - 1;
    if (count > 0) this.#counts.set(principal, count);
    else this.#counts.delete(principal);
  }
}
