import { notLoaded, type LoadedTools } from './reading-tools.js';
import type { Watch, WatchSessionOptions } from './watch.js';

/**
 * Reads a session into a controller from its first event, until it ends or the watch is aborted: at once, or as soon as
 * the tools are loaded. A failure to load them is one of the connection.
 */
export function openWatch(tools: LoadedTools, sessionId: string, options: WatchSessionOptions): Watch {
  const abort = new AbortController();
  if (tools.now !== undefined) return tools.now.watchSession(sessionId, options, abort);
  const { run, onFailure } = options;
  const { signal } = abort;
  let watch: Watch | undefined;
  run.open(sessionId);
  tools.load().then(
    ({ watchSession }) => {
      if (!signal.aborted) watch = watchSession(sessionId, options, abort);
    },
    (cause: unknown) => {
      if (signal.aborted) return;
      const error = notLoaded(cause);
      run.setConnection({ phase: 'failed', attempt: 0, error });
      onFailure(error, signal);
    },
  );
  return { abort, retryNow: () => watch?.retryNow() };
}
