import type { NodeSpan } from '../../../controller/run/node-spans.js';
import { endOf, quietBetween, union, type Interval } from './timeline-scale.js';

/** The bar of a span. Position and width are percentages of the width of the track. */
export interface TimelineBar {
  readonly span: NodeSpan;
  readonly x: number;
  readonly width: number;
}

/** Maximum number of bars in a row: if there are more spans, neighbours are joined. */
export const MAX_BARS = 40;
/** Minimum width of a bar in pixels, so that a span without duration can be seen. */
const MIN_BAR_PX = 3;
/** Running time next to a wait that is too short to be drawn. */
const LEAST_WORK_MS = 50;

/**
 * The bars of a row, waits first: running time is drawn over them, where it would be too narrow to be seen.
 * Leaves out running time of less than 50 ms next to a wait, unless it failed.
 */
export function timelineBars(
  spans: readonly NodeSpan[],
  nowMs: number,
  toX: (ms: number) => number,
  trackPx: number,
): readonly TimelineBar[] {
  const least = Math.min(100, (MIN_BAR_PX / trackPx) * 100);
  const bars = joined(withoutCaps(spans)).map((span) => {
    const from = toX(span.startTs);
    const width = Math.max(least, toX(endOf(span, nowMs)) - from);
    return { span, x: Math.min(from, 100 - width), width };
  });
  return [
    ...bars.filter(({ span }) => span.kind === 'wait'),
    ...bars.filter(({ span }) => span.kind === 'work'),
  ];
}

/** The spans of the run as a whole: when any node was running, and when all that happened was waiting. */
export function runSpans(spans: readonly NodeSpan[], bounds: Interval, nowMs: number): readonly NodeSpan[] {
  const work = union(
    spans.filter(({ kind }) => kind === 'work'),
    nowMs,
  );
  const waits = union(
    spans.filter(({ kind }) => kind === 'wait'),
    nowMs,
  );
  const notWaiting = quietBetween(bounds, waits);
  const covered = [...work, ...notWaiting].sort((a, b) => a.startMs - b.startMs);
  const isOpen = spans.some(({ endTs }) => endTs === undefined);
  const spanOf =
    (kind: NodeSpan['kind']) =>
    (interval: Interval): NodeSpan => ({
      kind,
      attempt: 1,
      startTs: interval.startMs,
      ...(isOpen && interval.endMs >= bounds.endMs ? {} : { endTs: interval.endMs }),
    });
  return [...work.map(spanOf('work')), ...quietBetween(bounds, covered).map(spanOf('wait'))].sort(
    (a, b) => a.startTs - b.startTs,
  );
}

function withoutCaps(spans: readonly NodeSpan[]): readonly NodeSpan[] {
  return spans.filter((span, position) => {
    if (span.kind === 'wait' || span.endTs === undefined || span.endTs - span.startTs >= LEAST_WORK_MS) {
      return true;
    }
    if (span.outcome !== 'completed' && span.outcome !== 'continued' && span.outcome !== undefined)
      return true;
    return spans[position - 1]?.kind !== 'wait' && spans[position + 1]?.kind !== 'wait';
  });
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
