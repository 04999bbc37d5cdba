import { ListWatcher } from '../sessions/list-watchers.js';
import type { SessionManager } from '../sessions/session-manager.js';
import type { AnyListName, SessionList } from '../store/session-store.js';
import { listLabel } from '../streams/stream-frames.js';
import { waitSeconds, type PageConnection } from './events-page.js';

/**
 * Reads a list as JSON: the rows of the stream's snapshot. When the query names the `revision` that the list still has,
 * and the `tag` of this process, waits for the next change, up to its `wait`; a list without a change comes without rows.
 * (Another process may have served the same revision of another list, before a backup was restored.)
 *
 * @throws GraphRunError `invalid-request` for a `wait` that is not a number; the errors of `OpenStreams.open` when it
 *   would have to wait.
 */
export async function readListPage(
  sessions: SessionManager,
  name: AnyListName,
  query: URLSearchParams,
  connection: PageConnection,
  tag: string,
): Promise<string> {
  const waitMs = waitSeconds(query) * 1000;
  const isOfOther = query.has('tag') && query.get('tag') !== tag;
  const known = isOfOther ? null : query.get('revision');
  let list = await sessions.list(name);
  if (String(list.revision) === known && waitMs > 0) {
    list = await changed(sessions, name, list, waitMs, connection);
  }
  const { revision, rows, isTruncated } = list;
  if (String(revision) === known) return JSON.stringify({ ...listLabel(name), revision, tag });
  const oldest = rows.at(-1)?.summary.createdAt;
  return JSON.stringify({
    ...listLabel(name),
    revision,
    tag,
    rows: rows.map(({ summary, revision: ofRow }) => ({ ...summary, revision: ofRow })),
    truncated: isTruncated,
    ...(oldest === undefined ? {} : { oldestCreatedAt: oldest }),
  });
}

/** Resolves with the list when it has changed, after `ms`, when the request is aborted, or when the server drains. */
async function changed(
  sessions: SessionManager,
  name: AnyListName,
  before: SessionList,
  ms: number,
  { streams, signal }: PageConnection,
): Promise<SessionList> {
  const control = streams.open(name.principal);
  const wake = (): void => control.wakeup.wake();
  const watcher = new ListWatcher(control.wakeup);
  signal.addEventListener('abort', wake);
  try {
    await sessions.watchList(name, watcher);
    // It may have changed before it was watched.
    const list = await sessions.list(name);
    if (list.revision !== before.revision || signal.aborted) return list;
    if (!watcher.hasChanges) await control.wakeup.sleep(ms);
    return await sessions.list(name);
  } finally {
    signal.removeEventListener('abort', wake);
    sessions.unwatchList(name, watcher);
    streams.release(control);
  }
}
