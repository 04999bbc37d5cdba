import type { Sessions } from '../../actions/create-sessions.js';
import type { PendingDeletion } from '../../controller/session-history-controller.js';
import { isTerminalStatus, type SessionSummary } from '../../protocol/session-summary.js';
import { errorText } from '../strings/error-text.js';
import { SessionCancelEvent, SessionDeleteEvent, SessionRerunEvent } from './host-events.js';
import type { PanelDialog } from './dialogs.js';
import type { PanelStrings } from '../strings/english.js';
import { watchedSummary } from '../session/watched-session.js';
import type { PanelNotice } from './toasts.js';

/** How long a notice stays that only confirms. */
const NOTICE_MS = 2500;

/** The panel, as far as what is done to sessions needs it. */
export interface OperationsHost {
  /** What the panel works with now. */
  readonly sessions: Partial<Sessions>;
  readonly strings: PanelStrings;
  /** False when the host of the panel takes over. */
  dispatchEvent(event: Event): boolean;
  requestUpdate(): void;
}

/**
 * What a person does to sessions: asks before something is lost, tells the host, acts, and says what
 * became of it. Every change of `dialog` and `notice` asks the panel for an update.
 */
export class PanelOperations {
  readonly #panel: OperationsHost;
  #dialog: PanelDialog | undefined;
  #notice: PanelNotice | undefined;
  #noticeTimer: ReturnType<typeof setTimeout> | undefined;
  /** Sessions that are about to be run again: one press, one run. */
  readonly #reruns = new Set<string>();

  constructor(panel: OperationsHost) {
    this.#panel = panel;
  }

  /** The dialog that is open. */
  get dialog(): PanelDialog | undefined {
    return this.#dialog;
  }

  set dialog(dialog: PanelDialog | undefined) {
    this.#dialog = dialog;
    this.#panel.requestUpdate();
  }

  /** What is said below the list. */
  get notice(): PanelNotice | undefined {
    return this.#notice;
  }

  /** Lets go of what is timed. */
  stop(): void {
    if (this.#notice?.isError === false) this.say(undefined);
  }

  /** Asks, because what a run has not done yet is lost. */
  cancel(sessionId: string): void {
    this.#ask('cancel', sessionId);
  }

  /** What has ended is deleted without asking, because it can be taken back; a run that is cut off cannot. */
  delete(sessionId: string): void {
    if (this.#isUnderWay(sessionId)) return;
    const session = this.#panel.sessions.history?.getSession(sessionId);
    if (session === undefined || !isTerminalStatus(session.status)) this.#ask('delete', sessionId);
    else this.#deleteLater([sessionId]);
  }

  /** Asks whether all that has finished is to be deleted. */
  clearFinished(): void {
    const sessionIds = this.#panel.sessions.history?.finishedIds ?? [];
    if (sessionIds.length > 0) this.dialog = { kind: 'clear', sessionIds };
  }

  /** Closes a dialog about a session that is no longer there. */
  closeOrphan(): void {
    const { dialog } = this;
    if (dialog === undefined || !('session' in dialog)) return;
    if (this.#sessionOf(dialog.session.sessionId) === undefined) this.dialog = undefined;
  }

  /** Does what the open dialog asked about, or not. */
  close(isConfirmed: boolean): void {
    const { dialog } = this;
    this.dialog = undefined;
    if (!isConfirmed || dialog === undefined) return;
    if (dialog.kind === 'clear') this.#deleteLater(dialog.sessionIds);
    else if (dialog.kind === 'cancel' || dialog.kind === 'delete') {
      this.#operate(dialog.kind, dialog.session.sessionId);
    }
  }

  /** Tries again what has failed. */
  retry(sessionId: string): void {
    const kind = this.#panel.sessions.history?.operationOf(sessionId)?.kind;
    if (kind === 'cancel' || kind === 'delete') this.#operate(kind, sessionId);
    else if (kind === 'rename') this.rename(sessionId);
    else if (kind === 'pin') this.togglePin(sessionId);
  }

  /** Asks for another title. */
  rename(sessionId: string): void {
    const session = this.#panel.sessions.history?.getSession(sessionId);
    if (session !== undefined) this.dialog = { kind: 'rename', session };
  }

  /** Gives the session of the open dialog its title; undefined leaves it. */
  closeRename(title: string | undefined): void {
    const { dialog } = this;
    this.dialog = undefined;
    if (dialog?.kind !== 'rename' || title === undefined) return;
    void this.#panel.sessions.actions?.rename(dialog.session.sessionId, title);
  }

  togglePin(sessionId: string): void {
    const { history, actions } = this.#panel.sessions;
    void actions?.setPinned(sessionId, history?.getSession(sessionId)?.pinned !== true);
  }

  /** Runs the plan of an ended session again; a failure is said below the list. */
  async rerun(sessionId: string): Promise<void> {
    const { actions, history } = this.#panel.sessions;
    const session = history?.getSession(sessionId);
    if (session === undefined || !isTerminalStatus(session.status) || this.#reruns.has(sessionId)) return;
    if (!this.#panel.dispatchEvent(new SessionRerunEvent(sessionId))) return;
    this.#reruns.add(sessionId);
    try {
      await actions?.rerun(sessionId);
    } catch (error) {
      const { strings } = this.#panel;
      this.say({ text: strings.rerunFailed(errorText(error, strings)), isError: true });
    } finally {
      this.#reruns.delete(sessionId);
    }
  }

  /** Puts the id of a session on the clipboard, and says whether that worked. */
  async copyId(sessionId: string): Promise<void> {
    const { strings } = this.#panel;
    try {
      await navigator.clipboard.writeText(sessionId);
      this.say({ text: strings.copiedId, isError: false });
    } catch {
      // The browser refused, or the page is not served securely.
      this.say({ text: strings.copyFailed, isError: true });
    }
  }

  /** Takes a deletion back. */
  undo(deletion: PendingDeletion): void {
    this.#panel.sessions.actions?.undoDelete(deletion.id);
  }

  /** Says something below the list; what only confirms goes by itself. Undefined takes it away. */
  say(notice: PanelNotice | undefined): void {
    clearTimeout(this.#noticeTimer);
    this.#notice = notice;
    this.#panel.requestUpdate();
    if (notice?.isError === false) this.#noticeTimer = setTimeout(() => this.say(undefined), NOTICE_MS);
  }

  #isUnderWay(sessionId: string): boolean {
    const operation = this.#panel.sessions.history?.operationOf(sessionId);
    return operation !== undefined && operation.error === undefined;
  }

  #ask(kind: 'cancel' | 'delete', sessionId: string): void {
    const session = this.#sessionOf(sessionId);
    if (session !== undefined && !this.#isUnderWay(sessionId)) this.dialog = { kind, session };
  }

  /** A session of the list, or the watched one, which need not be in it. */
  #sessionOf(sessionId: string): SessionSummary | undefined {
    const { history, run } = this.#panel.sessions;
    const watched = run === undefined ? undefined : watchedSummary(run, history);
    return history?.getSession(sessionId) ?? (watched?.sessionId === sessionId ? watched : undefined);
  }

  #operate(kind: 'cancel' | 'delete', sessionId: string): void {
    const { actions } = this.#panel.sessions;
    const event = kind === 'cancel' ? new SessionCancelEvent(sessionId) : new SessionDeleteEvent(sessionId);
    if (!this.#panel.dispatchEvent(event)) return;
    void (kind === 'cancel' ? actions?.cancel(sessionId) : actions?.delete(sessionId));
  }

  #deleteLater(sessionIds: readonly string[]): void {
    const allowed = sessionIds.filter((sessionId) =>
      this.#panel.dispatchEvent(new SessionDeleteEvent(sessionId)),
    );
    if (allowed.length > 0) this.#panel.sessions.actions?.deleteLater(allowed);
  }
}
