import { isEmittedEvent, type GraphRunEvent } from '../protocol/events.js';

/** The logged history of a node that is run again from its start. */
export interface NodeHistory {
  /** Ids of its questions, in order, over all attempts: no question is asked twice. */
  readonly interactionIds: readonly string[];
  /** Number of events that it emitted in its newest attempt. */
  readonly emitCount: number;
}

/** The history of a node that starts for the first time. */
export const NO_HISTORY: NodeHistory = { interactionIds: [], emitCount: 0 };

/** Reads the history of a node from the pages of a log. */
export async function readNodeHistory(
  pages: AsyncIterable<readonly GraphRunEvent[]>,
  nodeId: string,
): Promise<NodeHistory> {
  const interactionIds: string[] = [];
  let emitCount = 0;
  for await (const events of pages) {
    for (const event of events) {
      if (!('nodeId' in event) || event.nodeId !== nodeId) continue;
      if (event.type === 'nodeRetry') emitCount = 0;
      if (isEmittedEvent(event)) emitCount += 1;
      if (event.type === 'inputRequired') interactionIds.push(event.interactionId);
    }
  }
  return { interactionIds, emitCount };
}
