import type { NodeSpan } from '../../../controller/run/node-spans.js';
import { runSpans, timelineBars, type TimelineBar } from './timeline-bars.js';
import { endOf, timelineScale, type Interval } from './timeline-scale.js';
import { timelineTicks, type TimelineTicks } from './timeline-ticks.js';

/** A node of the timeline. */
export interface TimelineNode {
  readonly nodeId: string;
  readonly spans: readonly NodeSpan[];
}

/** A stretch in which no node was running, drawn shortened. Position and width are percentages of the track. */
export interface TimelineGap extends Interval {
  readonly x: number;
  readonly width: number;
}

/** The layout of a timeline. */
export interface TimelineLayout extends Interval {
  /** The position of a time, 0 to 100; never decreases. */
  readonly toX: (ms: number) => number;
  /** The bars of the run as a whole. */
  readonly runBars: readonly TimelineBar[];
  readonly rows: readonly { readonly nodeId: string; readonly bars: readonly TimelineBar[] }[];
  readonly gaps: readonly TimelineGap[];
  /** Stretches that would be shortened, had no person asked for them to scale. */
  readonly unfolded: readonly TimelineGap[];
  readonly ticks: TimelineTicks;
}

/** Facts about the run besides its nodes. */
export interface TimelineOptions {
  /** Width of the track in pixels; default 640. */
  readonly trackPx?: number;
  /** True while the run is open: its axis then grows in steps. Default false. */
  readonly isOpen?: boolean;
  /** Start and end of the run, if they lie before and after those of the nodes. */
  readonly startMs?: number | undefined;
  readonly endMs?: number | undefined;
  /** Starts of stretches that are drawn to scale, however long they are. */
  readonly unfolded?: ReadonlySet<number>;
}

/**
 * Lays out when nodes ran and waited: one row each, in the given order. Stretches in which no node was
 * running, such as three days until a person answered, are shortened to leave space for the rest.
 * Undefined if there are no spans.
 */
export function layoutTimeline(
  nodes: readonly TimelineNode[],
  nowMs: number,
  { trackPx = 640, isOpen = false, unfolded = new Set(), ...run }: TimelineOptions = {},
): TimelineLayout | undefined {
  const spans = nodes.flatMap((node) => node.spans);
  if (spans.length === 0) return undefined;
  const bounds = boundsOf(spans, nowMs, run);
  const scale = timelineScale({ ...bounds, spans, nowMs, trackPx, isOpen, unfolded });
  const { toX } = scale;
  const placed = ({ startMs, endMs }: Interval) => ({
    startMs,
    endMs,
    x: toX(startMs),
    width: toX(endMs) - toX(startMs),
  });
  const barsOf = (own: readonly NodeSpan[]) => timelineBars(own, nowMs, toX, trackPx);
  return {
    ...bounds,
    toX,
    runBars: barsOf(runSpans(spans, bounds, nowMs)),
    rows: nodes.map(({ nodeId, spans: own }) => ({ nodeId, bars: barsOf(own) })),
    gaps: scale.stretches.filter(({ isShortened }) => isShortened).map(placed),
    unfolded: scale.unfolded.map(placed),
    ticks: timelineTicks(scale, bounds, trackPx),
  };
}

/** The first start and the last end of a run. */
export function boundsOf(
  spans: readonly NodeSpan[],
  nowMs: number,
  run: { readonly startMs?: number | undefined; readonly endMs?: number | undefined },
): Interval {
  let startMs = run.startMs ?? Number.POSITIVE_INFINITY;
  let endMs = run.endMs ?? Number.NEGATIVE_INFINITY;
  for (const span of spans) {
    startMs = Math.min(startMs, span.startTs);
    endMs = Math.max(endMs, endOf(span, nowMs));
  }
  return { startMs, endMs };
}
