import type { SessionHistoryController } from '../../controller/session-history-controller.js';
import type { PanelMemory } from '../base/view-memory.js';

/** Remembers for a tab of the browser whether its inbox is open, so that it is open again after the page was reloaded. */
export class InboxMemory {
  #isRecalled = false;

  /** Remembers that the inbox of a graph was opened or left. */
  set(memory: PanelMemory, graphId: string | undefined, isOpen: boolean): void {
    if (graphId !== undefined) memory.ofTab?.write(nameOf(graphId), isOpen ? 'open' : '');
  }

  /** True once, when the first list of the page has arrived, if its inbox was open and something waits. */
  recall(memory: PanelMemory, history: SessionHistoryController | undefined): boolean {
    const graphId = history?.graphId;
    if (this.#isRecalled || history?.isLoaded !== true || graphId === undefined) return false;
    this.#isRecalled = true;
    return memory.ofTab?.read(nameOf(graphId)) === 'open' && history.needsInputCount > 0;
  }
}

function nameOf(graphId: string): string {
  return `inbox.${graphId}`;
}
