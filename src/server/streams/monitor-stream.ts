import { PROTOCOL_VERSION } from '../../protocol/stream/features.js';
import { encodeFrame } from '../../protocol/stream/sse.js';
import { isAfter, ListWatcher, rowChange } from '../sessions/list-watchers.js';
import type { StreamControl } from './open-streams.js';
import type { AnyListName, SessionList } from '../store/session-store.js';
import type { SessionManager } from '../sessions/session-manager.js';
import { StreamDeadlines } from './stream-deadlines.js';
import { byeFrame, heartbeatFrame, inChunks, listLabel, silentByeFrame } from './stream-frames.js';

/** One connection to a list. */
export interface MonitorStreamOptions {
  readonly sessions: SessionManager;
  readonly name: AnyListName;
  readonly control: StreamControl;
  /** False: a client older than version 1, which takes every data frame for a row. */
  readonly isVersion1: boolean;
  /** Expiry of the client's credential, in milliseconds since 1970. */
  readonly authExpiresMs?: number;
}

/** An open connection to a list. */
export interface MonitorStream {
  readonly frames: AsyncGenerator<string, void, undefined>;
  /** Ends the observation of the list. To be called once, also when no frame was read. */
  close(): void;
}

/**
 * Opens a connection to a list: its frames are a snapshot at one revision, then every change after it. Changes are merged
 * for a slow reader.
 *
 * @throws StoreUnavailableError while the list cannot be read.
 */
export async function openMonitorStream(options: MonitorStreamOptions): Promise<MonitorStream> {
  const { sessions, name, control } = options;
  const watcher = new ListWatcher(control.wakeup);
  const close = (): void => sessions.unwatchList(name, watcher);
  // Before the snapshot: a change while it is read may be in both, and is recognised by its revision.
  await sessions.watchList(name, watcher);
  try {
    const list = await sessions.list(name);
    return { frames: monitorFrames(options, watcher, list), close };
  } catch (error) {
    close();
    throw error;
  }
}

async function* monitorFrames(
  options: MonitorStreamOptions,
  watcher: ListWatcher,
  list: SessionList,
): AsyncGenerator<string, void, undefined> {
  yield* snapshotFrames(options, list);
  yield* liveFrames(options, watcher, { ...list, rows: [] });
}

function* snapshotFrames(options: MonitorStreamOptions, list: SessionList): Generator<string> {
  const { sessions, name, isVersion1 } = options;
  const { retryMs, heartbeatMs, chunkBytes } = sessions.limits;
  const { revision, rows, isTruncated } = list;
  const start = {
    ...listLabel(name),
    protocol: PROTOCOL_VERSION,
    features: sessions.features,
    revision,
    heartbeatMs,
    ts: sessions.now(),
  };
  yield encodeFrame({ retryMs, ...(isVersion1 ? { event: 'monitorStart', data: start } : {}) });
  yield* inChunks(
    rows.map((row) => rowChange(row).frame),
    chunkBytes,
  );
  if (!isVersion1) return;
  const oldest = rows.at(-1)?.summary.createdAt;
  const data = {
    revision,
    count: rows.length,
    truncated: isTruncated,
    ...(oldest === undefined ? {} : { oldestCreatedAt: oldest }),
  };
  yield encodeFrame({ id: revision, event: 'snapshotComplete', data });
}

async function* liveFrames(
  { sessions, control, authExpiresMs, isVersion1 }: MonitorStreamOptions,
  watcher: ListWatcher,
  snapshot: SessionList,
): AsyncGenerator<string, void, undefined> {
  const { limits } = sessions;
  const deadlines = new StreamDeadlines(control, limits, authExpiresMs);
  let nextWriteAt = 0;
  for (;;) {
    if (control.isGone) return;
    const { bye } = deadlines;
    if (bye !== undefined) {
      yield isVersion1 ? byeFrame(bye) : silentByeFrame(bye);
      return;
    }
    const waitMs = nextWriteAt - performance.now();
    if (watcher.hasChanges && waitMs > 0) {
      await deadlines.sleep(waitMs);
    } else if (watcher.hasChanges) {
      const changes = watcher.take().filter((change) => isAfter(change, snapshot));
      yield* inChunks(
        changes.map(({ frame }) => frame),
        limits.chunkBytes,
      );
      deadlines.wrote();
      nextWriteAt = performance.now() + limits.monitorIntervalMs;
    } else if (deadlines.isHeartbeatDue) {
      yield heartbeatFrame(sessions.now());
      deadlines.wrote();
    } else {
      await deadlines.sleep();
    }
  }
}
