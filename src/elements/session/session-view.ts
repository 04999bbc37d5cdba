import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { DraftsController } from '../../controller/drafts-controller.js';
import type { RunController } from '../../controller/run/run-controller.js';
import type { SessionHistoryController } from '../../controller/session-history-controller.js';
import type { Interaction } from '../../protocol/interactions.js';
import { isTerminalStatus, type SessionSummary } from '../../protocol/session-summary.js';
import { isOfOtherCopy, renderOtherCopy } from '../base/other-copy.js';
import { Clock } from '../base/clock.js';
import { ClosedNotices, renderClosedNotices } from '../question/closed-notices.js';
import type { MenuEntry } from '../base/menu.js';
import { ClipboardCopy } from '../base/clipboard-copy.js';
import {
  areOtherCapabilities,
  type PanelCommands,
  type RowCapabilities,
  type SessionTab,
} from '../base/commands.js';
import type { SessionFileHeader } from '../../protocol/session-file/session-file.js';
import { sessionTitle } from '../strings/session-text.js';
import { isGone } from '../strings/connection-text.js';
import type { ContentOptions } from '../content/text-view.js';
import { countNextKey, isNextKeyKnown } from '../base/next-key.js';
import { browserMemory, type PanelMemory } from '../base/view-memory.js';
import { noticeStyles } from '../theme/notice.styles.js';
import type { SessionActivity } from './activity/session-activity.js';
import { renderHeader, type LinkedSession } from './session-header.js';
import { AnswerHandover } from './answer-handover.js';
import { CardFocus } from './card-focus.js';
import { RunElement } from './run-element.js';
import { renderConnectionStrip, renderNotices, type SessionNoticesView } from './session-notices.js';
import { unsentStyles } from '../question/question.styles.js';
import { isOpen, knownUntil, watchedSummary } from './watched-session.js';
import { SessionOutcome } from './session-outcome.js';
import { SessionQuestions } from './session-questions.js';
import { isSessionTab, renderTabs } from './session-tabs.js';
import { TargetPlace, type Target } from './target-place.js';
import type { SessionScrubber } from './player/session-scrubber.js';
import type { SessionEvents } from './events/session-events.js';
import type { SessionTimeline } from './timeline/session-timeline.js';
import { questionTabsStyles } from './question-tabs.styles.js';
import { usageStyles } from './usage.styles.js';
import { headerStyles } from './session-header.styles.js';
import { viewStyles } from './session-view.styles.js';
import { statusStyles } from '../theme/status.styles.js';
import { englishStrings, type PanelStrings } from '../strings/english.js';
import { theme } from '../theme/theme.js';
import { PartPlace } from '../parts/part-place.js';
import { partStyles } from '../parts/part.styles.js';
import { EVENTS_PART, LOOK_BACK_PART, TIMELINE_PART } from './tab-parts.js';
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
    isLookBackAsked: { state: true },
    unfolded: { state: true },
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
  /** @internal True once a person has asked for the player of earlier moments. */
  declare isLookBackAsked: boolean;
  /** @internal Starts of the waits that the timeline draws to scale. */
  declare unfolded: ReadonlySet<number>;
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
  readonly #lookBackPlace = new PartPlace(this, LOOK_BACK_PART, () => this.#scrubber?.focus());
  readonly #copy = new ClipboardCopy(this);
  readonly #outcome = new SessionOutcome(this);
  readonly #target = new TargetPlace();
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
    this.isLookBackAsked = false;
    this.unfolded = new Set();
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
    this.#seek(undefined);
    return this.#questions.focusOn(interactionId);
  }

  /**
   * Moves the focus to the question after the focused one, or to the shown one; false when there is none after
   * it.
   */
  focusNextQuestion(): boolean {
    this.#seek(undefined);
    return this.#questions.focusNext(this.run);
  }

  /** Moves the focus to the first question of a session as soon as it is drawn. */
  focusFirstQuestion(sessionId: string): void {
    this.#seek(undefined);
    this.#questions.focusFirst(sessionId);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    this.#focused = this.shadowRoot?.activeElement ?? undefined;
    this.#timelinePlace.show(this.#selectedTab === 'timeline');
    this.#eventsPlace.show(this.#selectedTab === 'events');
    this.#lookBackPlace.show(this.run !== undefined && this.#isLookBackShown(this.run));
    if (changed.has('clock')) changed.get('clock')?.read(this, undefined);
    if (changed.has('run') || this.run?.sessionId !== this.#shownSessionId) {
      this.#shownSessionId = this.run?.sessionId;
      this.#copy.reset();
      this.#questions.reset();
      this.#handover.reset();
      this.#outcome.reset();
      this.unfolded = new Set();
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
    if (run !== undefined) {
      this.#goToMoment(run);
      void this.#goToTarget(run);
    }
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
      ${this.#renderLookBack(run)}
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
      session,
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
      isLookingBack: this.canLookBack && run.events.length > 0 ? this.#isLookBackShown(run) : undefined,
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
    };
  }

  #otherGraphId({ graphId }: RunController): string | undefined {
    const listed = this.history?.graphId;
    return listed === undefined || listed === graphId ? undefined : graphId;
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

  /** Shows the moment that the host has named, once its event is there, or says that it is not. */
  #goToMoment(run: RunController): void {
    const moment = this.#target.takeMoment(run);
    if (moment === undefined) return;
    const isThere = Number.isInteger(moment) && moment >= 0 && moment <= run.latest.lastIndex;
    // After the update: it changes what the update has read.
    queueMicrotask(() => {
      if (isThere) this.commands?.seek?.(moment, true);
      else this.commands?.reportMissing?.(this.strings.noSuchEvent(moment));
    });
  }

  /** Scrolls to the node or event that the host has named, once it is there, or says that it is not. */
  async #goToTarget(run: RunController): Promise<void> {
    const { strings, commands, shadowRoot } = this;
    const target = this.#target.take(run);
    switch (target?.kind) {
      case 'no-node': {
        const { nodeId, title } = target;
        return commands?.reportMissing?.(
          title === undefined ? strings.noSuchNode(nodeId) : strings.nodeNotStarted(title),
        );
      }
      case 'no-event':
        return commands?.reportMissing?.(strings.noSuchEvent(target.index));
      case 'node': {
        const name = this.#selectedTab === 'timeline' ? 'sessions-panel-timeline' : 'sessions-panel-activity';
        await customElements.whenDefined(name);
        await this.updateComplete;
        const tab = shadowRoot?.querySelector<SessionActivity | SessionTimeline>(name);
        await tab?.updateComplete;
        return tab?.showNode(target.nodeId, this.#mayTakeFocus);
      }
      case 'event': {
        await customElements.whenDefined('sessions-panel-events');
        await this.updateComplete;
        const events = shadowRoot?.querySelector<SessionEvents>('sessions-panel-events');
        await events?.updateComplete;
        return events?.showEvent(target.index);
      }
    }
  }

  /** False while a person uses something else on the page. */
  get #mayTakeFocus(): boolean {
    const { activeElement } = this.ownerDocument;
    return (
      activeElement === null || activeElement === this.ownerDocument.body || this.matches(':focus-within')
    );
  }

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
          .onSeek=${this.canLookBack ? this.#seek : undefined}
          .onStep=${this.#step}
          .onUnfold=${this.#unfold}
          .unfolded=${this.unfolded}
          >${this.#timelinePlace.render(strings)}</sessions-panel-timeline
        >`;
      case 'events':
        return html`<sessions-panel-events
          exportparts=${EXPORTED_PARTS.events}
          .run=${run}
          .strings=${strings}
          .linkTo=${this.hasLinks ? this.#linkToEvent : undefined}
          .onSeek=${this.canLookBack ? this.#seek : undefined}
          >${this.#eventsPlace.render(strings)}</sessions-panel-events
        >`;
      case 'activity':
        return html`<sessions-panel-activity
          exportparts=${EXPORTED_PARTS.activity}
          .run=${run}
          .strings=${strings}
          .clock=${run.position === undefined ? clock : this.#clockThen}
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

  /** The clock of an earlier moment stands at its last event. */
  readonly #clockThen = new Clock(() => Date.now() - (this.run?.positionTs ?? 0));

  get #scrubber(): SessionScrubber | undefined {
    return this.shadowRoot?.querySelector<SessionScrubber>('sessions-panel-scrubber') ?? undefined;
  }

  /** The tab “Timeline” always has the player; the others once it was asked for, and while an earlier moment is shown. */
  #isLookBackShown(run: RunController): boolean {
    if (!this.canLookBack || run.events.length === 0) return false;
    return this.isLookBackAsked || this.#selectedTab === 'timeline' || run.position !== undefined;
  }

  #renderLookBack(run: RunController): TemplateResult | typeof nothing {
    if (!this.#isLookBackShown(run)) return nothing;
    const { strings } = this;
    return html`<sessions-panel-scrubber
      exportparts=${EXPORTED_PARTS.lookBack}
      .run=${run}
      .strings=${strings}
      .clock=${this.clock}
      .hasTrack=${this.#selectedTab !== 'timeline'}
      .unfolded=${this.unfolded}
      .linkTo=${this.hasLinks ? this.#linkToMoment : undefined}
      .onSeek=${this.#seek}
      .onTime=${this.#showTime}
      .onAnswer=${this.capabilities.readOnly === true ? undefined : this.#answerNow}
      >${this.#lookBackPlace.render(strings)}</sessions-panel-scrubber
    >`;
  }

  /** Shows or hides the player, and moves the focus with it; hiding it returns to the newest event. False without one. */
  toggleLookBack(): boolean {
    const { run } = this;
    if (run === undefined || !this.canLookBack || run.events.length === 0) return false;
    const isTimeline = this.#selectedTab === 'timeline';
    if (!isTimeline) this.isLookBackAsked = !this.#isLookBackShown(run);
    if (isTimeline || this.isLookBackAsked) void this.#focusLookBack();
    else this.#seek(undefined);
    return true;
  }

  async #focusLookBack(): Promise<void> {
    await Promise.all([LOOK_BACK_PART.load(), this.updateComplete]);
    const timeline = this.shadowRoot?.querySelector<SessionTimeline>('sessions-panel-timeline');
    await (timeline ?? this.#scrubber)?.updateComplete;
    (timeline?.playhead ?? this.#scrubber)?.focus({ preventScroll: true });
  }

  /** Shows the moment one step before (-1) or after (1); `isSingle`: by single events. False if that is not possible. */
  step(by: -1 | 1, isSingle: boolean): boolean {
    const { run } = this;
    if (run === undefined || !this.canLookBack || run.events.length === 0) return false;
    if (run.position === undefined && by > 0) return true;
    void LOOK_BACK_PART.load().then(() => {
      const { module } = LOOK_BACK_PART;
      if (module !== undefined && this.run === run) this.#seek(module.momentAfter(run, by, isSingle));
    });
    return true;
  }

  readonly #step = (by: -1 | 1, isSingle: boolean): void => {
    this.step(by, isSingle);
  };

  readonly #seek = (index: number | undefined): void => {
    this.commands?.seek?.(index);
  };

  readonly #showTime = (ms: number | undefined): void => {
    this.shadowRoot?.querySelector<SessionTimeline>('sessions-panel-timeline')?.showTime(ms);
  };

  readonly #unfold = (startMs: number): void => {
    const unfolded = new Set(this.unfolded);
    if (!unfolded.delete(startMs)) unfolded.add(startMs);
    this.unfolded = unfolded;
  };

  readonly #answerNow = (): void => {
    this.focusNextQuestion();
  };

  readonly #linkToMoment = (moment: number): string | undefined => {
    const sessionId = this.run?.sessionId;
    return sessionId === undefined
      ? undefined
      : this.commands?.linkTo?.({ sessionId, view: this.#selectedTab, moment });
  };

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
