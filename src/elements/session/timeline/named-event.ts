import type { GraphRunEvent } from '../../../protocol/events.js';

/** What a mark stands for; where several are at one place, the first of these is drawn. */
export type MarkKind = 'failed' | 'asks' | 'step';

/** The mark of an event that a person would name: a node starts or ends, a question, an answer. Undefined for others. */
export function markOf({ type }: GraphRunEvent): MarkKind | undefined {
  switch (type) {
    case 'nodeError':
    case 'graphError':
      return 'failed';
    case 'inputRequired':
      return 'asks';
    case 'inputResolved':
    case 'graphStart':
    case 'graphComplete':
    case 'graphCancelled':
    case 'nodeStart':
    case 'nodeEnd':
    case 'nodeSkipped':
    case 'nodeRetry':
      return 'step';
    default:
      return undefined;
  }
}
