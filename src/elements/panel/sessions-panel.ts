import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Sessions } from '../../actions/create-sessions.js';
import type { SessionActions } from '../../actions/session-actions.js';
import type { FailedAnswer } from '../../controller/inbox/inbox-controller.js';
import type { PendingDeletion } from '../../controller/session-history-controller.js';
import { nextRetry } from '../../controller/next-retry.js';
import type { Answer } from '../../protocol/questions/interactions.js';
import { canDelete, isSessionTab, type PanelCommands } from '../base/commands.js';
import { HostColorScheme } from '../base/host-color-scheme.js';
import { dialogStyles } from '../theme/dialog.styles.js';
import { fileTarget } from '../files/file-target.js';
import type { FileEntry, OpenFile } from '../files/opened-files.js';
import { SessionFiles } from '../files/session-files.js';
import { Attention } from './notices/attention.js';
import { SessionConnectEvent, SessionDisconnectEvent, SessionSeekEvent } from './host-events.js';
import { ListFinder } from './list-finder.js';
import { ListSplitter } from './list-splitter.js';
import { OwnSessions } from './own-sessions.js';
import { fetchAhead, retryParts } from '../parts/fetch-ahead.js';
import type { LazyPart } from '../parts/lazy-part.js';
import { PartPlace } from '../parts/part-place.js';
import { partStyles } from '../parts/part.styles.js';
import { SESSION_PART } from '../session/session-part.js';
import { INBOX_PART } from '../inbox/inbox-part.js';
import { panelParts } from './panel-parts.js';
import { PanelFocus } from './panel-focus.js';
import { PanelInbox } from './panel-inbox.js';
import { PanelOptions } from './panel-options.js';
import { panelKeyOf, type PanelKey } from './panel-keys.js';
import { countNextKey } from '../base/next-key.js';
import { renderToolbar, renderToolbarMenu } from './toolbar.js';
import { renderBell, waitingSessions } from './notices/notifications.js';
import { panelStyles } from './sessions-panel.styles.js';
import { isOfOtherCopy, renderOtherCopy } from '../base/other-copy.js';
import { untracked } from '../base/signal-element.js';
import { parseDensity, type ListDensity } from '../list/list-density.js';
import { SessionCommands } from './session-commands.js';
import { SessionStart } from './session-start.js';
import { Steering, withGraph } from './steering.js';
import type { SessionView } from '../session/session-view.js';
import type { Target } from '../session/target-place.js';
import { DIALOGS_PART } from './dialogs/dialogs-part.js';
import { filterStyles } from '../list/filter-bar.styles.js';
import { noticeStyles } from '../theme/notice.styles.js';
import { statusStyles } from '../theme/status.styles.js';
import { theme } from '../theme/theme.js';
import { ResizeController } from '../base/resize-controller.js';
import { renderToasts } from './notices/toasts.js';
import { UndoHold } from '../base/undo-hold.js';
import { toastStyles } from './notices/toasts.styles.js';
import { EXPORTED_PARTS } from '../base/part-names.js';

/** Name of the density in the memory of the panel. */
const DENSITY = 'density';

/**
 * A live list of a graph's sessions, or of all graphs, and one opened session: replayed, followed, answered. Set
 * `history`, `run` and `actions` from `createSessions(service)`, or, in plain HTML, the `endpoint`.
 *
 * When the panel is removed, sessions created by the host are left as they are; those it created itself for an
 * `endpoint` are disposed. Neither affects the runs.
 *
 * @element sessions-panel
 *
 * @fires {SessionConnectEvent} session-connect - A session is about to be opened. Cancelable.
 * @fires {SessionDisconnectEvent} session-disconnect - The panel is about to stop watching. Cancelable.
 * @fires {SessionCancelEvent} session-cancel - A confirmed cancel is about to be sent. Cancelable.
 * @fires {SessionDeleteEvent} session-delete - A session is about to be deleted: confirmed, or with five seconds to undo. Cancelable.
 * @fires {SessionRerunEvent} session-rerun - A session is about to be run again. Cancelable.
 * @fires {SessionSeekEvent} session-seek - Another moment of the opened session is about to be shown. Cancelable.
 * @fires {SessionStartEvent} session-start - A person starts a session (`can-start`): a listener may change its `request`. Cancelable.
 * @fires {PlaceChangeEvent} place-change - A person or an action has opened another session, or another tab of it.
 * @fires {NeedsInputChangeEvent} needs-input-change - The number of sessions that need input has changed.
 * @slot toolbar - Buttons of the host at the end of the toolbar, such as “Run graph”.
 * @slot start - A form of the host, shown in a dialog before a session starts (`can-start`).
 * @slot empty - Shown below the text when there are no sessions yet.
 * @csspart toolbar - The bar on top.
 * @csspart title - Its title.
 * @csspart connection - The connection state of the list.
 * @csspart start - The button that starts a session.
 * @csspart menu-button - The button of a menu: the toolbar's, or the opened session's.
 * @csspart menu - The menu of the toolbar, of a row, or of the opened session.
 * @csspart search - The search field.
 * @csspart search-input - The input in it.
 * @csspart filter - The status chips above the list.
 * @csspart chip - One status chip.
 * @csspart list - The list.
 * @csspart day - The heading of a day in it.
 * @csspart row - A row of the list.
 * @csspart row-active - The row of the opened session.
 * @csspart row-status - The status icon of a row.
 * @csspart row-title - Its title.
 * @csspart row-progress - “3 of 7 · 0:42”.
 * @csspart row-detail - Its second line.
 * @csspart row-time - Its start time.
 * @csspart row-actions - Its buttons.
 * @csspart row-action - One of them.
 * @csspart selection - What one can do with the selected sessions, below the list.
 * @csspart toasts - The messages below the list.
 * @csspart toast - One message there, such as a deletion that can be undone.
 * @csspart inbox-button - The button that shows how many sessions need input.
 * @csspart inbox - The inbox that it opens.
 * @csspart inbox-head - Where in the inbox a person is.
 * @csspart splitter - The line between the list and the session, which changes the width of the list.
 * @csspart dialog - A dialog, such as the confirmation before data is lost.
 * @csspart view - The opened session.
 * @csspart session-header - Its title, status, times and buttons.
 * @csspart session-title - Its title.
 * @csspart session-status - Its status.
 * @csspart session-meta - Its start, progress, duration and id.
 * @csspart session-buttons - Its buttons.
 * @csspart replay - Progress of the replay.
 * @csspart note - A note about the connection.
 * @csspart tabs - The tabs: activity, timeline, events.
 * @csspart tab - One of them.
 * @csspart activity - The work of each node.
 * @csspart node-title - The title of a node.
 * @csspart node-time - How long it ran, or has waited.
 * @csspart output - Its output.
 * @csspart content - One piece of content.
 * @csspart answer - The answer of a person.
 * @csspart error - The error of a failed node.
 * @csspart text - A text from a run.
 * @csspart text-source - The button that switches between it and its source.
 * @csspart text-more - The button that unfolds it.
 * @csspart timeline - The timeline.
 * @csspart timeline-row - The row of a node in it.
 * @csspart look-back - The player of earlier moments: its strip, and the band that says that one is shown.
 * @csspart events - The list of events.
 * @csspart event - One event.
 * @csspart event-detail - The JSON of the selected event.
 * @csspart questions - The open questions.
 * @csspart question - The card around one of them.
 * @csspart prompt - Its text.
 * @csspart choice - One of its choices.
 * @csspart send - The button that sends.
 * @csspart skip - The button that skips.
 * @cssprop --sessions-panel-height - Height of the panel; default 100% of its parent, or 480px where that has no height.
 * @cssprop --sessions-panel-max-height - Maximum height of the panel; default the height of the screen.
 * @cssprop --sessions-panel-color-scheme - `light` or `dark`; default that of VS Code's theme, or of the page.
 * @cssprop --sessions-panel-background - Background.
 * @cssprop --sessions-panel-surface - Background of outputs and of the hovered element.
 * @cssprop --sessions-panel-sunken - Background of code, progress bars and other recessed areas.
 * @cssprop --sessions-panel-foreground - Text.
 * @cssprop --sessions-panel-secondary-foreground - Less important text.
 * @cssprop --sessions-panel-muted-foreground - Least important text.
 * @cssprop --sessions-panel-border - Lines.
 * @cssprop --sessions-panel-control-border - Border of inputs.
 * @cssprop --sessions-panel-input-background - Background of inputs.
 * @cssprop --sessions-panel-accent - Links and selection.
 * @cssprop --sessions-panel-primary - Background of the main buttons.
 * @cssprop --sessions-panel-primary-foreground - Text of the main buttons.
 * @cssprop --sessions-panel-selection-background - Background of the opened session's row.
 * @cssprop --sessions-panel-focus - Ring around the focused element.
 * @cssprop --sessions-panel-running - Colour of running sessions and nodes.
 * @cssprop --sessions-panel-needs-input - Colour of sessions and nodes that need input.
 * @cssprop --sessions-panel-needs-input-background - Background of questions.
 * @cssprop --sessions-panel-completed - Colour of success.
 * @cssprop --sessions-panel-failed - Colour of failure.
 * @cssprop --sessions-panel-cancelled - Colour of cancelled or skipped sessions and nodes.
 * @cssprop --sessions-panel-radius - Radius of boxes; that of buttons is three quarters of it.
 * @cssprop --sessions-panel-font - Font.
 * @cssprop --sessions-panel-font-mono - Font of JSON and ids.
 * @cssprop --sessions-panel-font-size - Size of the text, from which the heights of rows follow.
 */
export class SessionsPanel extends PanelOptions {
  static override styles = [
    ...theme,
    noticeStyles,
    statusStyles,
    panelStyles,
    filterStyles,
    dialogStyles,
    toastStyles,
    partStyles,
  ];
  static override properties = {
    isListShown: { state: true },
    announcement: { state: true },
    isMenuOpen: { state: true },
    density: { state: true },
    isShort: { state: true },
  };

  /** @internal Whether the list, not the session, is shown when there is no room for both. */
  declare isListShown: boolean;
  /** @internal */
  declare isMenuOpen: boolean;
  /** @internal Rows of two lines, or of one, as the person has chosen. */
  declare density: ListDensity;
  /** @internal True while the panel is too low for search and chips above the list: they stand in the toolbar then. */
  declare isShort: boolean;
  /** @internal The text announced to a screen reader. */
  declare announcement: string;

  readonly #own = new OwnSessions((endpoint, shareKey) => this.createSessions(endpoint, shareKey));
  #shownSessionId: string | undefined;
  readonly #attention = new Attention(this, (sessionId) => this.#connect(sessionId));
  readonly #focus = new PanelFocus(this);
  readonly #undoHold = new UndoHold(this, (isHeld) => this.#sessions.actions?.holdDeletions?.(isHeld));
  readonly #sessionCommands = new SessionCommands(this, () => this.#sessions);
  readonly #files = new SessionFiles(
    this,
    () => this.#sessions,
    (notice) => this.#sessionCommands.say(notice),
    () => this.#onFileShown(),
  );
  readonly #sessionPlace = new PartPlace(this, SESSION_PART, () => this.#focus.focusTitle());
  readonly #inbox = new PanelInbox(this, {
    sessions: () => this.#sessions,
    focus: this.#focus,
    say: (text) => this.#sessionCommands.say({ text, isError: false }),
    connect: (sessionId) => this.#connect(sessionId),
  });
  readonly #finder = new ListFinder(this, {
    sessions: () => this.#sessions,
    announce: (text) => this.#attention.announce(text),
    askDate: () => {
      this.#sessionCommands.dialog = { kind: 'since' };
    },
    leaveSearch: () => this.#focus.list?.focusRow(undefined),
  });
  readonly #steering = new Steering(this);
  #target: Target = { nodeId: undefined, eventIndex: undefined, moment: undefined };
  readonly #start = new SessionStart(this, () => this.#sessions);

  constructor() {
    super();
    this.isListShown = true;
    this.announcement = '';
    this.isMenuOpen = false;
    this.density = 'comfortable';
    this.isShort = false;
    this.addController(new HostColorScheme(this));
    this.addController(
      new ResizeController(this, () => {
        this.isShort = this.#focus.isShort;
      }),
    );
  }

  protected override clockOffsetMs(): number {
    const { run, history } = this.#sessions;
    return run?.clockOffsetMs || history?.clockOffsetMs || 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('keydown', this.#onKeyDown);
  }

  override attributeChangedCallback(name: string, before: string | null, value: string | null): void {
    // The panel itself removes the attribute only when the property is undefined already.
    const isClosing = name === 'session-id' && value === null && this.sessionId !== undefined;
    super.attributeChangedCallback(name, before, isClosing ? '' : value);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener('keydown', this.#onKeyDown);
    this.clock.read(this, undefined);
    this.#sessionCommands.stop();
    this.#files.stop();
    this.#attention.stop();
    // A moved panel is reconnected within the same task.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#own.dispose();
      this.#files.closeAll();
    });
  }

  /**
   * Creates the state and actions for an `endpoint`. The panel itself has no transport; the class that
   * `define.js` registers overrides this.
   */
  protected createSessions(_endpoint: string, _shareKey: string): Sessions | undefined {
    return undefined;
  }

  /** @internal The inbox; the class that `define.js` registers overrides it, as its sessions load the code of theirs. */
  get inboxPart(): LazyPart {
    return INBOX_PART;
  }

  /** What is loaded after the list. */
  protected get parts(): readonly LazyPart[] {
    return panelParts(this.inboxPart);
  }

  /** Reads a session file, like `createSessions` for the class that `define.js` registers; undefined: it cannot. */
  protected get openFile(): OpenFile | undefined {
    return undefined;
  }

  /**
   * The state and actions that the panel has created for its `endpoint`, for a page that also starts runs or shows their
   * state; undefined while it is not connected, or shows the state of the host. Changing the `endpoint` or the
   * `shareKey` creates others.
   */
  get sessions(): Sessions | undefined {
    if (this.isConnected) this.#useEndpoint();
    return this.#own.sessions;
  }

  /** Number of sessions that need input, as `needs-input-change` reports it; 0 before the list is loaded. */
  get needsInputCount(): number {
    return untracked(() => this.#sessions.history?.needsInputCount) ?? 0;
  }

  #useEndpoint(): void {
    const endpoint = this.history === undefined ? this.endpoint : undefined;
    this.#own.use(endpoint, this.shareKey ?? '', this.getToken !== undefined);
  }

  /** The current state and actions: those of the host, else the panel's own. */
  get #sessions(): Partial<Sessions> {
    const { history, run, drafts, actions } = this;
    if (history === undefined && this.#own.sessions !== undefined) return this.#own.sessions;
    return {
      ...(history === undefined ? {} : { history }),
      ...(run === undefined ? {} : { run }),
      ...(drafts === undefined ? {} : { drafts }),
      ...(actions === undefined ? {} : { actions }),
    };
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('clock')) changed.get('clock')?.read(this, undefined);
    const isMomentNamed = changed.has('moment') && this.moment !== undefined;
    if (changed.has('nodeId') || changed.has('eventIndex') || isMomentNamed) this.#aim();
    if (changed.has('memory')) this.#splitter.recall();
    if (changed.has('memory')) this.density = parseDensity(this.memory.read(DENSITY));
    const { run } = this.#sessions;
    if (run?.sessionId !== this.#shownSessionId) {
      this.#shownSessionId = run?.sessionId;
      if (run?.sessionId !== undefined) this.#files.hide();
      this.isListShown = run?.sessionId === undefined && this.#files.shown === undefined;
    }
    // Another person may be using the browser now.
    if (changed.has('shareKey') && this.hasUpdated) this.#files.closeAll();
    const isViewing = run?.sessionId !== undefined || this.#files.shown !== undefined;
    this.#sessionPlace.show(this.isConnected && isViewing);
    this.#inbox.beforeUpdate();
    this.#sessionCommands.closeOrphan();
    this.#focus.beforeUpdate();
  }

  /** Turns to the tab that has the node or event that the host names. */
  #aim(): void {
    const { nodeId, eventIndex, moment, view } = this;
    this.#target = { nodeId, eventIndex, moment };
    if (eventIndex !== undefined) this.view = 'events';
    else if ((nodeId ?? '') !== '' && view !== 'timeline') this.view = 'activity';
  }

  protected override performUpdate(): void {
    // Outside the update: a write to a signal that is being read would be lost.
    this.#useEndpoint();
    this.#steering.mirror(this.#sessions);
    super.performUpdate();
    const { graphId } = this;
    if (this.isConnected && graphId !== undefined) this.#monitor(graphId);
    this.#steering.follow(this.#sessions);
    this.#finder.recall();
    this.#inbox.recall();
  }

  #monitored: { readonly actions: SessionActions; readonly graphId: string } | undefined;

  /** Monitors a graph once per graph and actions, so as not to override later calls of the host. */
  #monitor(graphId: string): void {
    const { actions } = this.#sessions;
    if (actions === undefined) return;
    if (this.#monitored?.actions === actions && this.#monitored.graphId === graphId) return;
    this.#monitored = { actions, graphId };
    actions.monitor(graphId);
  }

  readonly #splitter = new ListSplitter(this);

  #wasLive = false;

  protected override firstUpdated(): void {
    fetchAhead(this.parts);
  }

  protected override updated(): void {
    const { history } = this.#sessions;
    const dialog = this.shadowRoot?.querySelector('dialog');
    if (dialog !== null && dialog !== undefined && !dialog.open) {
      dialog.showModal();
      // On a low screen the focused button is below the text that should be read first. WebKit scrolls to it later.
      dialog.scrollTop = 0;
      requestAnimationFrame(() => {
        dialog.scrollTop = 0;
      });
    }
    this.#focus.afterUpdate();
    const isCounting = history?.monitor.phase === 'backoff' || (history?.deletions.length ?? 0) > 0;
    this.clock.read(this, this.isConnected && isCounting ? 1000 : undefined);
    this.#attention.update(history);
    const isLive = history?.monitor.phase === 'live';
    if (isLive && !this.#wasLive) retryParts(this.parts);
    this.#wasLive = isLive;
  }

  protected override render(): TemplateResult {
    const { strings, clock, resolveHandle } = this;
    const { history, run, drafts } = this.#sessions;
    const file = this.#files.shown?.opened;
    const target = this.openFile === undefined ? undefined : this.#fileTarget;
    const viewed: Partial<Sessions> = file?.sessions ?? this.#sessions;
    const sessionCommands = this.#sessionCommands;
    const filters = history === undefined ? nothing : this.#finder.render(history);
    const toasts = renderToasts({
      deletions: history?.deletions ?? [],
      notice: sessionCommands.notice,
      nowMs: clock.localNow(),
      strings,
      onUndo: (deletion) => this.#undo(deletion),
      onHold: this.#undoHold.onEvent,
      onClose: () => sessionCommands.say(undefined),
      history,
      failedAnswers: this.#inbox.isOpen ? [] : (this.#sessions.actions?.inbox?.state.failed ?? []),
      onShowAnswer: (answer) => this.#showAnswer(answer),
      onCloseAnswer: (answer) => this.#closeAnswer(answer),
    });
    if (isOfOtherCopy(this.#sessions))
      return html`<section class="panel" aria-label=${strings.panelTitle}>
        ${renderOtherCopy(strings)}
      </section>`;
    return html`<section class="panel" aria-label=${strings.panelTitle}>
      ${renderToolbar({
        monitor: nextRetry(history?.monitor, () => (run === undefined ? [] : [run.connection])),
        nowMs: clock.localNow(),
        strings,
        onRetry: this.#commands.retryNow,
        filters: this.isShort ? filters : nothing,
        inbox: this.#inbox.renderButton(),
        bell: this.#renderBell(),
        start: this.#start.renderButton(),
        menu: this.#renderMenu(),
      })}
      <div
        class="body ${this.isListShown ? '' : 'shows-session'} ${viewed.run?.sessionId === undefined ? '' : 'has-session'} ${file === undefined ? '' : 'shows-file'} ${this.#inbox.isOpen ? 'has-inbox' : ''}"
      >
        <div class="side" @dragover=${target} @dragleave=${target} @drop=${target}>
          ${this.#files.render(this.#closeFile)} ${this.isShort ? nothing : filters}
          ${this.#renderMissingGraph()} ${this.#start.renderDialog()}
          <sessions-panel-list
            part="list"
            exportparts=${EXPORTED_PARTS.list}
            .history=${history}
            .commands=${this.#commands}
            .strings=${strings}
            .clock=${clock}
            .drafts=${drafts}
            .capabilities=${this.#sessions.actions?.capabilities ?? {}}
            .density=${this.isShort ? 'compact' : this.density}
            >${this.#start.renderButton('empty')}<slot name="empty" slot="empty"></slot
          ></sessions-panel-list>
          ${this.#inbox.isOpen ? nothing : toasts} ${this.#splitter.render(strings)}
        </div>
        <sessions-panel-view
          part="view"
          exportparts=${EXPORTED_PARTS.session}
          .run=${viewed.run}
          .drafts=${viewed.drafts}
          .history=${viewed.history}
          .file=${file?.file.header}
          .hasInbox=${file === undefined && this.#sessions.actions?.inbox !== undefined}
          .tab=${isSessionTab(this.view) ? this.view : undefined}
          .target=${this.#target}
          .hasLinks=${file === undefined && this.linkTo !== undefined}
          .commands=${file === undefined ? this.#commands : this.#commandsOnFile}
          .canLookBack=${viewed.actions?.seek !== undefined}
          .strings=${strings}
          .clock=${file?.clock ?? clock}
          .memory=${this.memory}
          .capabilities=${viewed.actions?.capabilities ?? {}}
          .resolveHandle=${resolveHandle}
          .frameUrl=${this.frameUrl}
          .fileUrlPrefix=${this.fileUrlPrefix}
          >${this.#sessionPlace.render(strings)}</sessions-panel-view
        >
        ${this.#inbox.render()}
      </div>
      ${this.#inbox.isOpen ? toasts : nothing}
      <p class="visually-hidden" role="status">${this.announcement}</p>
      ${DIALOGS_PART.module?.renderDialog(sessionCommands.dialog, strings, {
        onConfirm: (isConfirmed) => sessionCommands.close(isConfirmed),
        onRename: (title) => sessionCommands.closeRename(title),
        onSince: (date) => {
          sessionCommands.dialog = undefined;
          if (date !== undefined) this.#finder.setSince(date);
        },
        onRerun: (inputs) => sessionCommands.closeRerun(inputs),
      })}
    </section>`;
  }

  /** Says that the attribute was forgotten, which an empty list would not. */
  #renderMissingGraph(): TemplateResult | typeof nothing {
    const { graphId, strings } = this;
    const shown = this.#own.sessions?.history;
    if (shown === undefined || (graphId ?? shown.graphId ?? '') !== '') return nothing;
    return html`<div class="note" role="status"><p>${strings.noGraphId}</p></div>`;
  }

  #renderBell(): TemplateResult | typeof nothing {
    if (!this.notifications) return nothing;
    return renderBell(this.#attention.notifier.state, this.strings, () => {
      void this.#attention.notifier.toggle().then(() => this.requestUpdate());
    });
  }

  readonly #commands: PanelCommands = {
    ...this.#sessionCommands,
    connect: (sessionId) => this.#connect(sessionId),
    disconnect: () => this.#disconnect(),
    back: () => this.#back(),
    answer: (interactionId: string, answer: Answer) => {
      void this.#sessions.actions?.answer(interactionId, answer);
    },
    saveDraft: (interactionId, draft, overridesOther) =>
      this.#sessions.actions?.saveDraft(interactionId, draft, overridesOther),
    dismissClosed: (interactionId) => this.#sessions.actions?.dismissClosed(interactionId),
    setFilter: (filter) => this.#finder.setFilter(filter),
    showOlder: () => void this.#sessions.actions?.showOlder?.(),
    focusLost: () => void this.#focus.hold(),
    seek: (index, isByHost) => this.#seek(index, isByHost),
    openInbox: () => this.openInbox(),
    retryNow: () => this.#sessions.actions?.retryNow(),
    linkTo: (place) => this.linkTo?.(withGraph(place, this.#sessions)),
    download: this.#files.download,
    downloadMany: this.#files.downloadMany,
    announce: (text) => this.#attention.announce(() => text),
    copyMarkdown: this.#files.copyMarkdown,
    showTab: (tab) => this.#steering.showTab(tab),
    reportMissing: (text) => this.#sessionCommands.say({ text, isError: true }),
  };

  /** The commands on the file that is shown: only those that change nothing, and that lead nowhere else. */
  readonly #commandsOnFile: PanelCommands = {
    ...withoutDownload(this.#commands),
    disconnect: () => {
      const { shown } = this.#files;
      if (shown !== undefined) this.#closeFile(shown);
    },
    answer: () => undefined,
    saveDraft: () => undefined,
    dismissClosed: () => undefined,
    linkTo: () => undefined,
    showTab: (tab) => {
      this.view = tab;
    },
  };

  /** A file is shown like another session: the opened one is closed, and its run continues. */
  #onFileShown(): void {
    if (this.#inbox.isOpen) this.#inbox.close();
    if (this.#sessions.run?.sessionId !== undefined) this.#disconnect();
    this.isListShown = false;
    void this.updateComplete.then(() => {
      if (document.activeElement === document.body || this.matches(':focus-within')) this.#focus.focusTitle();
    });
  }

  readonly #closeFile = (entry: FileEntry): void => {
    this.#files.close(entry);
    if (this.#files.shown === undefined && this.#sessions.run?.sessionId === undefined)
      this.isListShown = true;
    void this.updateComplete.then(() => this.#files.focusRow() || this.#focus.list?.focusRow(undefined));
  };

  readonly #openFiles = (files: readonly File[]): void => {
    if (this.openFile !== undefined) void this.#files.open(files, this.openFile);
  };

  readonly #fileTarget = fileTarget(this.#openFiles);

  #connect(sessionId: string): void {
    this.#files.hide();
    const { run, actions } = this.#sessions;
    const isOpen = run?.sessionId === sessionId && run.connection.phase !== 'failed';
    if (!isOpen) {
      if (!this.dispatchEvent(new SessionConnectEvent(sessionId))) return;
      actions?.connect(sessionId);
    }
    this.isListShown = false;
    void this.updateComplete.then(() => {
      // If the list stays visible, it keeps the focus.
      if (this.#focus.isNarrow) this.#focus.focusTitle();
    });
  }

  #disconnect(): void {
    const { run, actions } = this.#sessions;
    const sessionId = run?.sessionId;
    if (sessionId === undefined || !this.dispatchEvent(new SessionDisconnectEvent(sessionId))) return;
    actions?.disconnect();
    this.#focus.list?.focusRow(sessionId);
  }

  #seek(index: number | undefined, isByHost = false): void {
    const file = this.#files.shown?.opened;
    const { run, actions }: Partial<Sessions> = file?.sessions ?? this.#sessions;
    const sessionId = run?.sessionId;
    if (run === undefined || sessionId === undefined || actions?.seek === undefined) return;
    // The moment after the newest event is that of now, which keeps moving.
    const wanted = index === undefined || index >= run.latest.lastIndex ? undefined : index;
    if (wanted === run.position) return;
    // The session of a file is none that the host knows.
    const isOwn = isByHost || file !== undefined;
    if (!isOwn && !this.dispatchEvent(new SessionSeekEvent(sessionId, wanted))) return;
    actions.seek(wanted);
    if (!isOwn) this.#steering.leaveMoment();
  }

  #back(): void {
    const sessionId = this.#sessions.run?.sessionId;
    const isFile = this.#files.shown !== undefined;
    this.isListShown = true;
    void this.updateComplete.then(
      () => (isFile && this.#files.focusRow()) || this.#focus.list?.focusRow(sessionId),
    );
  }

  #undo(deletion: PendingDeletion): void {
    this.#sessionCommands.undo(deletion);
    const list = this.#focus.list;
    // The list holds back changes under the pointer, but not one that the person asked for.
    list?.release();
    // The button disappears; the restored row is the best place, or the session that covers it.
    void this.updateComplete.then(() => {
      if (this.#inbox.isOpen) void this.#focus.hold();
      else if (!this.isListShown && this.#focus.isNarrow) this.#focus.focusTitle();
      else void list?.updateComplete.then(() => list.focusRow(deletion.sessions[0]?.sessionId));
    });
  }

  #showAnswer(answer: FailedAnswer): void {
    this.#closeAnswer(answer);
    this.#connect(answer.sessionId);
    this.#focus.view?.focusFirstQuestion(answer.sessionId);
  }

  #closeAnswer({ sessionId, interaction }: FailedAnswer): void {
    this.#sessions.actions?.inbox?.dismissFailed(sessionId, interaction.interactionId);
  }

  #renderMenu(): TemplateResult | typeof nothing {
    const { history } = this.#sessions;
    if (history === undefined) return nothing;
    const sessionCommands = this.#sessionCommands;
    return renderToolbarMenu({
      isOpen: this.isMenuOpen,
      hasFinished: this.isMenuOpen && history.finishedIds.length > 0,
      canClear: canDelete(this.#sessions.actions?.capabilities ?? {}),
      strings: this.strings,
      onToggle: (isOpen) => {
        this.isMenuOpen = isOpen;
      },
      density: this.density,
      onDensity: (density) => {
        this.density = density;
        this.memory.write(DENSITY, density);
      },
      onClear: () => sessionCommands.clearFinished(),
      onOpenFiles: this.openFile === undefined ? undefined : this.#openFiles,
      onShortcuts: () => {
        sessionCommands.dialog = { kind: 'shortcuts' };
      },
    });
  }

  /**
   * Moves the focus to the next open question: of the opened session, then of the waiting sessions in list order. A
   * host may call it after its Run button was pressed, while that button still has the focus.
   */
  focusNextQuestion(): void {
    const { history, run } = this.#sessions;
    if (history === undefined) return;
    const { view } = this.#focus;
    const current = run?.sessionId;
    const isCovered = this.isListShown && this.#focus.isNarrow;
    if (!isCovered && view?.focusNextQuestion() === true) return;
    if (!isCovered && view === undefined && current !== undefined && run?.latest.interactions.length !== 0) {
      this.#focus.focusFirstQuestion(current);
      return;
    }
    const waiting = waitingSessions(history);
    const next = waiting[(waiting.indexOf(current ?? '') + 1) % Math.max(1, waiting.length)];
    if (next === undefined) {
      this.announcement = this.strings.noOpenQuestions;
      return;
    }
    this.#connect(next);
    this.#focus.focusFirstQuestion(next);
  }

  /**
   * Opens the inbox: everything that needs input in this list, the longest waiting first, one question at a time. The
   * opened session stays open. Needs the actions of `createSessions`; does nothing when no session needs input.
   */
  openInbox(): void {
    this.#inbox.open();
  }

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    const key = this.#sessionCommands.dialog === undefined ? panelKeyOf(event) : undefined;
    if (key !== undefined && this.#actOn(key)) event.preventDefault();
  };

  /** The opened session, unless the inbox or the list covers it. */
  get #openView(): SessionView | undefined {
    const isCovered = this.isListShown && this.#focus.isNarrow;
    return isCovered || this.#inbox.isOpen ? undefined : this.#focus.view;
  }

  /** Performs the command of a key. Returns false if there is nothing to do, so that the page gets the key. */
  #actOn(key: PanelKey): boolean {
    const deletion = this.#sessions.history?.deletions.at(-1);
    const inbox = this.#focus.inbox;
    switch (key) {
      case 'next-question':
        countNextKey(this.memory);
        if (inbox === undefined) this.focusNextQuestion();
        else inbox.skip();
        return true;
      case 'inbox':
        this.openInbox();
        return true;
      case 'search':
        if (inbox !== undefined) this.#inbox.leave();
        this.#focus.focusSearch();
        return true;
      case 'shortcuts':
        this.#sessionCommands.dialog = { kind: 'shortcuts' };
        return true;
      case 'undo':
        if (inbox?.undo() === true) return true;
        if (deletion !== undefined) this.#undo(deletion);
        return deletion !== undefined;
      case 'look-back':
        return this.#openView?.toggleLookBack() === true;
      case 'step-back':
      case 'step-on':
      case 'event-back':
      case 'event-on':
        return this.#openView?.step(key.endsWith('back') ? -1 : 1, key.startsWith('event')) === true;
      case 'back': {
        if (inbox !== undefined) {
          this.#inbox.leave();
          return true;
        }
        const isCovering = !this.isListShown && this.#focus.isNarrow;
        const { run } = this.#files.shown?.opened?.sessions ?? this.#sessions;
        if (run?.position !== undefined && this.#openView !== undefined) {
          this.#seek(undefined);
          return true;
        }
        if (isCovering) this.#back();
        return isCovering;
      }
    }
  }
}

function withoutDownload({ download: _, ...commands }: PanelCommands): PanelCommands {
  return commands;
}
