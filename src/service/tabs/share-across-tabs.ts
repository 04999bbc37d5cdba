import { browserTab } from './browser-tab.js';
import type { GraphRunService } from '../graph-run-service.js';
import { sharedMonitor } from './shared-monitor.js';
import { sharedSession } from './shared-session.js';
import type { Tab } from './tab.js';

/** How tabs share. */
export interface ShareOptions {
  /**
   * Tabs with the same name share. It must tell apart the servers, and the people, that a page of this
   * origin may be used with: a tab shows the list that another one has loaded.
   */
  readonly name: string;
  /**
   * Streams that may be open at once in all tabs together. The default of 5 leaves one of the six
   * connections that browsers allow per host over HTTP/1.1 for calls. Over HTTP/2 there is no such limit:
   * `Infinity`.
   */
  readonly maxStreams?: number;
  /** For tests: another browser. */
  readonly tab?: Tab | undefined;
}

/** Part of all names, so that versions of this package that could not understand each other do not meet. */
const PREFIX = 'graph-sessions/1';
const MAX_STREAMS = 5;

/**
 * Lets all tabs of a browser share the connections of a service:
 *
 * - a list is loaded and followed over one connection, whichever tab has it;
 * - at most `maxStreams` streams are open. Those of the tabs that people look at go first; when there are
 *   more windows in view, those turned to last. The others are `paused` and go on later from where
 *   they were. Calls (create, answer, cancel, delete) never wait.
 *
 * Gives the service itself where the browser cannot do that.
 */
export function shareAcrossTabs(service: GraphRunService, options: ShareOptions): GraphRunService {
  const tab = 'tab' in options ? options.tab : browserTab();
  if (tab === undefined) return service;
  const name = `${PREFIX}:${options.name}`;
  const slots = { tab, name, count: options.maxStreams ?? MAX_STREAMS };
  const { updateSession, rerunSession } = service;
  return {
    // What a service can do may show only later.
    get capabilities() {
      return service.capabilities;
    },
    ...(updateSession === undefined ? {} : { updateSession: updateSession.bind(service) }),
    ...(rerunSession === undefined ? {} : { rerunSession: rerunSession.bind(service) }),
    createSession: (request, callOptions) => service.createSession(request, callOptions),
    connectSession: (sessionId, connectOptions) =>
      sharedSession(slots, (inner) => service.connectSession(sessionId, inner), connectOptions),
    monitorSessions: (graphId, { signal } = {}) =>
      sharedMonitor(
        {
          tab,
          name: `${name}:list:${graphId}`,
          slots,
          open: (inner) => service.monitorSessions(graphId, { signal: inner }),
        },
        signal,
      ),
    resumeSession: (sessionId, interactionId, response, callOptions) =>
      service.resumeSession(sessionId, interactionId, response, callOptions),
    cancelSession: (sessionId, callOptions) => service.cancelSession(sessionId, callOptions),
    deleteSession: (sessionId, callOptions) => service.deleteSession(sessionId, callOptions),
  };
}
