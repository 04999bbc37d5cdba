import type { RerunOptions, SessionActions } from '../../actions/session-actions.js';
import type { Answer } from '../../protocol/questions/interactions.js';
import type { SessionFilter } from '../../controller/session-filter.js';

/** A tab of a session. */
export type SessionTab = 'activity' | 'timeline' | 'events';

/** The tabs of a session in their order. */
export const SESSION_TABS: readonly SessionTab[] = ['activity', 'timeline', 'events'];

/** True for the name of a tab. */
export function isSessionTab(name: string | undefined): name is SessionTab {
  return SESSION_TABS.some((tab) => tab === name);
}

/** The part of a plan that runs again, and its inputs. */
export type RerunChoice = Pick<RerunOptions, 'from' | 'inputs'>;

/** A place in the sessions of a graph, which a link can lead to. */
export interface SessionPlace {
  readonly sessionId: string;
  /** The graph of the session, where the panel lists all graphs and knows it. */
  readonly graphId?: string;
  /** The tab; undefined: the one that is shown. */
  readonly view?: SessionTab;
  /** Id of a node of the session. */
  readonly nodeId?: string;
  /** Index of an event of the session. */
  readonly eventIndex?: number;
  /** Index of the event after which the session is shown as it was; undefined: the newest. */
  readonly moment?: number;
}

/** Commands of a person, from anywhere in the panel. The panel asks for confirmation, notifies the host, and acts. */
export interface PanelCommands {
  /** Open a session. */
  connect(sessionId: string): void;
  /** Stop watching the open session. */
  disconnect(): void;
  /** Leave the session for the list, where there is no room for both. */
  back(): void;
  cancel(sessionId: string): void;
  delete(sessionId: string): void;
  /** Select a row of the list, or take it out of the selection. */
  select?(sessionId: string): void;
  /** Cancel runs, all with one confirmation. */
  cancelMany?(sessionIds: readonly string[]): void;
  /** Delete sessions, all with one undo. */
  deleteMany?(sessionIds: readonly string[]): void;
  /** Download sessions, each as a file. */
  downloadMany?(sessionIds: readonly string[]): void;
  /** Say something to those who use a screen reader. */
  announce?(text: string): void;
  /** Try a cancel or delete again that has failed. */
  retryOperation(sessionId: string): void;
  answer(interactionId: string, answer: Answer): void;
  /** Save the unsent input of a question; `overridesOther`: instead of the draft of another tab. */
  saveDraft(interactionId: string, draft: unknown, overridesOther?: boolean): void;
  /** Dismiss the notice that a question was answered elsewhere. */
  dismissClosed(interactionId: string): void;
  /** Show other sessions in the list. */
  setFilter(filter: SessionFilter): void;
  /** Start another run of a session's plan: all of it, from a node, or with other inputs. */
  rerun(sessionId: string, options?: RerunChoice): void;
  /** Show the answers of the open session, to run it again with them. */
  rerunWithAnswers?(sessionId: string): void;
  /** Ask for another title of a session. */
  rename(sessionId: string): void;
  /** Put a session on top of the list, or back. */
  togglePin(sessionId: string): void;
  /** Move the focus to a useful place: the element that had it is gone. */
  focusLost(): void;
  /** Put a session's id on the clipboard. */
  copyId(sessionId: string): void;
  /** Returns the host's link to a place; undefined where the host gives none. */
  linkTo?(place: SessionPlace): string | undefined;
  /** Put the host's link to a place on the clipboard. */
  copyLink?(place: SessionPlace): void;
  /** Put a session, or one node of it, on the clipboard as Markdown. */
  copyMarkdown?(sessionId: string, nodeId?: string): void;
  /** Download a session as a file. */
  download?(sessionId: string): void;
  /** Show another tab of the open session. */
  showTab?(tab: SessionTab): void;
  /** Report that a node or event that a link leads to is not there. */
  reportMissing?(text: string): void;
  /** Show the open session as it was after the event with this index; undefined: the newest, as it comes. `isByHost`: the host has named it. */
  seek?(index: number | undefined, isByHost?: boolean): void;
  /** List the next older sessions. */
  showOlder?(): void;
  /** Open the inbox. */
  openInbox(): void;
  /** Reconnect at once everything that waits or has given up. */
  retryNow(): void;
}

/** Capabilities of the service that a row offers. */
export type RowCapabilities = Partial<
  Pick<
    SessionActions['capabilities'],
    'rename' | 'pin' | 'rerun' | 'rerunFrom' | 'cancel' | 'delete' | 'olderSessions' | 'readOnly'
  >
>;

const COMPARED = [
  'rename',
  'pin',
  'rerun',
  'rerunFrom',
  'cancel',
  'delete',
  'olderSessions',
  'readOnly',
] as const;

/** True when the service lets a person stop runs. */
export function canCancel({ cancel, readOnly }: RowCapabilities): boolean {
  return cancel !== false && readOnly !== true;
}

/** True when the service lets a person delete sessions. */
export function canDelete({ delete: isPossible, readOnly }: RowCapabilities): boolean {
  return isPossible !== false && readOnly !== true;
}

/**
 * True when the service has other capabilities than before. A service may return a new object each time, for which an
 * element must not render.
 */
export function areOtherCapabilities(now: RowCapabilities, before: RowCapabilities | undefined): boolean {
  return COMPARED.some((name) => now[name] !== before?.[name]);
}
