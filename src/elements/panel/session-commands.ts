import type { Sessions } from '../../actions/create-sessions.js';
import type { PendingDeletion } from '../../controller/session-history-controller.js';
import { isTerminalStatus, type SessionSummary } from '../../protocol/session-summary.js';
import { errorText } from '../strings/error-text.js';
import { SessionCancelEvent, SessionDeleteEvent, SessionRerunEvent } from './host-events.js';
import type { PanelCommands, RerunChoice, SessionPlace } from '../base/commands.js';
import type { AnswerInputs } from '../rerun/rerun-dialog.js';
import { RERUN_PART } from '../rerun/rerun-part.js';
import type { PanelDialog } from './dialogs/dialogs.js';
import { DIALOGS_PART } from './dialogs/dialogs-part.js';
import type { FirstStrings } from '../strings/first-english.js';
import { withGraph } from './steering.js';
import { watchedSummary } from '../session/watched-session.js';
import type { PanelNotice } from './notices/toasts.js';

/** How long a confirming notice is shown. */
const NOTICE_MS = 2500;

/** The panel, as `SessionCommands` needs it. */
export interface SessionCommandsHost {
  readonly strings: FirstStrings;
  /** Returns the host's link to a place. */
  readonly linkTo: ((place: SessionPlace) => string | undefined) | undefined;
  /** Returns false when the host of the panel takes over. */
  dispatchEvent(event: Event): boolean;
  requestUpdate(): void;
}

/** The part of `PanelCommands` that changes sessions. */
type CommandsOnSessions = Pick<
  PanelCommands,
  | 'cancel'
  | 'delete'
  | 'cancelMany'
  | 'deleteMany'
  | 'retryOperation'
  | 'rerun'
  | 'rerunWithAnswers'
  | 'rename'
  | 'togglePin'
  | 'copyId'
  | 'copyLink'
>;

/**
 * Commands of a person on sessions: asks for confirmation before data is lost, fires an event for the
 * host, acts, and reports the outcome. Every change of `dialog` and `notice` requests an update of the panel.
 *
 * The methods of `PanelCommands` are fields: so the panel can spread them into its own commands.
 */
export class SessionCommands implements CommandsOnSessions {
  readonly #panel: SessionCommandsHost;
  readonly #getSessions: () => Partial<Sessions>;
  #dialog: PanelDialog | undefined;
  /** The dialog that a person asked for last; its code may still be loading. */
  #wanted: PanelDialog | undefined;
  #notice: PanelNotice | undefined;
  #noticeTimer: ReturnType<typeof setTimeout> | undefined;
  /** Sessions whose rerun is being started: one press starts one run. */
  readonly #reruns = new Set<string>();

  /** @param getSessions returns the current state and actions of the panel. */
  constructor(panel: SessionCommandsHost, getSessions: () => Partial<Sessions>) {
    this.#panel = panel;
    this.#getSessions = getSessions;
  }

  /** The open dialog. One that is set opens as soon as its code is loaded, unless another one was set by then. */
  get dialog(): PanelDialog | undefined {
    return this.#dialog;
  }

  set dialog(dialog: PanelDialog | undefined) {
    this.#wanted = dialog;
    if (dialog === undefined || DIALOGS_PART.module !== undefined) this.#show(dialog);
    else void this.#load(dialog);
  }

  #show(dialog: PanelDialog | undefined): void {
    this.#dialog = dialog;
    this.#panel.requestUpdate();
  }

  async #load(dialog: PanelDialog): Promise<void> {
    const isLoaded = await DIALOGS_PART.load();
    if (this.#wanted !== dialog) return;
    if (isLoaded) this.#show(dialog);
    else this.say({ text: this.#panel.strings.partFailed, isError: true });
  }

  /** The message below the list. */
  get notice(): PanelNotice | undefined {
    return this.#notice;
  }

  /** Removes a confirming notice and stops its timer. */
  stop(): void {
    if (this.#notice?.isError === false) this.say(undefined);
  }

  /** Asks for confirmation, because the rest of the run is lost. */
  readonly cancel = (sessionId: string): void => {
    this.#ask('cancel', sessionId);
  };

  /** Deletes an ended session without asking, because that can be undone; asks before it cuts off a run. */
  readonly delete = (sessionId: string): void => {
    if (this.#isUnderWay(sessionId)) return;
    const session = this.#getSessions().history?.getSession(sessionId);
    if (session === undefined || !isTerminalStatus(session.status)) this.#ask('delete', sessionId);
    else this.#deleteLater([sessionId]);
  };

  /** Asks once for confirmation, and cancels all of the runs. */
  readonly cancelMany = (sessionIds: readonly string[]): void => {
    const [first, ...others] = sessionIds.filter((sessionId) => this.#isRunning(sessionId));
    if (first === undefined) return;
    if (others.length === 0) this.cancel(first);
    else this.dialog = { kind: 'cancel-many', sessionIds: [first, ...others] };
  };

  /** Deletes sessions with one undo for all; asks before it cuts off a run. */
  readonly deleteMany = (sessionIds: readonly string[]): void => {
    const free = sessionIds.filter((sessionId) => !this.#isUnderWay(sessionId));
    const running = free.filter((sessionId) => this.#isRunning(sessionId)).length;
    const [first, ...others] = free;
    if (first !== undefined && others.length === 0) this.delete(first);
    else if (running > 0) this.dialog = { kind: 'delete-many', sessionIds: free, running };
    else this.#deleteLater(free);
  };

  /** Asks whether to delete all finished sessions. */
  clearFinished(): void {
    const sessionIds = this.#getSessions().history?.finishedIds ?? [];
    if (sessionIds.length > 0) this.dialog = { kind: 'clear', sessionIds };
  }

  /** Closes a dialog whose session no longer exists. */
  closeOrphan(): void {
    const { dialog } = this;
    if (dialog === undefined || !('session' in dialog)) return;
    if (this.#sessionOf(dialog.session.sessionId) === undefined) this.dialog = undefined;
  }

  /** Closes the open dialog and, if confirmed, does what it asked about. */
  close(isConfirmed: boolean): void {
    const { dialog } = this;
    this.dialog = undefined;
    if (!isConfirmed || dialog === undefined) return;
    if (dialog.kind === 'clear' || dialog.kind === 'delete-many') this.#deleteLater(dialog.sessionIds);
    else if (dialog.kind === 'cancel-many') this.#cancelMany(dialog.sessionIds);
    else if (dialog.kind === 'cancel' || dialog.kind === 'delete') {
      this.#operate(dialog.kind, dialog.session.sessionId);
    }
  }

  /** Repeats the failed operation of a session. */
  readonly retryOperation = (sessionId: string): void => {
    const kind = this.#getSessions().history?.operationOf(sessionId)?.kind;
    if (kind === 'cancel' || kind === 'delete') this.#operate(kind, sessionId);
    else if (kind === 'rename') this.rename(sessionId);
    else if (kind === 'pin') this.togglePin(sessionId);
  };

  /** Opens the dialog for a new title. */
  readonly rename = (sessionId: string): void => {
    const session = this.#getSessions().history?.getSession(sessionId);
    if (session !== undefined) this.dialog = { kind: 'rename', session };
  };

  /** Closes the dialog and renames its session; undefined keeps the title. */
  closeRename(title: string | undefined): void {
    const { dialog } = this;
    this.dialog = undefined;
    if (dialog?.kind !== 'rename' || title === undefined) return;
    void this.#getSessions().actions?.rename(dialog.session.sessionId, title);
  }

  readonly togglePin = (sessionId: string): void => {
    const { history, actions } = this.#getSessions();
    void actions?.setPinned(sessionId, history?.getSession(sessionId)?.pinned !== true);
  };

  /** Runs the plan of an ended session again, or a part of it; a failure is shown below the list. */
  readonly rerun = async (sessionId: string, options: RerunChoice = {}): Promise<void> => {
    const { actions, history } = this.#getSessions();
    const session = history?.getSession(sessionId);
    if (session === undefined || !isTerminalStatus(session.status) || this.#reruns.has(sessionId)) return;
    if (!this.#panel.dispatchEvent(new SessionRerunEvent(sessionId, options))) return;
    this.#reruns.add(sessionId);
    try {
      await actions?.rerun(sessionId, options);
    } catch (error) {
      const { strings } = this.#panel;
      this.say({ text: strings.rerunFailed(errorText(error, strings)), isError: true });
    } finally {
      this.#reruns.delete(sessionId);
    }
  };

  /** Opens the dialog with the answers of the open session, whose code is loaded when it is first shown. */
  readonly rerunWithAnswers = async (sessionId: string): Promise<void> => {
    await RERUN_PART.load();
    const { run } = this.#getSessions();
    const session = this.#sessionOf(sessionId);
    const { module } = RERUN_PART;
    const { strings } = this.#panel;
    if (module === undefined) this.say({ text: strings.partFailed, isError: true });
    else if (session !== undefined && run?.sessionId === sessionId) {
      this.dialog = { kind: 'rerun', session, kept: module.keptAnswers(run) };
    }
  };

  /** Closes the dialog with the answers, and runs its session again with them; undefined: does not run it. */
  closeRerun(inputs: AnswerInputs | undefined): void {
    const { dialog } = this;
    this.dialog = undefined;
    if (dialog?.kind !== 'rerun' || inputs === undefined) return;
    void this.rerun(dialog.session.sessionId, { inputs });
  }

  /** Copies the id of a session to the clipboard and shows whether that worked. */
  readonly copyId = (sessionId: string): Promise<void> => this.#copy(sessionId, this.#panel.strings.copiedId);

  /** Copies the host's link to a place to the clipboard and shows whether that worked. */
  readonly copyLink = async (place: SessionPlace): Promise<void> => {
    const link = this.#panel.linkTo?.(withGraph(place, this.#getSessions()));
    if (link !== undefined) await this.#copy(link, this.#panel.strings.copiedLink);
  };

  async #copy(text: string, done: string): Promise<void> {
    const { strings } = this.#panel;
    try {
      await navigator.clipboard.writeText(text);
      this.say({ text: done, isError: false });
    } catch {
      // The browser refused, or the page is not served securely.
      this.say({ text: strings.copyFailed, isError: true });
    }
  }

  /** Undoes a deletion. */
  undo(deletion: PendingDeletion): void {
    this.#getSessions().actions?.undoDelete(deletion.id);
  }

  /** Shows a notice below the list; a confirming one disappears by itself. Undefined removes it. */
  say(notice: PanelNotice | undefined): void {
    clearTimeout(this.#noticeTimer);
    this.#notice = notice;
    this.#panel.requestUpdate();
    if (notice?.isError === false) this.#noticeTimer = setTimeout(() => this.say(undefined), NOTICE_MS);
  }

  #isUnderWay(sessionId: string): boolean {
    const operation = this.#getSessions().history?.operationOf(sessionId);
    return operation !== undefined && operation.error === undefined;
  }

  #ask(kind: 'cancel' | 'delete', sessionId: string): void {
    const session = this.#sessionOf(sessionId);
    if (session !== undefined && !this.#isUnderWay(sessionId)) this.dialog = { kind, session };
  }

  /** Finds a session in the list, or the watched one, which may be missing there. */
  #sessionOf(sessionId: string): SessionSummary | undefined {
    const { history, run } = this.#getSessions();
    const watched = run === undefined ? undefined : watchedSummary(run, history);
    return history?.getSession(sessionId) ?? (watched?.sessionId === sessionId ? watched : undefined);
  }

  #operate(kind: 'cancel' | 'delete', sessionId: string): void {
    const { actions } = this.#getSessions();
    const event = kind === 'cancel' ? new SessionCancelEvent(sessionId) : new SessionDeleteEvent(sessionId);
    if (!this.#panel.dispatchEvent(event)) return;
    void (kind === 'cancel' ? actions?.cancel(sessionId) : actions?.delete(sessionId));
  }

  #isRunning(sessionId: string): boolean {
    const session = this.#getSessions().history?.getSession(sessionId);
    return session !== undefined && !isTerminalStatus(session.status) && !this.#isUnderWay(sessionId);
  }

  #cancelMany(sessionIds: readonly string[]): void {
    const { actions } = this.#getSessions();
    // Some may have ended while the dialog was open.
    const allowed = sessionIds.filter(
      (sessionId) =>
        this.#isRunning(sessionId) && this.#panel.dispatchEvent(new SessionCancelEvent(sessionId)),
    );
    if (actions?.cancelMany !== undefined) void actions.cancelMany(allowed);
    else for (const sessionId of allowed) void actions?.cancel(sessionId);
  }

  #deleteLater(sessionIds: readonly string[]): void {
    const allowed = sessionIds.filter((sessionId) =>
      this.#panel.dispatchEvent(new SessionDeleteEvent(sessionId)),
    );
    if (allowed.length > 0) this.#getSessions().actions?.deleteLater(allowed);
  }
}
