import { toGraphRunError } from '../../protocol/problems.js';
import type { SessionHistoryController } from '../../controller/session-history-controller.js';
import type { GraphRunService } from '../../service/graph-run-service.js';

/**
 * Reads the next sessions that are older than those of the list, and lists them. Does nothing while that is in progress,
 * or when there are none. Never rejects: a failure shows in `history.older`.
 */
export async function showOlder(
  service: GraphRunService,
  history: SessionHistoryController,
  signal: AbortSignal,
): Promise<void> {
  const { graphId, older } = history;
  if (graphId === undefined || older === undefined || service.listOlder === undefined) return;
  if (older.phase === 'loading' || older.phase === 'complete') return;
  const { next } = older;
  const loading = { phase: 'loading', next } as const;
  /** Another graph may be shown by then, or this one again. */
  const isCurrent = (): boolean => !signal.aborted && history.older === loading;
  history.setOlder(loading);
  try {
    const page = await service.listOlder(graphId, next, { signal });
    if (!isCurrent()) return;
    history.setOlder(
      page.next === undefined ? { phase: 'complete', next } : { phase: 'ready', next: page.next },
      page.rows,
    );
  } catch (error) {
    if (isCurrent()) history.setOlder({ phase: 'failed', next, error: toGraphRunError(error) });
  }
}
