import type { RunController } from '../../controller/run/run-controller.js';
import type { SessionActions } from '../../actions/session-actions.js';

/** True when the log of the watched session is at hand up to now; its oldest events count only where they can be read again. */
export function isSessionWhole(run: RunController, actions: SessionActions | undefined): boolean {
  const { replay, connection, events } = run;
  const isReplayed = replay.received >= replay.total && events.length > 0;
  const isKnown = connection.phase === 'live' || connection.phase === 'terminal';
  const canReadAgain = actions?.readLog !== undefined;
  return canReadAgain ? isReplayed && isKnown && events.dropped === 0 : events.length > 0;
}
