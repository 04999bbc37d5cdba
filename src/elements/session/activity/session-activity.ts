import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { RunController } from '../../../controller/run/run-controller.js';
import { failuresOf } from '../run-outcome.js';
import { nestingDepth } from '../nesting.js';
import { isOpen, isReplaying, nodesInOrder } from '../watched-session.js';
import { Clock } from '../../base/clock.js';
import { contentStyles } from '../../content/content.styles.js';
import type { ContentOptions } from '../../content/text-view.js';
import { FollowWork } from './follow-work.js';
import { hasSelection } from './has-selection.js';
import { icon } from '../../theme/icons.js';
import { NodeWindow } from './node-window.js';
import { outputStyles } from './output.styles.js';
import { resultNodes } from './run-result.js';
import { drawnInResult, renderComing, renderFinished, renderMore, renderResult } from './activity-parts.js';
import { RunElement } from '../run-element.js';
import { SessionNode } from './session-node.js';
import { activityStyles } from './session-activity.styles.js';
import { statusStyles } from '../../theme/status.styles.js';
import { noticeStyles } from '../../theme/notice.styles.js';
import { englishStrings, type PanelStrings } from '../../strings/english.js';
import { theme } from '../../theme/theme.js';
import { EXPORTED_PARTS } from '../../base/part-names.js';

/** Number of frames in which nothing moves the target node any further, after which it is at its place. */
const STILL_FRAMES = 4;
/** Maximum number of frames for which it is brought there. */
const MAX_FRAMES = 120;

/**
 * The result of the watched session once it has completed, and the activity of each node. Follows the newest work
 * while the session is running. Part of `<sessions-panel>`.
 *
 * @csspart activity - The activity of all nodes.
 */
export class SessionActivity extends RunElement {
  static override styles = [
    ...theme,
    noticeStyles,
    statusStyles,
    contentStyles,
    outputStyles,
    activityStyles,
  ];
  static override properties = {
    run: { attribute: false },
    strings: { attribute: false },
    clock: { attribute: false },
    resolveHandle: { attribute: false },
    frameUrl: { attribute: false },
    fileUrlPrefix: { attribute: false },
    onAnswer: { attribute: false },
    linkTo: { attribute: false },
    onRerun: { attribute: false },
    originOf: { attribute: false },
    menuOf: { attribute: false },
    isAway: { state: true },
    isSelecting: { state: true },
    isResultShown: { state: true },
    targetNode: { state: true },
  };

  declare strings: PanelStrings;
  declare clock: Clock;
  declare resolveHandle: ContentOptions['resolveHandle'];
  declare frameUrl: ContentOptions['frameUrl'];
  declare fileUrlPrefix: ContentOptions['fileUrlPrefix'];
  /** Goes to the card of an open question. */
  declare onAnswer: SessionNode['onAnswer'];
  /** Returns the host's link to a node; undefined where there is none. */
  declare linkTo: SessionNode['linkTo'];
  /** Runs the session again from a node. */
  declare onRerun: SessionNode['onRerun'];
  /** Returns how to open the session where a node worked. */
  declare originOf: SessionNode['originOf'];
  /** Returns what a person can do with a node; undefined where that is nothing. */
  declare menuOf: SessionNode['menuOf'];
  /** @internal True while the newest work is out of view. */
  declare isAway: boolean;
  /** @internal True while text of the activity is selected. */
  declare isSelecting: boolean;
  /**
   * @internal True once the result is shown above the steps: from the beginning for a run that had ended, and on
   * request for one that ended here, because it moves the steps.
   */
  declare isResultShown: boolean;
  /** @internal The target node of `showNode`, marked as long as it has the focus. */
  declare targetNode: string | undefined;

  #shownSessionId: string | undefined;
  /** True once the replay of the session is complete. */
  #hasBegun = false;
  /** Whether an earlier moment was shown: the newest work is followed from there on. */
  #wasPast = false;
  /** The newest running node; undefined if that is the last one. */
  #runningNode: string | undefined;
  readonly #window = new NodeWindow(this);
  readonly #follow = new FollowWork(
    () => (this.#runningNode === undefined ? undefined : this.#elementOf(this.#runningNode)),
    (isThere) => {
      this.isAway = !isThere;
    },
  );

  constructor() {
    super();
    this.run = undefined;
    this.strings = englishStrings;
    this.clock = new Clock();
    this.resolveHandle = undefined;
    this.frameUrl = undefined;
    this.fileUrlPrefix = undefined;
    this.onAnswer = undefined;
    this.linkTo = undefined;
    this.onRerun = undefined;
    this.originOf = undefined;
    this.menuOf = undefined;
    this.isAway = false;
    this.isSelecting = false;
    this.isResultShown = false;
    this.targetNode = undefined;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('selectionchange', this.#onSelection);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#follow.stop();
    document.removeEventListener('selectionchange', this.#onSelection);
  }

  /** Scrolls to what is followed, if anything. Call it after taking some of its space and giving it back. */
  keepEnd(): void {
    this.#follow.keep();
  }

  /**
   * Scrolls to a node and stops following; `isFocused`: and focuses it. If there are many nodes, draws those around it.
   */
  showNode(nodeId: string, isFocused = true): void {
    this.targetNode = nodeId;
    this.#follow.hold();
    this.#reveal(nodeId, (node) => {
      if (isFocused) node.focus({ preventScroll: true });
    });
  }

  #elementOf(nodeId: string): SessionNode | undefined {
    return [...(this.shadowRoot?.querySelectorAll('sessions-panel-node') ?? [])].find(
      (element) => element.nodeId === nodeId,
    );
  }

  #reveal(nodeId: string, onDrawn: (node: SessionNode) => void = () => undefined): void {
    const allIds = this.run === undefined ? [] : nodesInOrder(this.run.nodes);
    this.#window.showAround(allIds.indexOf(nodeId), allIds.length);
    void this.updateComplete.then(() => {
      const node = this.#elementOf(nodeId);
      if (node === undefined) return;
      onDrawn(node);
      void this.#bringToTop(node);
    });
  }

  /**
   * Scrolls until the node stays at the top, or the person scrolls: earlier nodes are drawn and laid out only when they
   * come into view, which moves this one.
   */
  async #bringToTop(node: SessionNode): Promise<void> {
    this.#follow.hold();
    let still = 0;
    const nodes = [...(this.shadowRoot?.querySelectorAll('sessions-panel-node') ?? [])];
    const isDrawn = () => nodes.every(({ isUpdatePending }) => !isUpdatePending);
    for (let frame = 0; frame < MAX_FRAMES && (still < STILL_FRAMES || !isDrawn()); frame += 1) {
      if (!node.isConnected || !this.#follow.isHeld) return;
      const { top } = node.getBoundingClientRect();
      node.scrollIntoView({ block: 'start' });
      this.#follow.keep();
      still = Math.abs(node.getBoundingClientRect().top - top) < 1 ? still + 1 : 0;
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  }

  readonly #toLatest = (): void => {
    this.#window.showNewest();
    this.targetNode = undefined;
    void this.updateComplete.then(() => this.#follow.follow());
  };

  readonly #toResult = (): void => {
    this.isResultShown = true;
    this.targetNode = undefined;
    this.#follow.hold();
    void this.updateComplete.then(() => {
      const { shadowRoot } = this;
      const scroller = shadowRoot?.querySelector('.scroller');
      if (scroller !== null && scroller !== undefined) scroller.scrollTop = 0;
      this.#follow.keep();
      // The button is gone; from here the key that copies works.
      shadowRoot?.querySelector<HTMLElement>('.result .output')?.focus({ preventScroll: true });
    });
  };

  protected override willUpdate(_changed: PropertyValues<this>): void {
    const { run } = this;
    if (run?.sessionId !== this.#shownSessionId) {
      this.#shownSessionId = run?.sessionId;
      this.isAway = false;
      this.isResultShown = false;
      this.#window.reset();
      this.targetNode = undefined;
      this.#hasBegun = false;
      this.#follow.reset();
    }
    if (!this.#hasBegun && run !== undefined && !isReplaying(run)) this.isResultShown = !isOpen(run);
  }

  protected override updated(): void {
    const { run } = this;
    const scroller = this.shadowRoot?.querySelector<HTMLElement>('.scroller');
    const content = scroller?.firstElementChild;
    if (!this.isConnected || run === undefined || scroller === null || scroller === undefined) return;
    if (!isReplaying(run)) this.#begin(run);
    if (content !== null && content !== undefined) this.#follow.watch(scroller, content);
    const isPast = run.position !== undefined;
    if (isPast && !this.#wasPast) void this.updateComplete.then(() => this.#follow.follow());
    this.#wasPast = isPast;
  }

  /** A failed run is shown at its first failure, another ended one from its beginning; an open one is followed. */
  #begin(run: RunController): void {
    this.#follow.begin(isOpen(run));
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    const failed = run.status === 'failed' ? failuresOf(run)[0]?.nodeId : undefined;
    if (failed !== undefined && this.targetNode === undefined) this.#reveal(failed);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { run, strings } = this;
    if (run === undefined) return nothing;
    const isLatestHidden = (this.isAway || this.#window.isCut) && isOpen(run);
    return html`<div
        class="scroller ${this.#isRead ? 'is-read' : ''}"
        part="activity"
        role="region"
        aria-label=${strings.activityLabel}
        tabindex="0"
      >
        ${this.#renderNodes(run)}
      </div>
      ${
        isLatestHidden
          ? html`<button type="button" class="button pill floating latest" @click=${this.#toLatest}>
              ${icon('down')} ${strings.jumpToLatest}
            </button>`
          : nothing
      }
      ${
        this.#hasBegun && !this.isResultShown && !isReplaying(run) && resultNodes(run).length > 0
          ? renderFinished(run.summary, strings, this.#toResult)
          : nothing
      }`;
  }

  /** True while someone reads away from the newest work, or selects: nothing that is drawn may move or change then. */
  get #isRead(): boolean {
    return this.isAway || this.isSelecting;
  }

  readonly #onSelection = (): void => {
    const isSelecting = hasSelection(this.renderRoot);
    if (isSelecting === this.isSelecting) return;
    this.isSelecting = isSelecting;
    if (isSelecting) this.#follow.pause();
    else this.#follow.resume();
  };

  readonly #onFocusOut = ({ target }: FocusEvent): void => {
    if (target instanceof SessionNode && target.nodeId === this.targetNode) this.targetNode = undefined;
  };

  #renderNodes(run: RunController): TemplateResult {
    const { strings, resolveHandle, frameUrl, fileUrlPrefix } = this;
    const { nodes } = run;
    const allIds = nodesInOrder(nodes);
    const { from, until } = this.#window.of(allIds.length, this.#isRead, this.printing.isOn);
    const nodeIds = allIds.slice(from, until);
    const later = allIds.length - until;
    const last = nodeIds.at(-1);
    const running = nodeIds.filter((nodeId) => nodes.get(nodeId)?.status === 'running').at(-1);
    this.#runningNode = running === last ? undefined : running;
    const { phase } = run.connection;
    const isKnown = phase === 'live' || phase === 'terminal';
    const results = this.isResultShown || this.printing.isOn ? resultNodes(run) : [];
    const inResult = drawnInResult(results);
    // An error of the graph that comes from a node is already shown at the node.
    const error = [...nodes.values()].some((node) => node.error !== undefined) ? undefined : run.error;
    return html`<div class="activity" @focusout=${this.#onFocusOut}>
      ${renderResult(results, { strings, resolveHandle, frameUrl, fileUrlPrefix })}
      ${
        nodeIds.length > 0 || run.hasActivity
          ? nothing
          : html`<p class="quiet">
              ${isKnown ? strings.noActivity : phase === 'connecting' ? strings.connectingSession : nothing}
            </p>`
      }
      ${
        from === 0
          ? nothing
          : renderMore('earlier', strings.showEarlierNodes(from), () => this.#window.showEarlier())
      }
      ${run.hasActivity ? this.#renderNode(run, undefined, { depth: 0, isLast: false, isInResult: false }) : nothing}
      ${repeat(
        nodeIds,
        (nodeId) => nodeId,
        (nodeId) =>
          this.#renderNode(run, nodeId, {
            depth: nestingDepth(nodeId, nodes),
            isLast: nodeId === last,
            isInResult: inResult.has(nodeId),
          }),
      )}
      ${
        later === 0
          ? nothing
          : renderMore('later', strings.showLaterNodes(later), () => this.#window.showLater(allIds.length))
      }
      ${
        error === undefined
          ? nothing
          : html`<p class="note failed">
              <span dir="auto"><b>${strings.runFailed}.</b> ${strings.sentence(error)}</span>
            </p>`
      }
      ${isOpen(run) && later === 0 ? renderComing(nodes, run.outline, strings) : nothing}
    </div>`;
  }

  #renderNode(
    run: RunController,
    nodeId: string | undefined,
    {
      depth,
      isLast,
      isInResult,
    }: { readonly depth: number; readonly isLast: boolean; readonly isInResult: boolean },
  ): TemplateResult {
    const { strings, clock, resolveHandle, frameUrl, fileUrlPrefix } = this;
    return html`<sessions-panel-node
      tabindex="-1"
      exportparts=${EXPORTED_PARTS.node}
      .run=${run}
      .nodeId=${nodeId}
      .strings=${strings}
      .clock=${clock}
      .resolveHandle=${resolveHandle}
      .frameUrl=${frameUrl}
      .fileUrlPrefix=${fileUrlPrefix}
      .isRead=${this.#isRead}
      .onAnswer=${this.onAnswer}
      .linkTo=${this.linkTo}
      .onRerun=${this.onRerun}
      .originOf=${this.originOf}
      .menuOf=${this.menuOf}
      .isInResult=${isInResult}
      .throttle=${this.throttle}
      data-depth=${depth}
      ?data-last=${isLast}
      ?data-target=${nodeId !== undefined && nodeId === this.targetNode}
    ></sessions-panel-node>`;
  }
}
