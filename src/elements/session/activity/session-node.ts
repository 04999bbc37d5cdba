import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { NodeRun } from '../../../controller/run/run-controller.js';
import type { Interaction } from '../../../protocol/questions/interactions.js';
import { Clock } from '../../base/clock.js';
import type { MenuEntry } from '../../base/menu/menu.js';
import { renderMenuButton } from '../../base/menu/menu-button.js';
import { contentStyles } from '../../content/content.styles.js';
import type { ContentOptions } from '../../content/text-view.js';
import { icon, statusIcon } from '../../theme/icons.js';
import { renderUnanswered } from './answer-body.js';
import { renderFinishedActivity, renderLiveActivity, SHOWN_ENTRIES, type NodeBodyView } from './node-body.js';
import { NearView } from './near-view.js';
import { RunElement } from '../run-element.js';
import { renderUsage } from '../usage-view.js';
import { usageStyles } from '../usage.styles.js';
import { runAsNode } from './run-as-node.js';
import { nodeStyles } from './session-node.styles.js';
import { outputStyles } from './output.styles.js';
import { isReplaying, knownUntil } from '../watched-session.js';
import { nodeStatusWord } from '../../strings/session-text.js';
import { untracked } from '../../base/signal-element.js';
import { statusStyles } from '../../theme/status.styles.js';
import { englishStrings, type PanelStrings } from '../../strings/english.js';
import { theme } from '../../theme/theme.js';
import { duration, runningDuration } from '../../strings/duration.js';

/** Number of entries drawn during a replay, which is too fast to read. */
const REPLAYED_ENTRIES = 8;
/** Maximum number of entries that are printed. */
const PRINTED_ENTRIES = 1000;

/**
 * The activity of one node of the watched session, or the reports of the run as a whole. An element of its own, so that events of one node
 * render that node alone. Part of `<sessions-panel>`.
 *
 * @csspart node-title - The title of the node.
 * @csspart menu-button - The button of its menu.
 * @csspart menu - The menu.
 * @csspart node-time - The time it took, or has been waiting.
 * @csspart output - An output.
 * @csspart content - One piece of content.
 * @csspart answer - A person's answer.
 * @csspart error - The error it failed with.
 */
export class SessionNode extends RunElement {
  static override styles = [...theme, statusStyles, contentStyles, outputStyles, nodeStyles, usageStyles];
  static override properties = {
    run: { attribute: false },
    nodeId: { attribute: false },
    strings: { attribute: false },
    clock: { attribute: false },
    resolveHandle: { attribute: false },
    frameUrl: { attribute: false },
    fileUrlPrefix: { attribute: false },
    isRead: { attribute: false },
    isInResult: { attribute: false },
    onAnswer: { attribute: false },
    linkTo: { attribute: false },
    onRerun: { attribute: false },
    originOf: { attribute: false },
    menuOf: { attribute: false },
    isMenuOpen: { state: true },
    shownEntries: { state: true },
    unfolded: { state: true },
  };

  /** Undefined: the reports of the run as a whole. */
  declare nodeId: string | undefined;
  declare strings: PanelStrings;
  declare clock: Clock;
  declare resolveHandle: ContentOptions['resolveHandle'];
  declare frameUrl: ContentOptions['frameUrl'];
  declare fileUrlPrefix: ContentOptions['fileUrlPrefix'];
  /** True while someone reads away from the end, or selects: what is drawn then stays where it is. */
  declare isRead: boolean;
  /** True if its outputs are shown as the result of the run. */
  declare isInResult: boolean;
  /** Goes to the card of an open question; undefined where there is none. */
  declare onAnswer: ((interactionId: string) => void) | undefined;
  /** Returns the host's link to a node; undefined where there is none. */
  declare linkTo: ((nodeId: string) => string | undefined) | undefined;
  /** Runs the session again from this node; undefined where that is not possible. */
  declare onRerun: ((nodeId: string) => void) | undefined;
  /** Returns how to open the session where a reused node worked; undefined where that is not possible. */
  declare originOf: ((sessionId: string) => (() => void) | undefined) | undefined;
  /** Returns the entries of the menu of a node; undefined where there is none. */
  declare menuOf: ((nodeId: string) => readonly MenuEntry[]) | undefined;
  /** @internal */
  declare isMenuOpen: boolean;
  /** @internal Maximum number of entries to draw. */
  declare shownEntries: number;
  /** @internal Keys of the unfolded parts. */
  declare unfolded: ReadonlySet<string>;

  /** Made once, so that the menu need not render with every event. */
  #menuEntries: readonly MenuEntry[] = [];
  /** Index of the newest entry when someone began to read. */
  #readSince: number | undefined;
  /** The run and attempt that has been drawn while it went on. */
  #drawnLive = '';
  /** The run and attempt whose end has been drawn. */
  #drawnEnd = '';
  /** Whether its body has been drawn, which then stays. */
  #hasBody = false;
  readonly #view = new NearView(this, () => {
    if (!this.#hasBody) this.requestUpdate();
  });

  constructor() {
    super();
    this.run = undefined;
    this.nodeId = '';
    this.strings = englishStrings;
    this.clock = new Clock();
    this.resolveHandle = undefined;
    this.frameUrl = undefined;
    this.fileUrlPrefix = undefined;
    this.isRead = false;
    this.isInResult = false;
    this.onAnswer = undefined;
    this.linkTo = undefined;
    this.onRerun = undefined;
    this.originOf = undefined;
    this.menuOf = undefined;
    this.isMenuOpen = false;
    this.shownEntries = SHOWN_ENTRIES;
    this.unfolded = new Set();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.clock.read(this, undefined);
  }

  get #node(): NodeRun | undefined {
    const { run, nodeId, strings } = this;
    if (run === undefined) return undefined;
    return nodeId === undefined ? runAsNode(run, strings.timelineRun) : run.getNode(nodeId);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('clock')) changed.get('clock')?.read(this, undefined);
    if (changed.has('menuOf') || changed.has('nodeId') || changed.has('strings'))
      this.#menuEntries = this.nodeId === undefined ? [] : (this.menuOf?.(this.nodeId) ?? []);
    if (!this.isRead) this.#readSince = undefined;
    else this.#readSince ??= this.#node?.entries.at(-1)?.index ?? -1;
  }

  protected override updated(): void {
    const status = this.#node?.status;
    const isCounting = status === 'running' || status === 'suspended';
    this.clock.read(this, this.isConnected && isCounting ? 1000 : undefined);
  }

  protected override render(): TemplateResult | typeof nothing {
    const node = this.#node;
    if (node === undefined) return nothing;
    const { strings } = this;
    // Replays are drawn often, and most nodes are out of view.
    this.#hasBody ||= !this.#isPassing || this.#view.isNear || this.printing.isOn;
    const name = strings.timelineRow(node.title, [nodeStatusWord(node.status, strings)]);
    return html`<div class="head">
        ${statusIcon(node.status)}
        <h4 part="node-title" dir="auto" aria-label=${name} title=${node.title}>${node.title}</h4>
        ${node.attempt > 1 ? html`<span class="attempt">${strings.attempt(node.attempt)}</span>` : nothing}
        ${this.#renderReused(node)}
        <span class="end"
          >${this.#renderRerun(node)}${this.#renderLink(node)}${this.#renderMenu(node)}${renderUsage(node.usage, strings)}<span
            class="time ${this.#timeState(node)}"
            part="node-time"
            >${this.#time(node)}</span
          >
          ${this.#renderAnswer(node)}</span
        >
      </div>
      <div class="body ${this.#hasBody ? '' : 'is-due'}">
        ${this.#hasBody ? [this.#renderBody(node), this.#renderOpenQuestions(node)] : nothing}
      </div>`;
  }

  #renderAnswer({ status, title, nodeId }: NodeRun): TemplateResult | typeof nothing {
    const { strings, onAnswer } = this;
    const question = status === 'suspended' ? this.#questionOf(nodeId) : undefined;
    if (question === undefined || onAnswer === undefined) return nothing;
    return html`<button
      type="button"
      class="button ask answer-button"
      aria-label=${strings.answerQuestionOf(title)}
      @click=${() => onAnswer(question.interactionId)}
    >
      ${strings.answerQuestion}
    </button>`;
  }

  /** Marks a node that did not run, with the way to the run where it worked. */
  #renderReused({ reused }: NodeRun): TemplateResult | typeof nothing {
    const { strings } = this;
    if (reused === undefined) return nothing;
    const open = this.originOf?.(reused.sessionId);
    return html`<span class="reused"
      ><span title=${strings.nodeReusedHint}>${strings.nodeReused}</span>${
        open === undefined
          ? nothing
          : html` <button type="button" class="origin" @click=${open}>${strings.showOriginRun}</button>`
      }</span
    >`;
  }

  #renderRerun({ nodeId, status, title }: NodeRun): TemplateResult | typeof nothing {
    const { strings, onRerun } = this;
    const hasStarted = status !== 'waiting' && status !== 'skipped';
    if (onRerun === undefined || this.nodeId === undefined || !hasStarted) return nothing;
    const label = strings.rerunFromNode(title);
    return html`<button
      type="button"
      class="icon-button link"
      aria-label=${label}
      title=${label}
      @click=${() => onRerun(nodeId)}
    >
      ${icon('again')}
    </button>`;
  }

  #renderLink({ nodeId }: NodeRun): TemplateResult | typeof nothing {
    const { strings } = this;
    const link = this.nodeId === undefined ? undefined : this.linkTo?.(nodeId);
    if (link === undefined) return nothing;
    return html`<sessions-panel-copy
      class="link"
      .label=${strings.copyLink}
      .symbol=${'link'}
      .text=${() => link}
      .strings=${strings}
    ></sessions-panel-copy>`;
  }

  #renderMenu({ title }: NodeRun): TemplateResult | typeof nothing {
    if (this.#menuEntries.length === 0) return nothing;
    return html`<span class="link"
      >${renderMenuButton({
        label: this.strings.moreOf(title),
        isOpen: this.isMenuOpen,
        entries: this.#menuEntries,
        onToggle: (isOpen) => {
          this.isMenuOpen = isOpen;
        },
      })}</span
    >`;
  }

  #bodyView(node: NodeRun): NodeBodyView {
    const { strings, resolveHandle } = this;
    return {
      strings,
      resolveHandle,
      frameUrl: this.frameUrl,
      fileUrlPrefix: this.fileUrlPrefix,
      nodeTitle: node.title,
      isInResult: this.isInResult,
      shownEntries: this.printing.isOn
        ? PRINTED_ENTRIES
        : this.#isPassing
          ? Math.min(REPLAYED_ENTRIES, this.shownEntries)
          : this.shownEntries,
      onEarlier: this.#onEarlier,
      readSince: this.#readSince,
      isUnfolded: (key) => this.unfolded.has(key),
      onFold: this.#onFold,
    };
  }

  get #isPassing(): boolean {
    return this.run !== undefined && isReplaying(this.run);
  }

  #renderBody(node: NodeRun): TemplateResult {
    const view = this.#bodyView(node);
    // The run has no outputs besides those of its nodes: its reports stay as they came.
    if (this.nodeId === undefined) return renderLiveActivity(node, view);
    const attempt = `${this.run?.sessionId} ${node.nodeId} ${node.attempt}`;
    const wasLive = attempt === this.#drawnLive;
    switch (node.status) {
      case 'skipped':
        return html`<p class="quiet">${this.#skipReason(node)}</p>`;
      case 'running':
      case 'suspended':
        if (!this.#isPassing) this.#drawnLive = attempt;
        return renderLiveActivity(node, view);
      default:
        // Folding what someone reads would take it away, and so would unfolding what was folded before.
        if (wasLive && this.isRead && attempt !== this.#drawnEnd) return renderLiveActivity(node, view);
        this.#drawnEnd = attempt;
        return renderFinishedActivity(node, { ...view, readSince: undefined, isWhole: wasLive });
    }
  }

  /** The open questions, where there are no cards for them. */
  #renderOpenQuestions(node: NodeRun): readonly TemplateResult[] {
    if (this.onAnswer !== undefined || node.status !== 'suspended') return [];
    // Those of an earlier moment stand below the tab, with what was answered later.
    if (this.run?.position !== undefined) return [];
    const open = this.run?.interactions.filter(({ nodeId }) => nodeId === node.nodeId) ?? [];
    return open.map((interaction) => renderUnanswered(interaction, this.#bodyView(node)));
  }

  readonly #onEarlier = (): void => {
    this.shownEntries += 4 * SHOWN_ENTRIES;
  };

  readonly #onFold = (key: string, isUnfolded: boolean): void => {
    if (this.unfolded.has(key) === isUnfolded) return;
    const unfolded = new Set(this.unfolded);
    if (isUnfolded) unfolded.add(key);
    else unfolded.delete(key);
    this.unfolded = unfolded;
  };

  #skipReason({ causedBy }: NodeRun): string {
    if (causedBy === undefined || causedBy === '') return this.strings.skippedAlone;
    return this.strings.skippedBecause(this.run?.getNode(causedBy)?.title ?? causedBy);
  }

  /** A time that counts on somewhere else, unseen from here, is not in colour. */
  #timeState({ status }: NodeRun): string {
    if (status !== 'suspended') return '';
    return this.run?.lostMs === undefined ? 'is-waiting' : 'is-stale';
  }

  #time(node: NodeRun): string {
    const { startedTs, endedTs, status } = node;
    const now = this.run === undefined ? this.clock.now() : knownUntil(this.run, this.clock);
    if (status === 'suspended') {
      const since = this.#askedTs(node.nodeId);
      return since === undefined
        ? this.strings.statusSuspended
        : this.strings.waitingFor(runningDuration(now - since, this.strings));
    }
    if (startedTs === undefined) return '';
    // During a replay “running” is a status of the past: the time since then means nothing.
    if (status === 'running' && this.run !== undefined && isReplaying(this.run)) return '';
    if (status === 'running') return runningDuration(now - startedTs, this.strings);
    return endedTs === undefined || node.reused !== undefined
      ? ''
      : duration(endedTs - startedTs, this.strings);
  }

  /** The oldest open question of the node. */
  #questionOf(nodeId: string): Interaction | undefined {
    return this.run?.interactions.find((interaction) => interaction.nodeId === nodeId);
  }

  /** Time at which the oldest open question of the node was asked, if its event has one. */
  #askedTs(nodeId: string): number | undefined {
    const { run } = this;
    const question = this.#questionOf(nodeId);
    if (run === undefined || question === undefined) return undefined;
    // The event is already in the log and never changes; tracking the log would render for each new event.
    const event = untracked(() => run.events.at(question.index - run.events.dropped));
    return event?.index === question.index ? event.ts : undefined;
  }
}
