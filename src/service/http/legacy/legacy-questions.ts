import type { GraphRunEvent, GraphRunEventBody } from '../../../protocol/events.js';

/** The answer to a question, as the log shows it. */
export type AnsweredQuestion = Extract<GraphRunEventBody, { type: 'inputResolved' }>;

/** Infers the event of an answer from an answered question. */
export function answerOf({ nodeId, interactionId }: Question): AnsweredQuestion {
  return { type: 'inputResolved', nodeId, interactionId, by: 'response' };
}

interface Question {
  readonly nodeId: string;
  readonly interactionId: string;
}

/**
 * Tracks the open questions of a server that never reports an answer. Each node has at most one, and the next event of
 * the node shows that it was answered.
 */
export class LegacyQuestions {
  /** `interactionId` by node. */
  readonly #open = new Map<string, string>();

  /** True while the node waits for the answer to this question. */
  isOpen(nodeId: string, interactionId: string): boolean {
    return this.#open.get(nodeId) === interactionId;
  }

  /** Takes the next event; returns the answer that it shows, if any. */
  take(event: GraphRunEvent): AnsweredQuestion | undefined {
    switch (event.type) {
      case 'inputRequired': {
        const { nodeId, interactionId } = event;
        const answered = this.isOpen(nodeId, interactionId) ? undefined : this.#close(nodeId);
        this.#open.set(nodeId, interactionId);
        return answered;
      }
      case 'agentEvent':
      case 'nodeEnd':
      case 'nodeError':
        return event.nodeId === undefined ? undefined : this.#close(event.nodeId);
      default:
        return undefined;
    }
  }

  #close(nodeId: string): AnsweredQuestion | undefined {
    const interactionId = this.#open.get(nodeId);
    if (interactionId === undefined) return undefined;
    this.#open.delete(nodeId);
    return answerOf({ nodeId, interactionId });
  }
}
