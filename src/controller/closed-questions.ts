import { Signal } from 'signal-polyfill';
import type { Interaction } from '../protocol/questions/interactions.js';
import { isSameJson, type JsonObject } from '../protocol/values/json.js';
import { isTerminalStatus } from '../protocol/session-summary.js';
import { hasEnded } from '../protocol/has-ended.js';
import type { SessionState } from '../protocol/session-state.js';

/** A question that closed while a person saw it open and had not answered it here. */
export interface ClosedQuestion {
  readonly interaction: Interaction;
  /**
   * `nodeEnded`: the node that asked failed, was skipped or completed without an answer; `ended`: the session has ended.
   * Either way the answer is no longer needed.
   */
  readonly reason: 'answered' | 'expired' | 'nodeEnded' | 'ended';
  /** The answer that was given elsewhere, if the log has it; as text: `answerText`. */
  readonly response?: JsonObject;
  /** The draft that was typed here and can no longer be sent. */
  readonly unsentDraft?: unknown;
  /** The answer that was sent from here and not accepted. */
  readonly unsentResponse?: JsonObject;
}

/** The questions of one session that closed without an answer from here. Backed by a signal. */
export class ClosedQuestions {
  readonly #all = new Signal.State<readonly ClosedQuestion[]>([]);
  /** Answers sent from here, whatever their outcome. */
  readonly #sent = new Map<string, JsonObject>();
  /** Open questions that a person can have seen: not those that only pass by in a replay. */
  #seen: ReadonlyMap<string, Interaction> = new Map();

  /** The closed questions that have not been dismissed, oldest first. */
  get all(): readonly ClosedQuestion[] {
    return this.#all.get();
  }

  /** Remembers the open questions as visible to a person. */
  setSeen(pending: ReadonlyMap<string, Interaction>): void {
    this.#seen = pending;
  }

  /** Remembers an answer that is sent from here, to recognise it in the log. */
  rememberSent(interactionId: string, response: JsonObject): void {
    this.#sent.set(interactionId, response);
  }

  /**
   * Marks the questions that a person saw open and that `session` no longer has. Leaves out those of which
   * `isAnswering` is true: the sender of an answer learns first whether it was the accepted one.
   */
  markSeenClosed(session: SessionState, isAnswering: (interactionId: string) => boolean): void {
    if (this.#seen.size === 0) return;
    for (const [interactionId, interaction] of this.#seen) {
      if (!session.pending.has(interactionId) && !isAnswering(interactionId)) this.mark(interaction, session);
    }
    this.#seen = new Map([...this.#seen].filter(([interactionId]) => session.pending.has(interactionId)));
  }

  /**
   * Marks a question that is no longer open as closed by someone else. Does nothing if it was answered from
   * here, or by a headless run, or if `session` does not give a reason.
   */
  mark(interaction: Interaction, session: SessionState): void {
    const { by, response } = session.resolved.get(interaction.interactionId) ?? {};
    const reason = reasonOf(interaction, session);
    if (reason === undefined) return;
    const sent = this.#sent.get(interaction.interactionId);
    // The answer may have arrived although its confirmation was lost.
    const isOwn = response === undefined || (sent !== undefined && isSameJson(response, sent));
    if (by === 'response' && sent !== undefined && isOwn) return;
    const closed: ClosedQuestion = {
      interaction,
      reason,
      ...(response === undefined ? {} : { response }),
      ...(sent === undefined ? {} : { unsentResponse: sent }),
    };
    this.dismiss(interaction.interactionId);
    this.#all.set([...this.#all.get(), closed]);
  }

  /** Attaches the draft that was typed into a question before it closed. */
  attachUnsent(interactionId: string, unsentDraft: unknown): void {
    this.#all.set(
      this.#all
        .get()
        .map((closed) =>
          closed.interaction.interactionId === interactionId ? { ...closed, unsentDraft } : closed,
        ),
    );
  }

  /** Removes a closed question. */
  dismiss(interactionId: string): void {
    const before = this.#all.get();
    const left = before.filter((closed) => closed.interaction.interactionId !== interactionId);
    if (left.length < before.length) this.#all.set(left);
  }

  /** Removes everything, for another session. */
  clear(): void {
    this.#sent.clear();
    this.#all.set([]);
    this.#seen = new Map();
  }
}

function reasonOf(
  { interactionId, nodeId }: Interaction,
  { resolved, status, nodes }: SessionState,
): ClosedQuestion['reason'] | undefined {
  const by = resolved.get(interactionId)?.by;
  if (by === 'headless') return undefined;
  if (by !== undefined) return by === 'expired' ? 'expired' : 'answered';
  const nodeStatus = nodes.get(nodeId)?.status;
  // A cancelled node was stopped by the end of the session.
  if (nodeStatus !== undefined && nodeStatus !== 'cancelled' && hasEnded(nodeStatus)) return 'nodeEnded';
  return isTerminalStatus(status) ? 'ended' : undefined;
}
