import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { RunController } from '../../../controller/run-controller.js';
import { failuresOf } from '../run-outcome.js';
import { isOpen, isReplaying, nodesInOrder } from '../watched-session.js';
import { Clock } from '../../base/clock.js';
import type { ContentOptions } from '../../content/text-view.js';
import { FollowEnd } from './follow-end.js';
import { hasSelection } from './has-selection.js';
import { icon } from '../../theme/icons.js';
import { RunElement } from '../run-element.js';
import { SessionNode } from './session-node.js';
import { activityStyles } from './session-activity.styles.js';
import { noticeStyles } from '../../theme/notice.styles.js';
import { englishStrings, type PanelStrings } from '../../strings/english.js';
import { theme } from '../../theme/theme.js';
import { EXPORTED_PARTS } from '../../base/part-names.js';

/** Number of nodes drawn at first; if there are more, the newest. */
const SHOWN_NODES = 100;
/** Maximum number of nodes that are printed; the text above them says how many more there are. */
const PRINTED_NODES = 1000;
/** Number of frames for which the target node is kept at the top. */
const REVEAL_FRAMES = 4;
/** Number of nodes drawn before the target node. */
const NODES_BEFORE = 20;

/**
 * The activity of each node of the watched session. Follows its end while the session is running.
 * Part of `<sessions-panel>`.
 *
 * @csspart activity - The activity of all nodes.
 */
export class SessionActivity extends RunElement {
  static override styles = [...theme, noticeStyles, activityStyles];
  static override properties = {
    run: { attribute: false },
    strings: { attribute: false },
    clock: { attribute: false },
    resolveHandle: { attribute: false },
    frameUrl: { attribute: false },
    fileUrlPrefix: { attribute: false },
    isAway: { state: true },
    isSelecting: { state: true },
    shownNodes: { state: true },
    shownUntil: { state: true },
    targetNode: { state: true },
  };

  declare strings: PanelStrings;
  declare clock: Clock;
  declare resolveHandle: ContentOptions['resolveHandle'];
  declare frameUrl: ContentOptions['frameUrl'];
  declare fileUrlPrefix: ContentOptions['fileUrlPrefix'];
  /** @internal True while the newest activity is out of view. */
  declare isAway: boolean;
  /** @internal True while text of the activity is selected. */
  declare isSelecting: boolean;
  /** @internal Maximum number of nodes to draw. */
  declare shownNodes: number;
  /** @internal Number of nodes up to and including the last one drawn; undefined for all. */
  declare shownUntil: number | undefined;
  /** @internal The target node of `showNode`, marked as long as it has the focus. */
  declare targetNode: string | undefined;

  #shownSessionId: string | undefined;
  /** True once the replay of the session is complete. */
  #hasBegun = false;
  /** Number of nodes when someone began to read. */
  #readNodes: number | undefined;
  readonly #follow = new FollowEnd((isAtEnd) => {
    this.isAway = !isAtEnd;
  });

  constructor() {
    super();
    this.run = undefined;
    this.strings = englishStrings;
    this.clock = new Clock();
    this.resolveHandle = undefined;
    this.frameUrl = undefined;
    this.fileUrlPrefix = undefined;
    this.isAway = false;
    this.isSelecting = false;
    this.shownNodes = SHOWN_NODES;
    this.shownUntil = undefined;
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

  /** Scrolls to the end if it is being followed. Call it after taking some of its space and giving it back. */
  keepEnd(): void {
    this.#follow.keep();
  }

  /** Scrolls to a node and focuses it. If there are many nodes, draws those around it. */
  showNode(nodeId: string): void {
    this.targetNode = nodeId;
    this.#reveal(nodeId, (node) => node.focus({ preventScroll: true }));
  }

  #reveal(nodeId: string, onDrawn: (node: SessionNode) => void = () => undefined): void {
    this.#drawAround(nodeId);
    void this.updateComplete.then(() => {
      const node = [...(this.shadowRoot?.querySelectorAll('sessions-panel-node') ?? [])].find(
        (element) => element.nodeId === nodeId,
      );
      if (node === undefined) return;
      onDrawn(node);
      void this.#bringToTop(node);
    });
  }

  /**
   * Scrolls for a few frames: earlier nodes are laid out only when they come into view, which moves this
   * one.
   */
  async #bringToTop(node: SessionNode): Promise<void> {
    for (let frame = 0; frame < REVEAL_FRAMES && node.isConnected; frame += 1) {
      node.scrollIntoView({ block: 'start' });
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  }

  #drawAround(nodeId: string): void {
    const { run } = this;
    const allIds = run === undefined ? [] : nodesInOrder(run.nodes);
    const position = allIds.indexOf(nodeId);
    const until = this.shownUntil ?? allIds.length;
    if (position < 0 || (position < until && position >= until - this.shownNodes)) return;
    const from = Math.max(0, position - NODES_BEFORE);
    this.shownNodes = SHOWN_NODES;
    this.#showUntil(from + SHOWN_NODES, allIds.length);
  }

  /** Draws the nodes up to a position; if that is the end, nodes that start later are drawn as well. */
  #showUntil(until: number, total: number): void {
    this.shownUntil = until < total ? until : undefined;
  }

  readonly #toLatest = (): void => {
    if (this.shownUntil !== undefined) this.shownNodes = SHOWN_NODES;
    this.shownUntil = undefined;
    this.targetNode = undefined;
    void this.updateComplete.then(() => this.#follow.toEnd());
  };

  protected override willUpdate(_changed: PropertyValues<this>): void {
    if (this.run?.sessionId === this.#shownSessionId) return;
    this.#shownSessionId = this.run?.sessionId;
    this.isAway = false;
    this.shownNodes = SHOWN_NODES;
    this.shownUntil = undefined;
    this.targetNode = undefined;
    this.#hasBegun = false;
    this.#follow.reset();
  }

  protected override updated(): void {
    const { run } = this;
    const scroller = this.shadowRoot?.querySelector<HTMLElement>('.scroller');
    const content = scroller?.firstElementChild;
    if (!this.isConnected || run === undefined || scroller === null || scroller === undefined) return;
    if (!isReplaying(run)) this.#begin(run);
    if (content !== null && content !== undefined) this.#follow.watch(scroller, content);
  }

  /** A failed run is shown at its first failure, another ended one from its beginning; an open one is followed. */
  #begin(run: RunController): void {
    this.#follow.begin(isOpen(run));
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    const failed = run.status === 'failed' ? failuresOf(run)[0]?.nodeId : undefined;
    if (failed !== undefined) this.#reveal(failed);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { run, strings } = this;
    if (run === undefined) return nothing;
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
        (this.isAway || this.shownUntil !== undefined) && isOpen(run)
          ? html`<button type="button" class="button latest" @click=${this.#toLatest}>
              ${icon('down')} ${strings.jumpToLatest}
            </button>`
          : nothing
      }`;
  }

  /** True while someone reads away from the end, or selects: nothing that is drawn may move or change then. */
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
    const { strings, clock, resolveHandle } = this;
    const { nodes } = run;
    const allIds = nodesInOrder(nodes);
    const until = Math.min(this.shownUntil ?? allIds.length, allIds.length);
    this.#readNodes = this.#isRead ? (this.#readNodes ?? allIds.length) : undefined;
    const counted = this.shownUntil === undefined ? (this.#readNodes ?? until) : until;
    const earlier = Math.max(0, counted - Math.max(this.shownNodes, this.printing.isOn ? PRINTED_NODES : 0));
    const nodeIds = allIds.slice(earlier, until);
    const later = allIds.length - until;
    const last = nodeIds.at(-1);
    const { phase } = run.connection;
    const isKnown = phase === 'live' || phase === 'terminal';
    // An error of the graph that comes from a node is already shown at the node.
    const error = [...nodes.values()].some((node) => node.error !== undefined) ? undefined : run.error;
    return html`<div class="activity" @focusout=${this.#onFocusOut}>
      ${
        nodeIds.length > 0
          ? nothing
          : html`<p class="quiet">
              ${isKnown ? strings.noActivity : phase === 'connecting' ? strings.connectingSession : nothing}
            </p>`
      }
      ${
        earlier === 0
          ? nothing
          : renderMore('earlier', strings.showEarlierNodes(earlier), () => {
              this.shownNodes += SHOWN_NODES;
            })
      }
      ${repeat(
        nodeIds,
        (nodeId) => nodeId,
        (nodeId) =>
          html`<sessions-panel-node
            tabindex="-1"
            exportparts=${EXPORTED_PARTS.node}
            .run=${run}
            .nodeId=${nodeId}
            .strings=${strings}
            .clock=${clock}
            .resolveHandle=${resolveHandle}
            .frameUrl=${this.frameUrl}
            .fileUrlPrefix=${this.fileUrlPrefix}
            .isRead=${this.#isRead}
            .throttle=${this.throttle}
            ?data-last=${nodeId === last}
            ?data-target=${nodeId === this.targetNode}
          ></sessions-panel-node>`,
      )}
      ${
        later === 0
          ? nothing
          : renderMore('later', strings.showLaterNodes(later), () => {
              this.shownNodes += SHOWN_NODES;
              this.#showUntil(until + SHOWN_NODES, allIds.length);
            })
      }
      ${
        error === undefined
          ? nothing
          : html`<p class="note failed">
              <span dir="auto"><b>${strings.runFailed}.</b> ${error}</span>
            </p>`
      }
    </div>`;
  }
}

function renderMore(place: 'earlier' | 'later', text: string, onClick: () => void): TemplateResult {
  return html`<button type="button" class="button ${place}" @click=${onClick}>${text}</button>`;
}
