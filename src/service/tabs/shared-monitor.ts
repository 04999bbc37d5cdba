import type { MonitorMessage } from '../../protocol/messages.js';
import { createConnection, type ConnectionContext } from '../connection.js';
import type { MonitorConnection } from '../graph-run-service.js';
import { ListMember, type ListMemberOptions } from './list-member.js';

/**
 * The list of a graph's sessions, over one connection for all tabs. Which tab has the connection is
 * nobody's concern: when that tab goes, another opens one, and its snapshot puts all lists right.
 */
export function sharedMonitor(
  options: Omit<ListMemberOptions, 'context'>,
  signal?: AbortSignal,
): MonitorConnection {
  return createConnection<readonly MonitorMessage[]>(async function* (context: ConnectionContext) {
    const member = new ListMember({ ...options, context });
    try {
      for (;;) {
        const messages = await member.next();
        if (messages === undefined) return;
        yield messages;
      }
    } finally {
      member.close();
    }
  }, signal);
}
