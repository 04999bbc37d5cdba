import type { NodeSpan } from '../../../controller/node-spans.js';

/** How long nodes ran and waited in total. Concurrent times count once. */
export interface TimelineTimes {
  readonly workMs: number;
  /** Time in which at least one node waited for a person, whether or not others were running. */
  readonly waitMs: number;
  /** Time from the first start to the last end. */
  readonly spanMs: number;
}

/** Adds up the spans of nodes; an open span ends now. */
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
