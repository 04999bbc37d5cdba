import type { Graph } from 'graph-sessions';

/** Sizes in pixels, and the direction of the graph. */
export interface LayoutOptions {
  readonly direction: 'right' | 'down';
  readonly nodeWidth: number;
  readonly nodeHeight: number;
  /** Between two layers. */
  readonly layerGap: number;
  /** Between two nodes of a layer. */
  readonly nodeGap: number;
}

/** A node's top left corner. */
export interface PlacedNode {
  readonly nodeId: string;
  readonly x: number;
  readonly y: number;
}

/** An edge as the `d` of an SVG path. */
export interface PlacedEdge {
  readonly from: string;
  readonly to: string;
  readonly path: string;
}

/** A drawn graph: everything lies between 0 and `width`, 0 and `height`. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

/** A place in a layer: a node, or the passage of an edge that leads to a later layer. */
interface Slot {
  readonly nodeId?: string;
  /** Slots of the layer before that lead here. */
  readonly before: Slot[];
  /** Position within its layer. */
  order: number;
  /** Centre across the direction of the graph. */
  across: number;
}

/** Width of an edge's passage, as a share of the size of a node across the direction. */
const PASSAGE_SHARE = 0.25;

/** Number of sweeps that order the layers; more have no effect for graphs that a person can read. */
const SWEEPS = 3;

/**
 * Places the nodes of an acyclic graph in layers: each node one layer after its last upstream node, in
 * an order that keeps edges from crossing where it can. The same graph always gives the same drawing.
 */
export function layoutGraph(graph: Graph, options: LayoutOptions): Layout {
  const isRight = options.direction === 'right';
  const sizeAlong = isRight ? options.nodeWidth : options.nodeHeight;
  const sizeAcross = isRight ? options.nodeHeight : options.nodeWidth;
  const layerOf = assignLayers(graph);
  const { layers, routes } = fillLayers(graph, layerOf);
  orderLayers(layers);
  const extent = placeAcross(layers, sizeAcross, options.nodeGap);
  const startOf = (layer: number) => layer * (sizeAlong + options.layerGap);
  const length = Math.max(0, startOf(layers.length) - options.layerGap);
  const at = (along: number, across: number): Point => (isRight ? [along, across] : [across, along]);

  const nodes = layers.flatMap((slots, layer) =>
    slots.flatMap(({ nodeId, across }) => {
      if (nodeId === undefined) return [];
      const [x, y] = at(startOf(layer), across - sizeAcross / 2);
      return [{ nodeId, x, y }];
    }),
  );
  const edges = routes.map(({ from, to, slots, firstLayer }) => {
    // An edge crosses each slot from its near to its far side, but only leaves the first and meets the last.
    const points = slots.flatMap((slot, step) => {
      const start = startOf(firstLayer + step);
      const near = at(start, slot.across);
      const far = at(start + sizeAlong, slot.across);
      if (step === 0) return [far];
      return step === slots.length - 1 ? [near] : [near, far];
    });
    return { from, to, path: curveThrough(points, isRight) };
  });
  const [width, height] = at(length, extent);
  return { width, height, nodes, edges };
}

type Point = readonly [x: number, y: number];

interface Route {
  readonly from: string;
  readonly to: string;
  readonly firstLayer: number;
  readonly slots: readonly Slot[];
}

/** The layer of each node: the length of the longest path to it. */
function assignLayers(graph: Graph): ReadonlyMap<string, number> {
  const upstream = new Map<string, string[]>(graph.nodes.map(({ id }) => [id, []]));
  for (const { from, to } of graph.edges ?? []) upstream.get(to)?.push(from);
  const layers = new Map<string, number>();
  const layerOf = (nodeId: string): number => {
    const known = layers.get(nodeId);
    if (known !== undefined) return known;
    // Set before the descent, so that a cycle (which a server refuses) cannot hang the page.
    layers.set(nodeId, 0);
    const layer = Math.max(-1, ...(upstream.get(nodeId) ?? []).map(layerOf)) + 1;
    layers.set(nodeId, layer);
    return layer;
  };
  for (const { id } of graph.nodes) layerOf(id);
  return layers;
}

/** Creates slots for the nodes, and passages for the edges that cross a layer. */
function fillLayers(graph: Graph, layerOf: ReadonlyMap<string, number>) {
  const layers: Slot[][] = Array.from({ length: Math.max(-1, ...layerOf.values()) + 1 }, () => []);
  const add = (layer: number, slot: Slot): Slot => {
    layers[layer]?.push(slot);
    return slot;
  };
  const slotOf = new Map<string, Slot>();
  for (const { id } of graph.nodes) {
    slotOf.set(id, add(layerOf.get(id) ?? 0, { nodeId: id, before: [], order: 0, across: 0 }));
  }
  const routes: Route[] = [];
  for (const { from, to } of graph.edges ?? []) {
    const start = slotOf.get(from);
    const end = slotOf.get(to);
    const firstLayer = layerOf.get(from) ?? 0;
    const lastLayer = layerOf.get(to) ?? 0;
    if (start === undefined || end === undefined || lastLayer <= firstLayer) continue;
    const slots = [start];
    let last = start;
    for (let layer = firstLayer + 1; layer < lastLayer; layer += 1) {
      last = add(layer, { before: [last], order: 0, across: 0 });
      slots.push(last);
    }
    end.before.push(last);
    slots.push(end);
    routes.push({ from, to, firstLayer, slots });
  }
  return { layers, routes };
}

/** Sorts each layer by where its edges come from. */
function orderLayers(layers: readonly Slot[][]): void {
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    for (const slots of layers) {
      const keys = new Map(slots.map((slot, position) => [slot, meanOrder(slot) ?? position]));
      slots.sort((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0));
      for (const [position, slot] of slots.entries()) slot.order = position - (slots.length - 1) / 2;
    }
  }
}

function meanOrder({ before }: Slot): number | undefined {
  if (before.length === 0) return undefined;
  return before.reduce((sum, slot) => sum + slot.order, 0) / before.length;
}

/** Centres each layer on a common axis. Returns the extent across. */
function placeAcross(layers: readonly Slot[][], size: number, gap: number): number {
  const sizeOf = (slot: Slot) => (slot.nodeId === undefined ? size * PASSAGE_SHARE : size);
  const extentOf = (slots: readonly Slot[]) =>
    slots.reduce((sum, slot) => sum + sizeOf(slot), 0) + gap * Math.max(0, slots.length - 1);
  const extent = Math.max(0, ...layers.map(extentOf));
  for (const slots of layers) {
    let start = (extent - extentOf(slots)) / 2;
    for (const slot of slots) {
      slot.across = start + sizeOf(slot) / 2;
      start += sizeOf(slot) + gap;
    }
  }
  return extent;
}

/** A path through points that leaves and meets each of them in the direction of the graph. */
function curveThrough(points: readonly Point[], isRight: boolean): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  let [x, y] = first;
  let path = `M${x} ${y}`;
  for (const [nextX, nextY] of rest) {
    const middleX = (x + nextX) / 2;
    const middleY = (y + nextY) / 2;
    path += isRight
      ? ` C${middleX} ${y} ${middleX} ${nextY} ${nextX} ${nextY}`
      : ` C${x} ${middleY} ${nextX} ${middleY} ${nextX} ${nextY}`;
    x = nextX;
    y = nextY;
  }
  return path;
}
