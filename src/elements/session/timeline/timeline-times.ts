import type { NodeSpan } from '../../../controller/node-spans.js';

/** How long nodes ran and waited in all. Concurrent times count once. */
export interface TimelineTimes {
  readonly workMs: number;
  /** Times in which somebody was waited for, whether or not others went on. */
  readonly waitMs: number;
  /** From the first beginning to the last end. */
  readonly spanMs: number;
}

/** Sums up the spans of nodes; what goes on ends now. */
export function timelineTimes(
  nodes: readonly { readonly spans: readonly NodeSpan[] }[],
  nowMs: number,
): TimelineTimes {
  const spans = nodes.flatMap((node) => node.spans);
  return {
    workMs: coveredMs(
      spans.filter((span) => span.kind === 'work'),
      nowMs,
    ),
    waitMs: coveredMs(
      spans.filter((span) => span.kind === 'wait'),
      nowMs,
    ),
    spanMs:
      spans.length === 0
        ? 0
        : lastEnd(spans, nowMs) -
          spans.reduce((first, span) => Math.min(first, span.startTs), Number.POSITIVE_INFINITY),
  };
}

function lastEnd(spans: readonly NodeSpan[], nowMs: number): number {
  return spans.reduce((last, span) => Math.max(last, span.startTs, span.endTs ?? nowMs), 0);
}

function coveredMs(spans: readonly NodeSpan[], nowMs: number): number {
  let totalMs = 0;
  let coveredUntil = Number.NEGATIVE_INFINITY;
  for (const { startTs, endTs = nowMs } of [...spans].sort((a, b) => a.startTs - b.startTs)) {
    totalMs += Math.max(0, endTs - Math.max(startTs, coveredUntil));
    coveredUntil = Math.max(coveredUntil, endTs);
  }
  return totalMs;
}
