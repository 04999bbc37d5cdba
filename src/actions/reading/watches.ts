import type { DraftsController } from '../../controller/drafts-controller.js';
import type { BareRunController } from '../../controller/run/bare-run-controller.js';
import type { SessionHistoryController } from '../../controller/session-history-controller.js';
import type { MonitorMessage, SessionMessage } from '../../protocol/stream/messages.js';
import { ALL_GRAPHS, ALL_GRAPHS_UNSUPPORTED } from '../../protocol/all-graphs.js';
import { GraphRunError, isSessionGone } from '../../protocol/problems.js';
import { isTerminalStatus } from '../../protocol/session-summary.js';
import type { GraphRunService } from '../../service/graph-run-service.js';
import { dropDraftsOfDeleted } from './drop-deleted-drafts.js';
import { oncePageReturns, type OnPageReturn } from './page-return.js';
import { readOrReport } from './read-connection.js';
import type { LoadedTools } from './reading-tools.js';
import { openWatch } from './session-watch.js';
import type { Watch } from './watch.js';

/** What `Watches` reads from and writes to. */
export interface WatchesOptions {
  readonly service: GraphRunService;
  readonly history: SessionHistoryController;
  readonly run: BareRunController;
  readonly drafts: DraftsController;
  readonly tools: LoadedTools;
  /** True while this client deletes the session: it then closes the session itself. */
  readonly isDeleting: (sessionId: string) => boolean;
  readonly onPageReturn: OnPageReturn;
  /** Called after each change of the list; `isBack`: its connection has become live. */
  readonly onListChange: (isBack: boolean) => void;
}

/**
 * The two watches of a panel: of the list and of one session. When one of them is live again, it wakes the
 * other from its waiting time.
 */
export class Watches {
  readonly #options: WatchesOptions;
  #monitor: Watch | undefined;
  #session: Watch | undefined;
  /** The watched session, if it had ended when the connection to the list was opened. */
  #endedBefore: string | undefined;

  constructor(options: WatchesOptions) {
    this.#options = options;
  }

  /** True from `openMonitor` until `stopMonitor`, also after the connection has failed. */
  get hasMonitor(): boolean {
    return this.#monitor !== undefined;
  }

  /** Watches the list of a graph, or of all graphs where the service has it, and stops the previous watch. */
  openMonitor(graphId: string): void {
    const { service, history, run, drafts, onListChange } = this.#options;
    this.stopMonitor();
    if (graphId === ALL_GRAPHS && service.capabilities.allGraphs !== true) {
      // It would take the name of all graphs for that of one, which has no sessions.
      const message = 'This service lists the sessions of one graph at a time, not of all graphs.';
      const error = new GraphRunError(ALL_GRAPHS_UNSUPPORTED, message);
      history.setMonitor({ phase: 'failed', attempt: 0, error });
      return;
    }
    const abort = new AbortController();
    const connection = service.monitorSessions(graphId, { signal: abort.signal });
    this.#monitor = { abort, retryNow: () => connection.retryNow() };
    void readOrReport(
      connection,
      abort.signal,
      {
        messagesOf: (messages) => messages,
        apply: (messages) => {
          history.apply(messages);
          this.#reopenRestored(messages);
          dropDraftsOfDeleted(drafts, messages);
          onListChange(messages.some(isLive));
          if (messages.some(isDeletionOf(run.sessionId))) this.#endDeleted();
          // The server is reachable again, so the other connection need not wait either.
          if (messages.some(isLive) && run.connection.phase === 'backoff') wake(this.#session);
          else if (messages.some(isLive)) this.#reopenUnloaded();
        },
      },
      (error) => {
        history.setMonitor({ phase: 'failed', attempt: 0, error });
        this.#retryOnReturn(error, abort.signal);
      },
    );
  }

  /** Stops watching the list. */
  stopMonitor(): void {
    this.#monitor?.abort.abort();
    this.#monitor = undefined;
  }

  /** Watches a session from its first event and stops the previous watch. */
  openSession(sessionId: string): void {
    const { service, history, run, drafts, tools } = this.#options;
    this.stopSession();
    history.setActive(sessionId);
    this.#session = openWatch(tools, sessionId, {
      service,
      run,
      drafts,
      onApplied: (messages) => {
        if (messages.some(isLive) && history.monitor.phase === 'backoff') wake(this.#monitor);
      },
      onFailure: (error, signal) => this.#retryOnReturn(error, signal),
    });
  }

  /** Stops watching the session. */
  stopSession(): void {
    this.#session?.abort.abort();
    this.#session = undefined;
  }

  /** Lets waiting connections retry at once, and reopens failed ones. */
  retryNow(): void {
    const { history, run } = this.#options;
    if (history.graphId !== undefined && history.monitor.phase === 'failed')
      this.openMonitor(history.graphId);
    else wake(this.#monitor);
    if (run.sessionId !== undefined && run.connection.phase === 'failed') this.openSession(run.sessionId);
    else wake(this.#session);
  }

  /** Retries once when the page is back: what refused or replaced the server may be gone. A missing session stays gone. */
  #retryOnReturn(error: GraphRunError, signal: AbortSignal): void {
    if (isSessionGone(error) || error.code === 'unsupported') return;
    oncePageReturns(this.#options.onPageReturn, signal, () => this.retryNow());
  }

  /**
   * Watches the session again when it has ended here, and has not according to a list that was requested afterwards: it
   * was restored from a backup.
   */
  #reopenRestored(messages: readonly MonitorMessage[]): void {
    const { run } = this.#options;
    for (const message of messages) {
      if (message.kind === 'connection' && message.connection.phase === 'connecting') {
        this.#endedBefore = run.connection.phase === 'terminal' ? run.sessionId : undefined;
      }
      if (message.kind !== 'row' || message.row.sessionId !== this.#endedBefore) continue;
      if (message.row.sessionId !== run.sessionId || isTerminalStatus(message.row.status)) continue;
      this.#endedBefore = undefined;
      this.openSession(message.row.sessionId);
    }
  }

  /** Opens a session again whose code could not be loaded: the server that is back may be the one that has it. */
  #reopenUnloaded(): void {
    const { run, tools } = this.#options;
    if (tools.now !== undefined || run.connection.phase !== 'failed' || run.sessionId === undefined) return;
    this.openSession(run.sessionId);
  }

  /** Ends the watch of a session that was deleted elsewhere; its own stream may have ended long ago. */
  #endDeleted(): void {
    const { run, isDeleting } = this.#options;
    if (run.sessionId === undefined || isDeleting(run.sessionId)) return;
    this.stopSession();
    const error = new GraphRunError('session-deleted', 'The session was deleted.');
    run.setConnection({ phase: 'failed', attempt: 0, error });
  }
}

function wake(watch: Watch | undefined): void {
  watch?.retryNow();
}

/** True for the message that a connection sends once when it becomes live, not for later ones. */
function isLive(message: MonitorMessage | SessionMessage): boolean {
  return message.kind === 'connection' && message.connection.phase === 'live';
}

function isDeletionOf(sessionId: string | undefined): (message: MonitorMessage) => boolean {
  return (message) => message.kind === 'deleted' && message.sessionId === sessionId;
}
