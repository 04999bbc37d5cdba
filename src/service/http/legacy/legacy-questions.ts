import type { GraphRunEvent, GraphRunEventBody } from '../../../protocol/events.js';

/** A question of which the log shows that it was answered. */
export type AnsweredQuestion = Extract<GraphRunEventBody, { type: 'inputResolved' }>;

/** What has to be concluded when a question turns out to be answered. */
export function answerOf({ nodeId, interactionId }: Question): AnsweredQuestion {
  return { type: 'inputResolved', nodeId, interactionId, by: 'response' };
}

interface Question {
  readonly nodeId: string;
  readonly interactionId: string;
}

/**
 * The open questions of a server that never says when one was answered. It has at most one per node,
 * and the node's next sign of life is what tells of the answer.
 */
export class LegacyQuestions {
  /** `interactionId` by node. */
  readonly #open = new Map<string, string>();

  /** True while the node waits for the answer to this question. */
  isOpen(nodeId: string, interactionId: string): boolean {
    return this.#open.get(nodeId) === interactionId;
  }

  /** Takes the next event; returns the question that it shows to be answered, if any. */
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
        return this.#close(event.nodeId);
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
