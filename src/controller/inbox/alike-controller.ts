import { Signal } from 'signal-polyfill';
import type { Answer, Interaction } from '../../protocol/questions/interactions.js';
import type { GraphRunError } from '../../protocol/problems.js';

/**
 * What is known of a session that may get the same answer: whether it asks the same (`different` and `unreachable`: it
 * gets none), and then whether the answer was accepted.
 */
export type AlikePhase = 'checking' | 'same' | 'different' | 'unreachable' | 'sending' | 'sent' | 'failed';

/** A session that may get the same answer. */
export interface AlikeTarget {
  readonly sessionId: string;
  readonly phase: AlikePhase;
  /** Its question; undefined before it was read. */
  readonly interaction?: Interaction;
  /** Why the answer was not accepted. */
  readonly error?: GraphRunError;
}

/** An answer that a person wants to give to the same question of several sessions. */
export interface AlikeProposal {
  readonly interaction: Interaction;
  readonly answer: Answer;
}

/** The answer to several sessions at once, from the proposal to the report. All getters are backed by signals. */
export class AlikeController {
  readonly #proposal = new Signal.State<AlikeProposal | undefined>(undefined);
  readonly #targets = new Signal.State<readonly AlikeTarget[]>([]);

  /** The proposed answer; undefined while there is none. */
  get proposal(): AlikeProposal | undefined {
    return this.#proposal.get();
  }

  /** The sessions, in the order of the queue. */
  get targets(): readonly AlikeTarget[] {
    return this.#targets.get();
  }

  /** Sets the proposal and its sessions; undefined ends it. */
  propose(proposal: AlikeProposal | undefined, targets: readonly AlikeTarget[] = []): void {
    this.#proposal.set(proposal);
    this.#targets.set(targets);
  }

  /** Replaces what is known of a session; does nothing for one that is not among the targets. */
  set(target: AlikeTarget): void {
    this.#targets.set(
      this.#targets.get().map((other) => (other.sessionId === target.sessionId ? target : other)),
    );
  }
}
