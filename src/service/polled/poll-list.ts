import type { MonitorMessage } from '../../protocol/stream/messages.js';
import type { ConnectionContext } from '../connection.js';
import { ListPublisher } from '../publish/list-publisher.js';
import { withAttempts } from './attempts.js';
import { DEFAULT_POLL_MS, isPageHidden, type PollOptions } from './poll-options.js';
import { WakeUp } from './wake-up.js';

/** A list in which nothing happens, or that is not visible, is requested after this many of its intervals. */
const QUIET_FACTOR = 5;
/** Number of looks without a change after which a list is quiet. */
const QUIET_LOOKS = 5;

/**
 * Reads the list for one connection (see `createConnection`) of a backend without push: `look` is called again and again. A
 * list in which nothing has changed for five looks and no run is in progress, or whose page is hidden, is looked at five times
 * less often; the connection names the interval. A look that throws is repeated as `withAttempts` says.
 *
 * @param look yields what `list` gives: `list.publish(rows)` for all rows at once, or `list.update(rows)` several times.
 */
export async function* pollList(
  context: ConnectionContext,
  { pollMs: shortMs = DEFAULT_POLL_MS, wakeUp = new WakeUp() }: PollOptions,
  look: (list: ListPublisher, signal: AbortSignal) => AsyncIterable<readonly MonitorMessage[]>,
): AsyncGenerator<readonly MonitorMessage[], void, undefined> {
  const list = new ListPublisher();
  const looks = async function* (signal: AbortSignal) {
    let quietLooks = 0;
    let shownMs: number | undefined;
    while (!signal.aborted) {
      const { count } = wakeUp;
      let hasChanged = false;
      for await (const messages of look(list, signal)) {
        if (messages.length === 0) continue;
        hasChanged = true;
        yield messages;
      }
      const end = list.complete();
      if (end.length > 0) yield end;
      quietLooks = hasChanged || isBusy(list) || count !== wakeUp.count ? 0 : quietLooks + 1;
      const pollMs = shortMs * (quietLooks >= QUIET_LOOKS || isPageHidden() ? QUIET_FACTOR : 1);
      if (pollMs !== shownMs) {
        shownMs = pollMs;
        yield list.describe({ phase: 'live', attempt: 0, pollMs });
      }
      await wakeUp.pause(pollMs, signal, count);
    }
  };
  yield* withAttempts(context, looks, (connection) => list.describe(connection));
}

/** True when a row may change by itself: a run is in progress. */
function isBusy({ rows }: ListPublisher): boolean {
  for (const { status } of rows.values()) if (status === 'running') return true;
  return false;
}
