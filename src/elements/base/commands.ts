import type { Answer } from '../../protocol/interactions.js';
import type { SessionFilter } from '../../controller/session-filter.js';

/** What a person asks for, from anywhere in the panel. The panel asks back, tells the host, and acts. */
export interface PanelCommands {
  /** Open a session. */
  connect(sessionId: string): void;
  /** Stop watching the open session. */
  disconnect(): void;
  /** Leave the session for the list, where there is no room for both. */
  back(): void;
  cancel(sessionId: string): void;
  delete(sessionId: string): void;
  /** Try a cancel or delete again that has failed. */
  retryOperation(sessionId: string): void;
  answer(interactionId: string, answer: Answer): void;
  /** Keep what was typed into a question and not sent; `overridesOther`: instead of what another tab has. */
  saveDraft(interactionId: string, draft: unknown, overridesOther?: boolean): void;
  /** Take away the note that a question was answered elsewhere. */
  dismissClosed(interactionId: string): void;
  /** Show other sessions in the list. */
  setFilter(filter: SessionFilter): void;
  /** Start another run of a session's plan. */
  rerun(sessionId: string): void;
  /** Ask for another title of a session. */
  rename(sessionId: string): void;
  /** Put a session on top of the list, or back. */
  togglePin(sessionId: string): void;
  /** Put the focus where it is of use: what had it has gone. */
  focusLost(): void;
  /** Put a session's id on the clipboard. */
  copyId(sessionId: string): void;
  /** Try at once to reconnect whatever waits or has given up. */
  retryNow(): void;
}
