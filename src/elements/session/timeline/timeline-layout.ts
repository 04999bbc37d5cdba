import type { NodeSpan } from '../../../controller/node-spans.js';

/** A node of the timeline. */
export interface TimelineNode {
  readonly nodeId: string;
  readonly spans: readonly NodeSpan[];
}

/** The bar of a span. Position and width are percentages of the width of the timeline. */
export interface TimelineBar {
  readonly span: NodeSpan;
  readonly x: number;
  readonly width: number;
}

/** A stretch in which no node was running, drawn shortened. */
export interface TimelineGap {
  readonly startMs: number;
  readonly endMs: number;
  readonly x: number;
  readonly width: number;
}

/** A mark on the axis; `afterMs` is the time since the start of the session. */
export interface TimelineTick {
  readonly afterMs: number;
  readonly ms: number;
  readonly x: number;
}

/** The layout of a timeline. */
export interface TimelineLayout {
  readonly startMs: number;
  readonly endMs: number;
  /** The position of a time, 0 to 100; never decreases. */
  readonly toX: (ms: number) => number;
  readonly rows: readonly { readonly nodeId: string; readonly bars: readonly TimelineBar[] }[];
  readonly gaps: readonly TimelineGap[];
  readonly ticks: readonly TimelineTick[];
}

/** Minimum width of a bar, so that a span without duration can be seen. */
const MIN_BAR = 0.8;
/** Maximum number of bars in a row: if there are more spans, neighbours are joined. */
export const MAX_BARS = 40;
/** Maximum width of all shortened stretches together, as a share of the running time. */
const IDLE_SHARE = 0.5;
/** Maximum width of each shortened stretch, as a share of the running time. */
const MAX_GAP_SHARE = 0.16;
const MIN_WORK_MS = 1000;
/** Minimum length of a shortened stretch: a shorter one would be labelled “idle 0 s”. */
const MIN_GAP_MS = 2000;

interface Interval {
  readonly startMs: number;
  readonly endMs: number;
}

/** A stretch of the scale, which is linear within it. */
interface Stretch extends Interval {
  readonly isShortened: boolean;
  /** Drawn length, in milliseconds at the scale of the stretches that are not shortened. */
  readonly drawnMs: number;
}

/**
 * Lays out when nodes ran and waited: one row each, in the given order. Stretches in which no node was
 * running, such as three days until a person answered, are shortened to leave space for the rest.
 * Undefined if there are no spans.
 *
 * @param labelWidth width of a label of the axis, in percent of the width of the timeline
 */
export function layoutTimeline(
  nodes: readonly TimelineNode[],
  nowMs: number,
  labelWidth = 11,
): TimelineLayout | undefined {
  const spans = nodes.flatMap((node) => node.spans);
  if (spans.length === 0) return undefined;
  let startMs = Number.POSITIVE_INFINITY;
  let endMs = Number.NEGATIVE_INFINITY;
  for (const span of spans) {
    startMs = Math.min(startMs, span.startTs);
    endMs = Math.max(endMs, endOf(span, nowMs));
  }
  const stretches = scale(
    startMs,
    endMs,
    union(
      spans.filter((span) => span.kind === 'work'),
      nowMs,
    ),
  );
  const toX = positions(stretches);
  const gaps = stretches
    .filter((stretch) => stretch.isShortened)
    .map(({ startMs: from, endMs: to }) => ({
      startMs: from,
      endMs: to,
      x: toX(from),
      width: toX(to) - toX(from),
    }));
  return {
    startMs,
    endMs,
    toX,
    rows: nodes.map(({ nodeId, spans: own }) => ({ nodeId, bars: bars(joined(own), nowMs, toX) })),
    gaps,
    ticks: ticks(startMs, stretches, gaps, toX, labelWidth),
  };
}

function endOf(span: NodeSpan, nowMs: number): number {
  return Math.max(span.startTs, span.endTs ?? nowMs);
}

/** The times covered by at least one of the spans, as sorted intervals that do not touch. */
function union(spans: readonly NodeSpan[], nowMs: number): readonly Interval[] {
  const sorted = spans
    .map((span) => ({ startMs: span.startTs, endMs: endOf(span, nowMs) }))
    .sort((a, b) => a.startMs - b.startMs);
  const merged: Interval[] = [];
  for (const interval of sorted) {
    const last = merged.at(-1);
    if (last === undefined || interval.startMs > last.endMs) merged.push(interval);
    else if (interval.endMs > last.endMs) {
      merged[merged.length - 1] = { startMs: last.startMs, endMs: interval.endMs };
    }
  }
  return merged;
}

function scale(startMs: number, endMs: number, work: readonly Interval[]): readonly Stretch[] {
  const workMs = Math.max(
    MIN_WORK_MS,
    work.reduce((sum, interval) => sum + interval.endMs - interval.startMs, 0),
  );
  const quiet = quietBetween(startMs, endMs, work);
  const largest = workMs * MAX_GAP_SHARE;
  const long = quiet.filter((interval) => interval.endMs - interval.startMs > 2 * largest).length;
  const shortMs = Math.min(largest, (workMs * IDLE_SHARE) / Math.max(1, long));
  const linear = (interval: Interval): Stretch => ({
    ...interval,
    isShortened: false,
    drawnMs: interval.endMs - interval.startMs,
  });
  const stretches = [
    ...work.map(linear),
    ...quiet.map((interval) =>
      interval.endMs - interval.startMs > Math.max(2 * shortMs, MIN_GAP_MS)
        ? { ...interval, isShortened: true, drawnMs: shortMs }
        : linear(interval),
    ),
  ];
  return stretches.sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
}

function quietBetween(startMs: number, endMs: number, work: readonly Interval[]): readonly Interval[] {
  const quiet: Interval[] = [];
  let from = startMs;
  for (const interval of work) {
    if (interval.startMs > from) quiet.push({ startMs: from, endMs: interval.startMs });
    from = interval.endMs;
  }
  if (endMs > from) quiet.push({ startMs: from, endMs });
  return quiet;
}

function positions(stretches: readonly Stretch[]): (ms: number) => number {
  const totalMs = stretches.reduce((sum, stretch) => sum + stretch.drawnMs, 0);
  const offsets: number[] = [];
  let offset = 0;
  for (const { drawnMs } of stretches) {
    offsets.push(offset);
    offset += drawnMs;
  }
  return (ms) => {
    if (totalMs <= 0) return 0;
    // Find the last stretch that starts at or before the time.
    let low = 0;
    let high = stretches.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((stretches[middle]?.startMs ?? Number.POSITIVE_INFINITY) <= ms) low = middle + 1;
      else high = middle;
    }
    const stretch = stretches[low - 1];
    if (stretch === undefined) return 0;
    const lengthMs = stretch.endMs - stretch.startMs;
    const share = lengthMs <= 0 ? 1 : Math.min(1, (ms - stretch.startMs) / lengthMs);
    return Math.min(100, (((offsets[low - 1] ?? 0) + share * stretch.drawnMs) / totalMs) * 100);
  };
}

/**
 * The spans of a row, joined if there are too many. A joined span has the kind that took longer, but keeps a
 * failure.
 */
function joined(spans: readonly NodeSpan[]): readonly NodeSpan[] {
  const size = Math.ceil(spans.length / MAX_BARS);
  if (size <= 1) return spans;
  return Array.from({ length: Math.ceil(spans.length / size) }, (_, bar) =>
    join(spans.slice(bar * size, (bar + 1) * size)),
  );
}

function join(spans: readonly NodeSpan[]): NodeSpan {
  const [first, last] = [spans[0], spans.at(-1)];
  if (first === undefined || last === undefined) throw new RangeError('There is nothing to join.');
  const msOf = (kind: NodeSpan['kind']) =>
    spans.reduce(
      (sum, span) => sum + (span.kind === kind ? (span.endTs ?? span.startTs) - span.startTs : 0),
      0,
    );
  const failed = spans.find(({ outcome }) => outcome === 'failed' || outcome === 'retried');
  const longer = msOf('wait') > msOf('work') ? 'wait' : 'work';
  const isEven = last.endTs === undefined || msOf('wait') === msOf('work');
  const kind = failed?.kind ?? (isEven ? last.kind : longer);
  const outcome = failed?.outcome ?? last.outcome;
  return {
    kind,
    attempt: last.attempt,
    startTs: first.startTs,
    ...(last.endTs === undefined ? {} : { endTs: last.endTs }),
    ...(outcome === undefined ? {} : { outcome }),
  };
}

/** Bars of one row: wide enough to be seen, without overlaps, and not beyond the end. */
function bars(
  spans: readonly NodeSpan[],
  nowMs: number,
  toX: (ms: number) => number,
): readonly TimelineBar[] {
  const least = Math.min(MIN_BAR, 100 / (2 * spans.length));
  let from = 0;
  return spans.map((span, position) => {
    const after = spans.length - position - 1;
    const x = Math.min(Math.max(from, toX(span.startTs)), 100 - least * (after + 1));
    const end = Math.min(Math.max(x + least, toX(endOf(span, nowMs))), 100 - least * after);
    from = end;
    return { span, x, width: end - x };
  });
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const STEPS_MS = [
  ...[0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30].map((step) => step * SECOND),
  ...[1, 2, 5, 10, 20, 30].map((step) => step * MINUTE),
  ...[1, 2, 4, 8, 12, 24, 48, 96].map((step) => step * HOUR),
];
function ticks(
  startMs: number,
  stretches: readonly Stretch[],
  gaps: readonly TimelineGap[],
  toX: (ms: number) => number,
  labelWidth: number,
): readonly TimelineTick[] {
  const drawnMs = stretches.reduce((sum, stretch) => sum + stretch.drawnMs, 0);
  // At least two marks, if there is space.
  const longest = STEPS_MS.filter((candidate) => candidate <= drawnMs * 0.75).at(-1) ?? drawnMs / 2;
  const step = Math.min(
    longest,
    STEPS_MS.find((candidate) => drawnMs / candidate <= 80 / labelWidth) ?? drawnMs / 4,
  );
  const marks: TimelineTick[] = [];
  const isFree = (x: number) =>
    x <= 100 - labelWidth / 2 &&
    x - (marks.at(-1)?.x ?? Number.NEGATIVE_INFINITY) >= labelWidth &&
    gaps.every((gap) => Math.abs(gap.x + gap.width / 2 - x) >= labelWidth);
  for (const stretch of stretches) {
    if (stretch.isShortened || step <= 0) continue;
    const first = Math.ceil((stretch.startMs - startMs) / step);
    const last = Math.floor((stretch.endMs - startMs) / step);
    for (let position = first; position <= last; position += 1) {
      const x = toX(startMs + position * step);
      if (isFree(x)) marks.push({ afterMs: position * step, ms: startMs + position * step, x });
    }
  }
  return marks;
}
