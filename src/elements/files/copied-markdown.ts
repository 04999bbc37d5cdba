import type { Sessions } from '../../actions/create-sessions.js';
import { EMPTY_RUN } from '../../controller/run/empty-run.js';
import { reduceRun } from '../../controller/run/reduce-run.js';
import type { GraphRunEvent } from '../../protocol/events.js';
import type { PanelStrings } from '../strings/english.js';
import { recordedLog } from './recorded-log.js';
import { redacted, type DownloadOptions } from './session-download.js';
import { sessionMarkdown } from './session-markdown.js';

/** Events that are folded at once. */
const BATCH_EVENTS = 500;

/**
 * Returns a session, or one node of it, as Markdown, without its secrets.
 *
 * @throws GraphRunError when the log cannot be read. What `redact` throws. The reason of `signal`.
 */
export async function copiedMarkdown(
  sessions: Partial<Sessions>,
  { sessionId, nodeId }: { readonly sessionId: string; readonly nodeId?: string },
  { redact, nowMs, signal, strings }: DownloadOptions & { readonly strings: PanelStrings },
): Promise<string> {
  const { session, events } = await recordedLog(sessions, sessionId, signal);
  let state = EMPTY_RUN;
  let batch: GraphRunEvent[] = [];
  for await (const event of redacted(events, redact)) {
    signal.throwIfAborted();
    batch.push(event);
    if (batch.length < BATCH_EVENTS) continue;
    state = reduceRun(state, batch);
    batch = [];
  }
  const { title, graphTitle } = session;
  const isNamed = graphTitle !== undefined && title !== undefined;
  return sessionMarkdown({
    state: reduceRun(state, batch),
    session: { sessionId, ...(isNamed ? { title, graphTitle } : {}) },
    ...(nodeId === undefined ? {} : { nodeId }),
    nowMs,
    strings,
  });
}
