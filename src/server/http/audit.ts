import type { SessionRecord } from '../store/session-store.js';

/** An action of a person or program on a session; without what was answered, and without credentials. */
export interface AuditEvent {
  readonly action: 'create' | 'rerun' | 'resume' | 'cancel' | 'label' | 'delete';
  /** The owner of the session, who acted: see `Identity`. */
  readonly principal: string;
  readonly graphId: string;
  /** The session; for `create` and `rerun` the new one. */
  readonly sessionId: string;
  /** Milliseconds since 1970. */
  readonly timestampMs: number;
  /** Only with `resume`: the question that was answered. */
  readonly interactionId?: string;
  /** Only with `rerun`: the session whose plan the new one has. */
  readonly sourceSessionId?: string;
}

/**
 * Receives the actions that the server has accepted, each once, when its effect is durable: not those that it refused,
 * repetitions that change nothing, and what the server does by itself (retention, expired questions). No answer waits for it;
 * what it throws goes to `onError`. If the process ends in between, it is not called.
 */
export type OnAudit = (event: AuditEvent) => void | Promise<void>;

/** Dependencies of `Audit`. */
export interface AuditOptions {
  readonly onAudit?: OnAudit;
  readonly now?: () => number;
  readonly onError: (error: unknown) => void;
}

/** Reports the actions that a server has accepted. */
export class Audit {
  readonly #options: AuditOptions;

  constructor(options: AuditOptions) {
    this.#options = options;
  }

  /** Reports one action. Never throws. */
  report(
    action: AuditEvent['action'],
    { principal, graphId, sessionId }: Pick<SessionRecord, 'principal' | 'graphId' | 'sessionId'>,
    more: Pick<AuditEvent, 'interactionId' | 'sourceSessionId'> = {},
  ): void {
    const { onAudit, now = Date.now, onError } = this.#options;
    if (onAudit === undefined) return;
    const event: AuditEvent = { action, principal, graphId, sessionId, timestampMs: now(), ...more };
    const call = async (): Promise<void> => onAudit(event);
    call().catch((error: unknown) => onError(new Error('“onAudit” failed.', { cause: error })));
  }
}
