import type { BareRunController } from '../../controller/run/bare-run-controller.js';

/** True once all events of the past have arrived: no question is missing, and none is open that was answered. */
export function hasAllQuestions({ connection, replay }: BareRunController): boolean {
  if (connection.phase === 'terminal') return true;
  return connection.phase === 'live' && replay.received >= replay.total;
}
