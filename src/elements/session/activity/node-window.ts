import type { ReactiveControllerHost } from 'lit';

/** Number of nodes drawn at first and added by each “more”. */
const SHOWN_NODES = 100;
/** Maximum number of nodes that are printed; the text above them says how many more there are. */
const PRINTED_NODES = 1000;
/** Number of nodes drawn before one that is shown on request. */
const NODES_BEFORE = 20;

/** The drawn nodes, as positions in the list of all: from `from` to before `until`. */
export interface DrawnNodes {
  readonly from: number;
  readonly until: number;
}

/** Decides which of very many nodes are drawn: at first the newest. */
export class NodeWindow {
  readonly #host: Pick<ReactiveControllerHost, 'requestUpdate'>;
  #shown = SHOWN_NODES;
  /** Position after the last drawn node; undefined for the end of the list. */
  #until: number | undefined;
  /** Number of nodes when someone began to read. */
  #readNodes: number | undefined;

  constructor(host: Pick<ReactiveControllerHost, 'requestUpdate'>) {
    this.#host = host;
  }

  /** True if newer nodes are not drawn. */
  get isCut(): boolean {
    return this.#until !== undefined;
  }

  /** Draws the newest nodes, for another session. */
  reset(): void {
    this.#shown = SHOWN_NODES;
    this.#until = undefined;
    this.#readNodes = undefined;
  }

  /** Returns the nodes to draw of `total`. While someone reads, none of those that were drawn leaves. */
  of(total: number, isRead: boolean, isPrinted: boolean): DrawnNodes {
    const until = Math.min(this.#until ?? total, total);
    this.#readNodes = isRead ? (this.#readNodes ?? total) : undefined;
    const counted = this.#until === undefined ? (this.#readNodes ?? until) : until;
    return { from: Math.max(0, counted - Math.max(this.#shown, isPrinted ? PRINTED_NODES : 0)), until };
  }

  /** Draws more nodes before the first. */
  showEarlier(): void {
    this.#shown += SHOWN_NODES;
    this.#host.requestUpdate();
  }

  /** Draws more nodes after the last. */
  showLater(total: number): void {
    this.#shown += SHOWN_NODES;
    this.#showUntil((this.#until ?? total) + SHOWN_NODES, total);
  }

  /** Draws the nodes around a position, unless it is among the drawn ones. */
  showAround(position: number, total: number): void {
    const until = this.#until ?? total;
    if (position < 0 || (position < until && position >= until - this.#shown)) return;
    this.#shown = SHOWN_NODES;
    this.#showUntil(Math.max(0, position - NODES_BEFORE) + SHOWN_NODES, total);
  }

  /** Draws the newest nodes again after `showAround`. */
  showNewest(): void {
    if (this.#until === undefined) return;
    this.#shown = SHOWN_NODES;
    this.#until = undefined;
    this.#host.requestUpdate();
  }

  /** At the end, nodes that start later are drawn as well. */
  #showUntil(until: number, total: number): void {
    this.#until = until < total ? until : undefined;
    this.#host.requestUpdate();
  }
}
