import type { NodeSpan } from '../../../controller/run/node-spans.js';

/** How long nodes ran and waited in total. Concurrent times count once. */
export interface TimelineTimes {
  readonly workMs: number;
  /** Time in which at least one node waited for a person, whether or not others were running. */
  readonly waitMs: number;
}

/** Adds up the spans of nodes; an open span ends now. */
export function timelineTimes(
  nodes: readonly { readonly spans: readonly NodeSpan[] }[],
  nowMs: number,
): TimelineTimes {
  const spans = nodes.flatMap((node) => node.spans);
  const msOf = (kind: NodeSpan['kind']) =>
    coveredMs(
      spans.filter((span) => span.kind === kind),
      nowMs,
    );
  return { workMs: msOf('work'), waitMs: msOf('wait') };
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
