import type { NodeSpan } from '../../../controller/run/node-spans.js';

/** A stretch of time, in milliseconds since 1970. */
export interface Interval {
  readonly startMs: number;
  readonly endMs: number;
}

/** A stretch of the scale, which is linear within it. */
export interface Stretch extends Interval {
  /** True if it is drawn narrower than its length: no node was running in it. */
  readonly isShortened: boolean;
}

/** Maps times to positions in a track. */
export interface TimelineScale {
  /** All times of the track, in order and without holes; after the last event of an open run, time to come. */
  readonly stretches: readonly Stretch[];
  /** The position of a time in percent of the track; never decreases. */
  readonly toX: (ms: number) => number;
  /** Length of the stretches that are not shortened, in milliseconds. */
  readonly linearMs: number;
  /** Stretches that are to scale only because a person asked for it. */
  readonly unfolded: readonly Interval[];
}

/** Input of a scale. */
export interface ScaleInput extends Interval {
  readonly spans: readonly NodeSpan[];
  readonly nowMs: number;
  /** Width of the track in pixels. */
  readonly trackPx: number;
  /** True while the run is open: the track then ends at the next round time, so that bars do not shrink steadily. */
  readonly isOpen: boolean;
  /** Starts of stretches that are drawn to scale, however long they are. */
  readonly unfolded?: ReadonlySet<number>;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Lengths of the axis of an open run, and distances of its marks. */
export const STEPS_MS: readonly number[] = [
  ...[0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30].map((step) => step * SECOND),
  ...[1, 2, 5, 10, 20, 30].map((step) => step * MINUTE),
  ...[1, 2, 4, 8, 12, 24, 48, 96].map((step) => step * HOUR),
];
const LEAST_AXIS_MS = 10 * SECOND;

/** Minimum length of a shortened stretch, also as a share of the running time. */
const MIN_GAP_MS = 30 * SECOND;
const MIN_GAP_SHARE = 1 / 4;
/** Maximum number of shortened stretches: each needs space for its label. */
const MAX_GAPS = 24;
/** Share of the track that shortened stretches may take from running time. */
const GAPS_SHARE = 1 / 2;
/** Running time that takes the rest of the track; less takes less of it. */
const FULL_WORK_MS = SECOND;

/**
 * Makes the scale of a timeline. Long stretches in which no node was running are shortened to a width that grows with
 * the logarithm of their length, as far as this keeps the order of widths: a longer wait is never narrower than a
 * shorter one, and a shortened stretch never wider than it would be unshortened.
 */
export function timelineScale(input: ScaleInput): TimelineScale {
  const { spans, nowMs, unfolded } = input;
  const work = union(
    spans.filter(({ kind }) => kind === 'work'),
    nowMs,
  );
  const quiet = quietBetween(input, work);
  const workMs = totalMs(work);
  const least = Math.max(MIN_GAP_MS, workMs * MIN_GAP_SHARE);
  const isUnfolded = ({ startMs }: Interval) => unfolded?.has(startMs) === true;
  const idle = quiet.filter((interval) => lengthOf(interval) >= least);
  const long = idle
    .filter((interval) => !isUnfolded(interval))
    .sort((a, b) => lengthOf(b) - lengthOf(a))
    .slice(0, MAX_GAPS);
  const known = idle.filter(isUnfolded);
  // A wait to scale may well be wider than a longer one that is shortened: a person asked for it.
  if (known.length > 0) return { ...withGaps(input, [...work, ...quiet], long, 0), unfolded: known };
  const waits = spans
    .filter(({ kind }) => kind === 'wait')
    .map((span) => ({ startMs: span.startTs, endMs: endOf(span, nowMs) }));
  const ordered = [...waits, ...quiet].sort((a, b) => lengthOf(a) - lengthOf(b));
  for (let liftMs = 0; ; liftMs = Math.max(SECOND, 4 * liftMs)) {
    const scale = withGaps(input, [...work, ...quiet], long, liftMs);
    const isLinear = scale.stretches.every(({ isShortened }) => !isShortened);
    if (isLinear || isInOrder(ordered, scale)) return scale;
  }
}

/** The end of a span; an open one ends now. */
export function endOf(span: NodeSpan, nowMs: number): number {
  return Math.max(span.startTs, span.endTs ?? nowMs);
}

/** The times covered by at least one of the spans, as sorted intervals that do not touch. */
export function union(spans: readonly NodeSpan[], nowMs: number): readonly Interval[] {
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

/** The stretches of a time that none of the sorted intervals covers. */
export function quietBetween(bounds: Interval, covered: readonly Interval[]): readonly Interval[] {
  const quiet: Interval[] = [];
  let from = bounds.startMs;
  for (const interval of covered) {
    const to = Math.min(interval.startMs, bounds.endMs);
    if (to > from) quiet.push({ startMs: from, endMs: to });
    from = Math.max(from, interval.endMs);
  }
  if (bounds.endMs > from) quiet.push({ startMs: from, endMs: bounds.endMs });
  return quiet;
}

function lengthOf({ startMs, endMs }: Interval): number {
  return endMs - startMs;
}

function totalMs(intervals: readonly Interval[]): number {
  return intervals.reduce((sum, interval) => sum + lengthOf(interval), 0);
}

/**
 * The scale with the long stretches shortened, each drawn at least as wide as `liftMs` of running time. Those that
 * would be wider than unshortened stay as they are.
 */
function withGaps(
  { trackPx, endMs, isOpen }: ScaleInput,
  all: readonly Interval[],
  long: readonly Interval[],
  liftMs: number,
): TimelineScale {
  let shortened = new Set(long);
  for (;;) {
    const linear = all.filter((interval) => !shortened.has(interval));
    const growsAtEnd = isOpen && !long.some((gap) => gap.endMs === endMs && shortened.has(gap));
    const pastMs = totalMs(linear);
    const futureMs = growsAtEnd ? axisMs(pastMs) - pastMs : 0;
    const linearMs = pastMs + futureMs;
    const gaps = [...shortened];
    const gapsPx = gaps.reduce((sum, gap) => sum + gapPx(gap), 0);
    const share = Math.min(1, (trackPx * GAPS_SHARE) / gapsPx);
    const most = gaps.length === 0 ? Number.POSITIVE_INFINITY : (trackPx * (1 - GAPS_SHARE)) / FULL_WORK_MS;
    const unitsMs = linearMs + liftMs * gaps.length;
    const pxPerMs = unitsMs === 0 ? 0 : Math.min(most, (trackPx - gapsPx * share) / unitsMs);
    const sizeOf = (gap: Interval) => liftMs * pxPerMs + gapPx(gap) * share;
    const narrow = gaps.filter((gap) => pxPerMs === 0 || sizeOf(gap) < lengthOf(gap) * pxPerMs);
    if (narrow.length < gaps.length) {
      shortened = new Set(narrow);
      continue;
    }
    // Where hardly anything but waiting has happened, the waits share what is left.
    const restPx = Math.max(0, trackPx - gapsPx * share - unitsMs * pxPerMs);
    const magnitudes = gaps.reduce((sum, gap) => sum + magnitude(gap), 0);
    const drawn = all.map((interval) => ({
      ...interval,
      isShortened: shortened.has(interval),
      drawnPx: shortened.has(interval)
        ? sizeOf(interval) + (restPx * magnitude(interval)) / magnitudes
        : lengthOf(interval) * pxPerMs,
    }));
    const future = {
      startMs: endMs,
      endMs: endMs + futureMs,
      isShortened: false,
      drawnPx: futureMs * pxPerMs,
    };
    drawn.sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
    const stretches = futureMs > 0 ? [...drawn, future] : drawn;
    return { stretches, toX: positions(stretches), linearMs, unfolded: [] };
  }
}

/** The length of the axis of an open run: the next round time. */
function axisMs(pastMs: number): number {
  const longest = STEPS_MS.at(-1) ?? HOUR;
  return (
    STEPS_MS.find((step) => step >= LEAST_AXIS_MS && step >= pastMs) ?? Math.ceil(pastMs / longest) * longest
  );
}

function magnitude(gap: Interval): number {
  return Math.log10(lengthOf(gap) / SECOND);
}

/** Width of a shortened stretch: whole pixels, so that an open one does not move everything at each tick. */
function gapPx(gap: Interval): number {
  return Math.min(96, Math.floor(24 + 10 * magnitude(gap)));
}

/** True if no longer interval is narrower than a shorter one; `intervals` are sorted by length. */
function isInOrder(intervals: readonly Interval[], { toX }: TimelineScale): boolean {
  let widestShorter = 0;
  let widest = 0;
  let length = -1;
  for (const interval of intervals) {
    if (lengthOf(interval) > length) {
      length = lengthOf(interval);
      widestShorter = widest;
    }
    const width = toX(interval.endMs) - toX(interval.startMs);
    if (width < widestShorter - 1e-9) return false;
    widest = Math.max(widest, width);
  }
  return true;
}

function positions(stretches: readonly (Interval & { readonly drawnPx: number })[]): (ms: number) => number {
  const totalPx = stretches.reduce((sum, stretch) => sum + stretch.drawnPx, 0);
  const offsets: number[] = [];
  let offset = 0;
  for (const { drawnPx } of stretches) {
    offsets.push(offset);
    offset += drawnPx;
  }
  return (ms) => {
    if (totalPx <= 0) return 0;
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
    const length = lengthOf(stretch);
    const share = length <= 0 ? 1 : Math.min(1, (ms - stretch.startMs) / length);
    return Math.min(100, (((offsets[low - 1] ?? 0) + share * stretch.drawnPx) / totalPx) * 100);
  };
}
