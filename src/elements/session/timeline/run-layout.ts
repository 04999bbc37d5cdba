import type { NodeSpan } from '../../../controller/run/node-spans.js';
import type { RunController } from '../../../controller/run/run-controller.js';
import type { RunMoment } from '../../../controller/run/run-moment.js';
import type { NodeState } from '../../../protocol/session-state.js';
import type { Clock } from '../../base/clock.js';
import { nestingDepth } from '../nesting.js';
import { isOpen, isReplaying, nodesInOrder } from '../watched-session.js';
import { layoutTimeline, type TimelineLayout } from './timeline-layout.js';

/** A node of the run, with the spans in which it ran and waited. */
export type TimedNode = NodeState & {
  readonly spans: readonly NodeSpan[];
  /** How many nodes it is inside. */
  readonly depth: number;
};

/** The timeline of a run up to its newest event, whichever moment is shown. */
export interface RunLayout {
  /** The nodes that have begun, in the order of their rows. */
  readonly begun: readonly TimedNode[];
  /** Undefined without times. */
  readonly layout: TimelineLayout | undefined;
  /** Until when the run is drawn: during a replay the time of its newest event. */
  readonly nowMs: number;
}

/** What a layout depends on; the time of now only while the run is open, to the second. */
type Input = readonly [
  nodes: unknown,
  spans: unknown,
  status: unknown,
  nowS: number,
  px: number,
  set: unknown,
];

/** The timeline of a run, laid out again only when it has changed: not for another moment of it. */
export class RunLayouts {
  #input: Input | undefined;
  #last: RunLayout | undefined;

  /** Lays out a run on a track of a width; `unfolded`: starts of waits that are drawn to scale. */
  of(run: RunController, clock: Clock, trackPx: number, unfolded: ReadonlySet<number>): RunLayout {
    const { latest } = run;
    const nowMs = isReplaying(run) ? (latest.updatedTs ?? 0) : clock.now();
    const nowS = isOpen(latest) ? Math.floor(nowMs / 1000) : 0;
    const input: Input = [latest.nodes, latest.spans, latest.status, nowS, trackPx, unfolded];
    const before = this.#input;
    if (this.#last !== undefined && before !== undefined && input.every((value, at) => value === before[at]))
      return this.#last;
    this.#input = input;
    this.#last = layoutRun(latest, nowMs, trackPx, unfolded);
    return this.#last;
  }
}

function layoutRun(
  latest: RunMoment,
  nowMs: number,
  trackPx: number,
  unfolded: ReadonlySet<number>,
): RunLayout {
  const { nodes, spans, summary } = latest;
  const begun = nodesInOrder(nodes).flatMap((nodeId) => {
    const node = nodes.get(nodeId);
    if (node === undefined) return [];
    return { ...node, spans: spans.get(nodeId) ?? [], depth: nestingDepth(nodeId, nodes) };
  });
  const { createdAt, endedAt } = summary;
  const layout = layoutTimeline(begun, nowMs, {
    trackPx,
    isOpen: isOpen(latest),
    startMs: createdAt > 0 ? createdAt * 1000 : undefined,
    endMs: endedAt === undefined ? undefined : endedAt * 1000,
    unfolded,
  });
  return { begun, layout, nowMs };
}
