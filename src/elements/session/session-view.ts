import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { DraftsController } from '../../controller/drafts-controller.js';
import type { RunController } from '../../controller/run/run-controller.js';
import type { SessionHistoryController } from '../../controller/session-history-controller.js';
import { ALL_GRAPHS } from '../../protocol/all-graphs.js';
import type { Interaction } from '../../protocol/questions/interactions.js';
import { isTerminalStatus, type SessionSummary } from '../../protocol/session-summary.js';
import { isOfOtherCopy, renderOtherCopy } from '../base/other-copy.js';
import { Clock } from '../base/clock.js';
import { ClosedNotices, renderClosedNotices } from '../question/closed-notices.js';
import type { MenuEntry } from '../base/menu/menu.js';
import { ClipboardCopy } from '../base/clipboard-copy.js';
import {
  areOtherCapabilities,
  canDelete,
  type PanelCommands,
  type RowCapabilities,
  type SessionTab,
  isSessionTab,
} from '../base/commands.js';
import type { SessionFileHeader } from '../../protocol/session-file/session-file.js';
import { sessionTitle } from '../strings/session-text.js';
import { isGone } from '../strings/connection-text.js';
import type { ContentOptions } from '../content/text-view.js';
import { countNextKey, isNextKeyKnown } from '../base/next-key.js';
import { browserMemory, type PanelMemory } from '../base/view-memory.js';
import { noticeStyles } from '../theme/notice.styles.js';
import type { SessionActivity } from './activity/session-activity.js';
import { renderHeader, type LinkedSession } from './header/session-header.js';
import { AnswerHandover } from './questions/answer-handover.js';
import { CardFocus } from './questions/card-focus.js';
import { GoToTarget } from './go-to-target.js';
import { LookBack } from './look-back.js';
import { RunElement } from './run-element.js';
import { renderConnectionStrip, renderNotices, type SessionNoticesView } from './header/session-notices.js';
import { unsentStyles } from '../question/question.styles.js';
import { isOpen, knownUntil, watchedSummary } from './watched-session.js';
import { SessionOutcome } from './header/session-outcome.js';
import { SessionQuestions } from './questions/session-questions.js';
import { renderTabs } from './session-tabs.js';
import type { Target } from './target-place.js';
import { questionTabsStyles } from './questions/question-tabs.styles.js';
import { usageStyles } from './usage.styles.js';
import { headerStyles } from './header/session-header.styles.js';
import { viewStyles } from './session-view.styles.js';
import { statusStyles } from '../theme/status.styles.js';
import { englishStrings, type PanelStrings } from '../strings/english.js';
import { theme } from '../theme/theme.js';
import { PartPlace } from '../parts/part-place.js';
import { partStyles } from '../parts/part.styles.js';
import { EVENTS_PART, TIMELINE_PART } from './tab-parts.js';
import { EXPORTED_PARTS } from '../base/part-names.js';

/** Key under which the panel remembers the selected tab. */
const TAB_MEMORY = 'session-tab';

/**
 * The watched session: its header, its open questions, and a tab each for the activity of its nodes, the
 * timeline and the events. Part of `<sessions-panel>`.
 *
 * @csspart session-header - Title, status, times and buttons.
 * @csspart session-title - The title.
 * @csspart session-status - The status.
 * @csspart session-meta - Start, progress, duration and id.
 * @csspart session-buttons - Cancel or run again, the menu, close.
 * @csspart menu-button - The button of its menu.
 * @csspart menu - The menu.
 * @csspart replay - Progress of the replay.
 * @csspart note - A notice about the connection.
 * @csspart tabs - The tabs: activity, timeline, events.
 * @csspart tab - A tab.
 * @csspart questions - The open questions.
 */
export class SessionView extends RunElement {
  static override styles = [
    ...theme,
    noticeStyles,
    statusStyles,
    viewStyles,
    questionTabsStyles,
    headerStyles,
    usageStyles,
    unsentStyles,
    partStyles,
  ];
  static override properties = {
    run: { attribute: false },
    drafts: { attribute: false },
    history: { attribute: false },
    hasInbox: { attribute: false },
    commands: { attribute: false },
    strings: { attribute: false },
    clock: { attribute: false },
    resolveHandle: { attribute: false },
    frameUrl: { attribute: false },
    fileUrlPrefix: { attribute: false },
    memory: { attribute: false },
    capabilities: { attribute: false, hasChanged: areOtherCapabilities },
    tab: { attribute: false },
    target: { attribute: false },
    hasLinks: { attribute: false },
    file: { attribute: false },
    canLookBack: { attribute: false },
    isMenuOpen: { state: true },
    isRerunOpen: { state: true },
  };

  /** Unsent input of its questions. */
  declare drafts: DraftsController | undefined;
  /** The list of sessions, for its title during the replay and for operations that are in progress. */
  declare history: SessionHistoryController | undefined;
  /** Whether the sessions that need input can be answered one after the other. */
  declare hasInbox: boolean;
  declare commands: PanelCommands | undefined;
  declare strings: PanelStrings;
  declare clock: Clock;
  declare resolveHandle: ContentOptions['resolveHandle'];
  declare frameUrl: ContentOptions['frameUrl'];
  declare fileUrlPrefix: ContentOptions['fileUrlPrefix'];
  /** Remembers the selected tab. */
  declare memory: PanelMemory;
  /** Commands for a session besides cancel and delete. */
  declare capabilities: RowCapabilities;
  /** The tab that the host or a person has selected; undefined for the remembered one. */
  declare tab: SessionTab | undefined;
  /** Node or event to scroll to; each new object is another wish. */
  declare target: Target;
  /** Whether the host gives links to nodes and events. */
  declare hasLinks: boolean;
  /** The first line of the session file that is shown; undefined for a session of the service. */
  declare file: SessionFileHeader | undefined;
  /** Whether earlier moments can be shown. */
  declare canLookBack: boolean;
  /** @internal True while the menu of the session is open. */
  declare isMenuOpen: boolean;
  /** @internal True while the menu of “Run again” is open. */
  declare isRerunOpen: boolean;
  #shownSessionId: string | undefined;
  /** The focused element before an update. */
  #focused: Element | undefined;
  #shownInteractions: readonly Interaction[] | undefined;
  readonly #timelinePlace = new PartPlace(this, TIMELINE_PART, () => this.#focusTab());
  readonly #eventsPlace = new PartPlace(this, EVENTS_PART, () => this.#focusTab());
  readonly #lookBack = new LookBack(this, {
    selectedTab: () => this.#selectedTab,
    answerNow: () => this.focusNextQuestion(),
  });
  readonly #copy = new ClipboardCopy(this);
  readonly #outcome = new SessionOutcome(this);
  readonly #target = new GoToTarget(this, () => this.#selectedTab);
  readonly #cardFocus = new CardFocus(this);
  readonly #handover = new AnswerHandover(this, this.#cardFocus);
  readonly #questions = new SessionQuestions(
    this,
    () => this.commands,
    this.#handover,
    this.#cardFocus,
    () => countNextKey(this.memory),
  );
  readonly #closedNotices = new ClosedNotices(this, (interactionId) =>
    this.commands?.dismissClosed(interactionId),
  );

  constructor() {
    super();
    this.run = undefined;
    this.drafts = undefined;
    this.history = undefined;
    this.hasInbox = false;
    this.commands = undefined;
    this.strings = englishStrings;
    this.clock = new Clock(() => this.run?.clockOffsetMs || this.history?.clockOffsetMs || 0);
    this.resolveHandle = undefined;
    this.frameUrl = undefined;
    this.fileUrlPrefix = undefined;
    this.memory = browserMemory;
    this.capabilities = {};
    this.tab = undefined;
    this.target = { nodeId: undefined, eventIndex: undefined, moment: undefined };
    this.hasLinks = false;
    this.file = undefined;
    this.canLookBack = false;
    this.isMenuOpen = false;
    this.isRerunOpen = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.clock.read(this, undefined);
    this.#closedNotices.stop();
  }

  /** Focuses the title, so that a screen reader reads which session was opened. */
  focusTitle(): void {
    this.shadowRoot?.querySelector('h3')?.focus({ preventScroll: true });
  }

  #focusTab(): void {
    this.shadowRoot?.querySelector<HTMLElement>(`#tab-${this.#selectedTab}`)?.focus();
  }

  #holdFocus(): void {
    const notice = this.#closedNotices.noticeOf(this.#handover.lostId);
    if (notice === undefined) this.focusTitle();
    else notice.focus({ preventScroll: true });
    // Without a session there is no title.
    if (this.shadowRoot?.activeElement === null) this.commands?.focusLost();
  }

  /** Shows an open question and moves the focus to it; false if it is not open in this session. */
  focusQuestion(interactionId: string): boolean {
    this.#lookBack.seek(undefined);
    return this.#questions.focusOn(interactionId);
  }

  /**
   * Moves the focus to the question after the focused one, or to the shown one; false when there is none after
   * it.
   */
  focusNextQuestion(): boolean {
    this.#lookBack.seek(undefined);
    return this.#questions.focusNext(this.run);
  }

  /** Moves the focus to the first question of a session as soon as it is drawn. */
  focusFirstQuestion(sessionId: string): void {
    this.#lookBack.seek(undefined);
    this.#questions.focusFirst(sessionId);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    this.#focused = this.shadowRoot?.activeElement ?? undefined;
    this.#timelinePlace.show(this.#selectedTab === 'timeline');
    this.#eventsPlace.show(this.#selectedTab === 'events');
    this.#lookBack.beforeUpdate();
    if (changed.has('clock')) changed.get('clock')?.read(this, undefined);
    if (changed.has('run') || this.run?.sessionId !== this.#shownSessionId) {
      this.#shownSessionId = this.run?.sessionId;
      this.#copy.reset();
      this.#questions.reset();
      this.#handover.reset();
      this.#outcome.reset();
      this.#lookBack.reset();
    }
    if (changed.has('target')) this.#target.set(this.target);
    if (this.run === undefined || this.capabilities.readOnly === true) return;
    this.#handover.beforeUpdate(this.run);
    this.#questions.beforeUpdate(this.run);
  }

  protected override updated(): void {
    this.#questions.updated();
    // A removed question, notice or button loses the focus. Another question gets it only after an answer: the
    // person may still be typing.
    if (this.#focused !== undefined && this.shadowRoot?.activeElement === null) this.#holdFocus();
    this.#focused = undefined;
    this.#handover.updated();
    this.#cardFocus.updated();
    const { run } = this;
    // Layout now includes the space of a removed card, which the next card may take at once.
    if (run?.latest.interactions !== this.#shownInteractions) {
      this.#shownInteractions = run?.latest.interactions;
      this.shadowRoot?.querySelector<SessionActivity>('sessions-panel-activity')?.keepEnd();
    }
    const isCounting = (run !== undefined && isOpen(run.latest)) || run?.connection.phase === 'backoff';
    this.clock.read(this, this.isConnected && isCounting ? 1000 : undefined);
    if (!this.isConnected) return;
    if (run !== undefined) this.#target.updated(run);
    this.#closedNotices.watch(run?.closedQuestions ?? []);
  }

  protected override render(): TemplateResult {
    const { run, strings } = this;
    if (isOfOtherCopy(this)) return renderOtherCopy(strings);
    const session = run === undefined ? undefined : watchedSummary(run, this.history);
    if (run === undefined || session === undefined) {
      // If there is nothing to select, the list says what to do.
      if ((this.history?.sessionIds.length ?? 0) === 0) return html``;
      return this.#renderNothingOpen();
    }
    const nowMs = this.clock.now();
    const notices = this.#noticesOf(run, session);
    // A session of which no event was received has nothing to show.
    const isEmpty = isGone(run.connection) && run.events.length === 0;
    return html`<div class="top">
        ${this.#renderHeader(run, session)}
        <div class="notes">
          ${renderNotices(notices)} ${this.#outcome.render({ run, nowMs, strings, onNode: this.#showNode })}
        </div>
        ${isEmpty ? nothing : this.#renderTabs(run)}
      </div>
      ${this.#lookBack.render()}
      ${
        isEmpty
          ? nothing
          : html`<div class="content">
              ${renderConnectionStrip(notices)}
              <div class="middle" id="panel" role="tabpanel" aria-labelledby="tab-${this.#selectedTab}">
                ${this.#renderTab(run)}
              </div>
              ${this.#renderDock(run, session)} ${this.#renderPastQuestions(run)}
            </div>`
      }`;
  }

  /** Renders the notices about closed questions, and the cards of the open ones; a record takes no answers. */
  #renderDock(run: RunController, session: SessionSummary): TemplateResult | typeof nothing {
    if (this.capabilities.readOnly === true) return nothing;
    const { drafts, strings, resolveHandle, frameUrl, fileUrlPrefix } = this;
    return html`<div class="dock" ?hidden=${run.position !== undefined}>
      ${renderClosedNotices({ run, strings, notices: this.#closedNotices, onRerun: this.#rerunOf(session) })}
      ${this.#questions.render({
        run,
        drafts,
        isNextHinted: !isNextKeyKnown(this.memory),
        strings,
        resolveHandle,
        frameUrl,
        fileUrlPrefix,
      })}
    </div>`;
  }

  #renderPastQuestions(run: RunController): TemplateResult | typeof nothing {
    if (run.position === undefined) return nothing;
    return html`<sessions-panel-past-questions
      .run=${run}
      .strings=${this.strings}
      .onAnswer=${this.capabilities.readOnly === true ? undefined : this.#answer}
    ></sessions-panel-past-questions>`;
  }

  #renderNothingOpen(): TemplateResult {
    const { strings, history, commands } = this;
    const count = history?.needsInputCount ?? 0;
    if (count === 0 || !this.hasInbox) {
      return html`<div class="message">
        <p class="message-title">${strings.nothingOpenTitle}</p>
        <p>${strings.nothingOpenText}</p>
      </div>`;
    }
    return html`<div class="message">
      <p class="message-title">${strings.needsInputCount(count)}</p>
      <p>${strings.nothingOpenText}</p>
      <button
        type="button"
        class="button primary"
        aria-keyshortcuts="i"
        @click=${() => commands?.openInbox()}
      >
        ${strings.answerThem} <kbd aria-hidden="true">i</kbd>
      </button>
    </div>`;
  }

  /** Runs an ended session again; undefined if that is not possible. */
  #rerunOf({ sessionId, status }: SessionSummary): (() => void) | undefined {
    const listed = this.history?.getSession(sessionId);
    if (listed === undefined || listed.imported === true) return undefined;
    if (this.capabilities.rerun !== true || !isTerminalStatus(status)) return undefined;
    return () => this.commands?.rerun(sessionId);
  }

  #renderHeader(run: RunController, session: SessionSummary): TemplateResult {
    const isListed = this.history?.getSession(session.sessionId) !== undefined;
    return renderHeader({
      session: this.#inGraph(run, session),
      nodeStatuses: [...run.latest.nodes.values()].map(({ status }) => status),
      isGone: isGone(run.connection),
      file: this.file,
      usage: run.usage,
      hasStatus: isListed || run.events.length > 0,
      operation: this.history?.operationOf(session.sessionId),
      nowMs: knownUntil(run, this.clock),
      todayMs: this.clock.localNow(),
      strings: this.strings,
      capabilities: {
        ...this.capabilities,
        ...(isListed ? {} : { rename: false, pin: false, rerun: false }),
        // A record: its plan is somewhere else.
        ...(session.imported === true ? { rerun: false } : {}),
      },
      copied: this.#copy.state,
      isLookingBack: this.#lookBack.isOffered ? this.#lookBack.isShown : undefined,
      onLookBack: () => this.toggleLookBack(),
      isMenuOpen: this.isMenuOpen,
      isRerunOpen: this.isRerunOpen,
      hasAnswers: run.resolvedInteractions.size > 0,
      origin: this.#linked(session.rerunOf?.sessionId),
      solver: this.#linked(this.history?.solverOf(session.sessionId)),
      commands: this.commands,
      onCopy: () => void this.#copy.copy(session.sessionId),
      onMenuToggle: (isOpen) => {
        this.isMenuOpen = isOpen;
      },
      onRerunToggle: (isOpen) => {
        this.isRerunOpen = isOpen;
      },
    });
  }

  /** Names the graph in a list of all graphs, also of a session that is not in it. */
  #inGraph({ graphId }: RunController, session: SessionSummary): SessionSummary {
    const isToName = this.history?.graphId === ALL_GRAPHS && graphId !== undefined;
    return isToName ? { graphId, ...session } : session;
  }

  /** Another session, with its title where the list has it. */
  #linked(sessionId: string | undefined): LinkedSession | undefined {
    if (sessionId === undefined) return undefined;
    const session = this.history?.getSession(sessionId);
    return { sessionId, title: session === undefined ? undefined : sessionTitle(session, this.strings) };
  }

  /** Runs the session again from a node; undefined where that is not possible. */
  get #rerunFrom(): ((nodeId: string) => void) | undefined {
    const { run, history, capabilities } = this;
    const sessionId = run?.sessionId;
    if (run === undefined || sessionId === undefined || capabilities.rerunFrom !== true) return undefined;
    const listed = history?.getSession(sessionId);
    const canRun = listed !== undefined && listed.imported !== true;
    return canRun && isTerminalStatus(run.latest.status ?? '') ? this.#onRerunFrom : undefined;
  }

  readonly #onRerunFrom = (nodeId: string): void => {
    const sessionId = this.run?.sessionId;
    if (sessionId !== undefined) this.commands?.rerun(sessionId, { from: nodeId });
  };

  /** Opens the session where a reused node worked; undefined where the list does not have it. */
  readonly #originOf = (sessionId: string): (() => void) | undefined =>
    this.history?.getSession(sessionId) === undefined ? undefined : () => this.commands?.connect(sessionId);

  #noticesOf(run: RunController, { sessionId, status }: SessionSummary): SessionNoticesView {
    const { commands } = this;
    return {
      connection: run.connection,
      file: this.file,
      replay: run.replay,
      fidelity: run.fidelity,
      hasEnded: isTerminalStatus(status),
      operation: this.history?.operationOf(sessionId),
      otherGraphId: this.#otherGraphId(run),
      nowMs: this.clock.localNow(),
      lostMs: run.lostMs,
      isRetryShown: this.history?.monitor.phase === 'backoff',
      strings: this.strings,
      onRetry: () => commands?.retryNow(),
      onRetryOperation: () => commands?.retryOperation(sessionId),
      onClose: () => commands?.disconnect(),
      onDelete: canDelete(this.capabilities) ? () => commands?.delete(sessionId) : undefined,
    };
  }

  #otherGraphId({ graphId }: RunController): string | undefined {
    const listed = this.history?.graphId;
    return listed === undefined || listed === ALL_GRAPHS || listed === graphId ? undefined : graphId;
  }

  /** The selected tab, otherwise the remembered one. */
  get #selectedTab(): SessionTab {
    if (this.tab !== undefined) return this.tab;
    const remembered = this.memory.read(TAB_MEMORY);
    return isSessionTab(remembered) ? remembered : 'activity';
  }

  readonly #selectTab = (tab: SessionTab): void => {
    this.tab = tab;
    this.memory.write(TAB_MEMORY, tab);
    this.commands?.showTab?.(tab);
  };

  #renderTabs(run: RunController): TemplateResult {
    const begun = run.nodeIds.filter((nodeId) => run.getNode(nodeId)?.status !== 'waiting').length;
    return renderTabs({
      selected: this.#selectedTab,
      counts: { activity: begun, events: run.events.length + run.events.dropped },
      strings: this.strings,
      onSelect: this.#selectTab,
    });
  }

  /** Only the selected tab is drawn: the others cost nothing. */
  #renderTab(run: RunController): TemplateResult {
    const { strings, clock, resolveHandle } = this;
    switch (this.#selectedTab) {
      case 'timeline':
        return html`<sessions-panel-timeline
          exportparts=${EXPORTED_PARTS.timeline}
          .run=${run}
          .strings=${strings}
          .clock=${clock}
          .onNode=${this.#showNode}
          .onRerun=${this.#rerunFrom}
          .onSeek=${this.canLookBack ? this.#lookBack.seek : undefined}
          .onStep=${this.#lookBack.step}
          .onUnfold=${this.#lookBack.unfold}
          .unfolded=${this.#lookBack.unfolded}
          >${this.#timelinePlace.render(strings)}</sessions-panel-timeline
        >`;
      case 'events':
        return html`<sessions-panel-events
          exportparts=${EXPORTED_PARTS.events}
          .run=${run}
          .strings=${strings}
          .linkTo=${this.hasLinks ? this.#linkToEvent : undefined}
          .onSeek=${this.canLookBack ? this.#lookBack.seek : undefined}
          >${this.#eventsPlace.render(strings)}</sessions-panel-events
        >`;
      case 'activity':
        return html`<sessions-panel-activity
          exportparts=${EXPORTED_PARTS.activity}
          .run=${run}
          .strings=${strings}
          .clock=${this.#lookBack.clock}
          .resolveHandle=${resolveHandle}
          .frameUrl=${this.frameUrl}
          .fileUrlPrefix=${this.fileUrlPrefix}
          .onAnswer=${this.capabilities.readOnly === true || run.position !== undefined ? undefined : this.#answer}
          .linkTo=${this.hasLinks ? this.#linkToNode : undefined}
          .onRerun=${this.#rerunFrom}
          .originOf=${this.#originOf}
          .menuOf=${this.commands?.copyMarkdown === undefined ? undefined : this.#menuOf}
        ></sessions-panel-activity>`;
    }
  }

  /** Shows or hides the player of earlier moments; see `LookBack`. */
  toggleLookBack(): boolean {
    return this.#lookBack.toggle();
  }

  /** Shows the moment one step before or after; see `LookBack`. */
  step(by: -1 | 1, isSingle: boolean): boolean {
    return this.#lookBack.step(by, isSingle);
  }

  /** What a person can do with a node. */
  readonly #menuOf = (nodeId: string): readonly MenuEntry[] => [
    {
      text: this.strings.copyMarkdown,
      icon: 'copy',
      onChoose: () => {
        const sessionId = this.run?.sessionId;
        if (sessionId !== undefined) this.commands?.copyMarkdown?.(sessionId, nodeId);
      },
    },
  ];

  readonly #linkToNode = (nodeId: string): string | undefined => {
    const sessionId = this.run?.sessionId;
    return sessionId === undefined
      ? undefined
      : this.commands?.linkTo?.({ sessionId, view: 'activity', nodeId });
  };

  readonly #linkToEvent = (eventIndex: number): string | undefined => {
    const sessionId = this.run?.sessionId;
    return sessionId === undefined
      ? undefined
      : this.commands?.linkTo?.({ sessionId, view: 'events', eventIndex });
  };

  readonly #answer = (interactionId: string): void => {
    this.focusQuestion(interactionId);
  };

  readonly #showNode = (nodeId: string): void => {
    this.#selectTab('activity');
    void this.updateComplete.then(() => {
      const activity = this.shadowRoot?.querySelector<SessionActivity>('sessions-panel-activity');
      void activity?.updateComplete.then(() => activity.showNode(nodeId));
    });
  };
}
