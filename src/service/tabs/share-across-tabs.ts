import { browserTab } from './browser-tab.js';
import type { MonitorMessage } from '../../protocol/stream/messages.js';
import { createConnection } from '../connection.js';
import type { GraphRunService, MonitorConnection } from '../graph-run-service.js';
import { ListMember, type ListMemberOptions } from './list-member.js';
import { SharedCapabilities } from './shared-capabilities.js';
import { sharedSession } from './shared-session.js';
import { StreamSlot } from './stream-slot.js';
import type { Tab } from './tab.js';
import { documentVisibility, VisibleSlot, type PageVisibility } from './visible-slot.js';

/*
 * How the tabs of one browser share the connections of a service. There is no worker and no server of their own; tabs
 * coordinate through channels (BroadcastChannel) and locks: those of the browser (Web Locks) or, in pages that are not
 * served securely, locks that the tabs grant each other (channel-lock.ts).
 *
 * - A list has one leader per browser: the tab that holds the list's lock (list-member.ts). The leader reads the real
 *   connection and publishes its messages (list-leader.ts); the other tabs follow. A tab that closes or crashes frees
 *   the lock, and the next one leads. A leader that its browser froze keeps the lock, so followers watch for a sign of
 *   life (leader-watch.ts) and steal the lock of a silent one.
 * - All streams, of lists and of sessions, share a fixed number of slots, each of them a lock (stream-slot.ts). A
 *   stream without a slot is paused and continues from its cursor when it gets one (read-in-slot.ts,
 *   shared-session.ts).
 * - The focused tab comes first: it takes the slot of the stream that matters least (tab-priority.ts).
 */

/** Options of sharing between tabs. */
export interface ShareOptions {
  /**
   * Tabs with the same name share. It must distinguish the servers, and the people, with which pages of this
   * origin may be used: a tab shows the list that another one has loaded.
   */
  readonly name: string;
  /**
   * Number of streams that may be open at once in all tabs together. The default of 5 leaves one of the six
   * connections that browsers allow per host over HTTP/1.1 for calls; pages that are not served securely count less
   * exactly, so there the default is 4. Over HTTP/2 there is no such limit: `Infinity`.
   */
  readonly maxStreams?: number;
  /** For tests: another browser. */
  readonly tab?: Tab | undefined;
}

/** Part of all names; its number keeps apart versions of this package whose messages are incompatible. */
const PREFIX = 'graph-sessions/1';
const MAX_STREAMS = 5;
/** One less where two tabs may take themselves for the owner of the same slot for a moment. */
const MAX_STREAMS_INEXACT = 4;

/**
 * Lets all tabs of a browser share the connections of a service:
 *
 * - a list is loaded and followed over one connection, whichever tab has it;
 * - at most `maxStreams` streams are open. Those of visible tabs come first; of several visible windows, the most
 *   recently focused. The others are `paused` and continue later from where they were. Calls (create, answer, cancel,
 *   delete) never wait.
 *
 * Where tabs cannot communicate, a hidden tab closes the stream of its session; outside of browsers, returns the
 * service itself.
 */
export function shareAcrossTabs(service: GraphRunService, options: ShareOptions): GraphRunService {
  const tab = 'tab' in options ? options.tab : browserTab();
  if (tab === undefined) return typeof document === 'undefined' ? service : pauseWhileHidden(service);
  const name = `${PREFIX}:${options.name}`;
  const slots = {
    tab,
    name,
    count: options.maxStreams ?? (tab.areLocksExclusive ? MAX_STREAMS : MAX_STREAMS_INEXACT),
  };
  const capabilities = new SharedCapabilities(() => service.capabilities);
  return withConnections(service, capabilities, {
    connectSession: (sessionId, connectOptions) =>
      sharedSession(
        () => new StreamSlot({ ...slots, isList: false }),
        (inner) => service.connectSession(sessionId, inner),
        connectOptions,
      ),
    monitorSessions: (graphId, { signal } = {}) =>
      sharedMonitor(
        {
          tab,
          name: `${name}:list:${graphId}`,
          slots,
          capabilities,
          open: (inner) => service.monitorSessions(graphId, { signal: inner }),
        },
        signal,
      ),
  });
}

/**
 * Closes the stream of a session while the page is hidden: where tabs cannot share connections, many of them would leave
 * none to the visible one. The list stays, for notifications.
 */
export function pauseWhileHidden(
  service: GraphRunService,
  page: PageVisibility = documentVisibility,
): GraphRunService {
  return withConnections(service, new SharedCapabilities(() => service.capabilities), {
    connectSession: (sessionId, connectOptions) =>
      sharedSession(
        () => new VisibleSlot(page),
        (inner) => service.connectSession(sessionId, inner),
        connectOptions,
      ),
    monitorSessions: (graphId, callOptions) => service.monitorSessions(graphId, callOptions),
  });
}

/** Returns the service with other connections. */
function withConnections(
  service: GraphRunService,
  capabilities: SharedCapabilities,
  connections: Pick<GraphRunService, 'connectSession' | 'monitorSessions'>,
): GraphRunService {
  const { updateSession, rerunSession, deleteSessions, listOlder } = service;
  return {
    // The capabilities of a service may change after its first answer.
    get capabilities() {
      return capabilities.all;
    },
    ...(updateSession === undefined ? {} : { updateSession: updateSession.bind(service) }),
    ...(rerunSession === undefined ? {} : { rerunSession: rerunSession.bind(service) }),
    ...(deleteSessions === undefined ? {} : { deleteSessions: deleteSessions.bind(service) }),
    ...(listOlder === undefined ? {} : { listOlder: listOlder.bind(service) }),
    ...connections,
    createSession: (request, callOptions) => service.createSession(request, callOptions),
    resumeSession: (sessionId, interactionId, response, callOptions) =>
      service.resumeSession(sessionId, interactionId, response, callOptions),
    cancelSession: (sessionId, callOptions) => service.cancelSession(sessionId, callOptions),
    deleteSession: (sessionId, callOptions) => service.deleteSession(sessionId, callOptions),
  };
}

/**
 * Connects to the list of a graph's sessions over one connection for all tabs. Any tab may have that connection: when
 * it closes, another tab opens one, and the snapshot of the new connection corrects all lists.
 */
export function sharedMonitor(
  options: Omit<ListMemberOptions, 'context'>,
  signal?: AbortSignal,
): MonitorConnection {
  return createConnection<readonly MonitorMessage[]>(async function* (context) {
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
