import { SignalWatcher } from '@lit-labs/signals';
import type { Graph, GraphNode, NodeRun, RunController } from 'graph-sessions';
import { html, LitElement, nothing, svg, type PropertyValues } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { canvasStyles } from './graph-canvas-styles.js';
import { controls } from './controls.js';
import { layoutGraph, type Layout, type LayoutOptions, type PlacedEdge, type PlacedNode } from './layout.js';
import { NODE_STATUS_LABELS, nodeStatusIcon } from './node-status.js';
import { place } from './place.js';

/** Fired when a person opens a node to see its activity or answer its question. */
export class NodeOpenEvent extends Event {
  readonly nodeId: string;

  constructor(nodeId: string) {
    super('node-open', { bubbles: true, composed: true });
    this.nodeId = nodeId;
  }
}

/** Space around the drawing. */
const MARGIN = 24;

/** Smallest scale of a drawing that does not fit: it must stay readable. */
const MIN_SCALE = 0.8;

/** Width below which the graph runs down instead of to the right. */
const NARROW = 560;

const ACROSS: LayoutOptions = {
  direction: 'right',
  nodeWidth: 164,
  nodeHeight: 60,
  layerGap: 38,
  nodeGap: 20,
};
const DOWN: LayoutOptions = {
  direction: 'down',
  nodeWidth: 158,
  nodeHeight: 60,
  layerGap: 34,
  nodeGap: 14,
};

/**
 * Draws a graph and the state that each node has in the watched session.
 *
 * @fires node-open - A node was clicked.
 */
export class GraphCanvas extends SignalWatcher(LitElement) {
  static override properties = {
    graph: { attribute: false },
    run: { attribute: false },
    available: { state: true },
  };
  static override styles = [controls, canvasStyles];

  declare graph: Graph | undefined;
  /** The run whose nodes give the colours. */
  declare run: RunController | undefined;
  /** Space for the drawing; undefined before the first measurement. */
  declare available: { readonly width: number; readonly height: number } | undefined;

  #drawing: Drawing | undefined;
  /** The node that was last scrolled into view: the first that asks, else the first that is running. */
  #current: Element | null | undefined;
  readonly #resize = new ResizeObserver(([entry]) => {
    if (entry === undefined) return;
    const { width, height } = entry.contentRect;
    this.available = { width: width - 2 * MARGIN, height: height - 2 * MARGIN };
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resize.observe(this);
  }

  override disconnectedCallback(): void {
    this.#resize.disconnect();
    super.disconnectedCallback();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('graph') && !changed.has('available')) return;
    const { graph, available } = this;
    this.#drawing = graph === undefined || available === undefined ? undefined : draw(graph, available);
  }

  protected override updated(): void {
    const statuses = ['suspended', 'running'].map((status) => `[data-status=${status}]`);
    const current = statuses.map((status) => this.renderRoot.querySelector(status)).find((node) => node);
    if (current === this.#current) return;
    this.#current = current;
    // Scrolls only if the drawing is larger than its space, as on a phone.
    current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  override render(): unknown {
    const { graph } = this;
    const drawing = this.#drawing;
    if (graph === undefined || drawing === undefined) return nothing;
    const { layout, scale } = drawing;
    const { width, height } = layout;
    const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
    return html`
      <div class="space" ${place({ width: width * scale, height: height * scale })}>
        <div class="drawing" ${place({ width, height, scale })}>
          <svg class="edges" width=${width} height=${height} aria-hidden="true">
            ${layout.edges.map((edge) => this.#renderEdge(edge))}
          </svg>
          <ol class="nodes" aria-label="Nodes">
            ${repeat(
              layout.nodes,
              ({ nodeId }) => nodeId,
              (placed) => this.#renderNode(nodes.get(placed.nodeId), placed, drawing.options),
            )}
          </ol>
        </div>
      </div>
    `;
  }

  #renderEdge({ from, to, path }: PlacedEdge): unknown {
    const isPassed = this.run?.getNode(from)?.status === 'completed';
    const isActive = isPassed && this.run?.getNode(to)?.status === 'running';
    return svg`<path d=${path} class=${isActive ? 'active' : isPassed ? 'passed' : ''} />`;
  }

  #renderNode(node: GraphNode | undefined, { x, y }: PlacedNode, options: LayoutOptions): unknown {
    if (node === undefined) return nothing;
    const run = this.run?.getNode(node.id);
    const title = node.metadata?.title ?? node.id;
    const box = { left: x, top: y, width: options.nodeWidth, height: options.nodeHeight };
    return html`
      <li class="node" data-status=${run?.status ?? 'idle'} ${place(box)}>
        <button
          title=${run?.error ?? node.metadata?.description ?? title}
          @click=${() => this.dispatchEvent(new NodeOpenEvent(node.id))}
        >
          ${nodeStatusIcon(run?.status)}
          <span class="title">${title}</span>
          <span class="state">${run === undefined ? node.type : stateText(run)}</span>
        </button>
      </li>
    `;
  }
}

/** The state as text, and the progress of the node or its error. */
function stateText(node: NodeRun): string {
  const label = NODE_STATUS_LABELS[node.status];
  if (node.status === 'failed' && node.error !== undefined) return `${label} · ${node.error}`;
  if (node.status !== 'running') return label;
  const last = node.entries.at(-1);
  return last?.kind === 'thought' ? `${label} · ${plainText(last.text)}` : label;
}

/** One line of text without Markdown syntax. */
function plainText(markdown: string): string {
  return markdown.replace(/[*_`#]+/g, '').trim();
}

interface Size {
  readonly width: number;
  readonly height: number;
}

interface Drawing {
  readonly layout: Layout;
  readonly options: LayoutOptions;
  readonly scale: number;
}

function draw(graph: Graph, available: Size): Drawing {
  const options = available.width < NARROW ? DOWN : ACROSS;
  const layout = layoutGraph(graph, options);
  const fitWidth = available.width / layout.width;
  // People scroll down on a phone; elsewhere the whole graph should be visible.
  const fitHeight = options === DOWN ? 1 : available.height / layout.height;
  return { layout, options, scale: Math.max(Math.min(fitWidth, fitHeight, 1), MIN_SCALE) };
}
