import { DraftsController } from '../controller/drafts-controller.js';
import type { SessionFilter } from '../controller/session-filter.js';
import type { RunController } from '../controller/run-controller.js';
import type { SessionHistoryController } from '../controller/session-history-controller.js';
import type { Answer } from '../protocol/interactions.js';
import type { MonitorMessage, SessionMessage } from '../protocol/messages.js';
import { GraphRunError, toGraphRunError } from '../protocol/problems.js';
import type {
  Connection,
  CreatedSession,
  CreateSessionRequest,
  GraphRunService,
  MonitorConnection,
  ServiceCapabilities,
  SessionChange,
  SessionConnection,
} from '../service/graph-run-service.js';
import { consume } from './read-connection.js';
import { DelayedDeletions } from './delayed-deletions.js';
import { dropClosedDrafts, dropDraftsOfEnded } from './closed-drafts.js';
import { answerInteraction } from './answer-question.js';
import { SessionOperations } from './operation-queue.js';

/** What a person can do with the sessions of a graph. None of these throws for what a server does. */
export interface SessionActions {
  /** What the service can do. */
  readonly capabilities: ServiceCapabilities;
  /** Watches the list of a graph; of another graph it stops. The same graph again goes on unless it had failed. */
  monitor(graphId: string): void;
  /** Stops watching the list; what was there stays visible. */
  stopMonitor(): void;
  /**
   * Starts a run of the graph and watches it, unless the list is of another graph by then. Resolves with its id.
   *
   * @throws GraphRunError when it could not be started.
   */
  start(request: CreateSessionRequest): Promise<string>;
  /** Watches a session: replay, then live. The one before is left alone. */
  connect(sessionId: string): void;
  /** Stops watching. The run goes on. */
  disconnect(): void;
  /** Ends a run. Failure shows in `history.operationOf`. */
  cancel(sessionId: string): Promise<void>;
  /** Deletes a session for good. Failure shows in `history.operationOf`. */
  delete(sessionId: string): Promise<void>;
  /**
   * Deletes sessions in five seconds, or at once when the page goes; until then they are off the list and
   * stand in `history.deletions`.
   */
  deleteLater(sessionIds: readonly string[]): void;
  /** Takes back what `deleteLater` has begun; a session that was open is opened again. */
  undoDelete(deletionId: number): void;
  /** Narrows the list. */
  setFilter(filter: SessionFilter): void;
  /** Gives a session another title, or the graph's again (`''`). Failure shows in `history.operationOf`. */
  rename(sessionId: string, title: string): Promise<void>;
  /** Puts a session on top of the list, or back. Failure shows in `history.operationOf`. */
  setPinned(sessionId: string, isPinned: boolean): Promise<void>;
  /**
   * Starts a run of the same plan and watches it. Resolves with its id.
   *
   * @throws GraphRunError when it could not be started, or the service cannot do that.
   */
  rerun(sessionId: string): Promise<string>;
  /** Answers an open question of the watched session. What became of it shows in `run.answerOf`. */
  answer(interactionId: string, answer: Answer): Promise<void>;
  /**
   * Keeps what is typed into an open question of the watched session and not sent: plain JSON.
   * `isDecided`: a person wants it instead of what another tab has.
   */
  saveDraft(interactionId: string, draft: unknown, isDecided?: boolean): void;
  /** Takes away the note that a question was answered elsewhere, or has expired. */
  dismissClosed(interactionId: string): void;
  /** Tries to reconnect at once whatever waits, or opens again what gave up. */
  retryNow(): void;
  /** Stops everything, for when the page lets go of it. Runs go on. */
  dispose(): void;
}

/** One connection being read, and the means to end it. */
interface Watch<Batch> {
  readonly connection: Connection<Batch>;
  readonly abort: AbortController;
}

/** Makes the actions on a service and the state that they change. */
export function createSessionActions(
  service: GraphRunService,
  history: SessionHistoryController,
  run: RunController,
  drafts: DraftsController = new DraftsController(),
): SessionActions {
  let monitorWatch: Watch<unknown> | undefined;
  let sessionWatch: Watch<unknown> | undefined;
  /** Aborted by `dispose`: what was asked for before must open nothing after it. */
  let lifetime = new AbortController();
  const operations = new SessionOperations(history);

  const stopMonitor = () => {
    monitorWatch?.abort.abort();
    monitorWatch = undefined;
  };
  const stopSession = () => {
    sessionWatch?.abort.abort();
    sessionWatch = undefined;
  };

  const wake = (watch: Watch<unknown> | undefined) => watch?.connection.retryNow();

  /** The list says that the watched session was deleted elsewhere; its own stream may have ended long ago. */
  const endDeleted = () => {
    // Who deletes it here closes it.
    if (run.sessionId === undefined || operations.isDeleting(run.sessionId)) return;
    stopSession();
    const error = new GraphRunError('session-deleted', 'The session was deleted.');
    run.setConnection({ phase: 'failed', attempt: 0, error });
  };

  const openMonitor = (graphId: string) => {
    stopMonitor();
    const abort = new AbortController();
    const { signal } = abort;
    const connection: MonitorConnection = service.monitorSessions(graphId, { signal });
    monitorWatch = { connection, abort };
    void settle(
      consume(connection, signal, {
        messagesOf: (messages) => messages,
        apply: (messages) => {
          history.apply(messages);
          dropDraftsOfEnded(drafts, messages, run.sessionId);
          if (messages.some(isDeletionOf(run.sessionId))) endDeleted();
          // What one connection has reached, the other need not wait for.
          if (messages.some(isBack) && run.connection.phase === 'backoff') wake(sessionWatch);
        },
      }),
      signal,
      (error) => history.setMonitor({ phase: 'failed', attempt: 0, error }),
    );
  };

  const openSession = (sessionId: string) => {
    stopSession();
    const abort = new AbortController();
    const { signal } = abort;
    run.open(sessionId);
    history.setActive(sessionId);
    const connection: SessionConnection = service.connectSession(sessionId, { signal });
    sessionWatch = { connection, abort };
    void settle(
      consume(connection, signal, {
        messagesOf: (batch) => batch.messages,
        apply: (messages) => {
          run.apply(messages);
          dropClosedDrafts(drafts, run);
          if (messages.some(isBack) && history.monitor.phase === 'backoff') wake(monitorWatch);
        },
      }),
      signal,
      (error) => {
        run.setConnection({ phase: 'failed', attempt: 0, error });
        if (error.status === 404) drafts.removeOf(sessionId);
      },
    );
  };

  const disconnect = () => {
    stopSession();
    run.close();
    history.setActive(undefined);
  };

  /** Lists and watches a session that was created from here, unless nobody is there for it any more. */
  const welcome = (created: CreatedSession, graphId: string | undefined, title: string | undefined) => {
    if (history.graphId !== graphId) return;
    const { sessionId, status, createdAt } = created;
    history.add({
      sessionId,
      status,
      createdAt,
      updatedAt: createdAt,
      pendingInputs: 0,
      ...(title === undefined ? {} : { title }),
    });
    openSession(sessionId);
  };

  const remove = (sessionId: string) => {
    if (run.sessionId === sessionId) disconnect();
    history.remove(sessionId);
    drafts.removeOf(sessionId);
  };
  const deletions = new DelayedDeletions(history, async (sessionId) => {
    try {
      await service.deleteSession(sessionId);
      remove(sessionId);
    } catch (error) {
      history.setOperation(sessionId, { kind: 'delete', error: toGraphRunError(error) });
    }
  });

  const change = (sessionId: string, kind: 'rename' | 'pin', wanted: SessionChange) =>
    operations.run(sessionId, kind, async () => {
      if (service.updateSession === undefined) throw unsupported();
      history.change(await service.updateSession(sessionId, wanted));
    });

  return {
    get capabilities() {
      return service.capabilities;
    },
    deleteLater(sessionIds) {
      const opened = sessionIds.find((sessionId) => sessionId === run.sessionId);
      // The watched one need not be in the list.
      const sessions = sessionIds.flatMap(
        (sessionId) =>
          history.getSession(sessionId) ?? (sessionId === opened ? { ...run.summary, sessionId } : []),
      );
      if (opened !== undefined) disconnect();
      deletions.add(sessions, opened);
    },
    undoDelete(deletionId) {
      const opened = deletions.undo(deletionId);
      // All is as it was, unless the person has gone on to another session meanwhile.
      if (opened !== undefined && run.sessionId === undefined) openSession(opened);
    },
    setFilter: (filter) => history.setFilter(filter),
    rename: (sessionId, title) => change(sessionId, 'rename', { title }),
    setPinned: (sessionId, pinned) => change(sessionId, 'pin', { pinned }),
    async rerun(sessionId) {
      if (service.rerunSession === undefined) throw unsupported();
      const { signal } = lifetime;
      const { graphId } = history;
      const before = history.getSession(sessionId);
      const created = await service.rerunSession(sessionId);
      if (!signal.aborted) welcome(created, graphId, before?.graphTitle ?? before?.title);
      return created.sessionId;
    },
    monitor(graphId) {
      const isWatching = monitorWatch !== undefined && history.monitor.phase !== 'failed';
      if (isWatching && history.graphId === graphId) return;
      if (history.graphId !== graphId) {
        disconnect();
        deletions.flush();
      }
      history.setGraph(graphId);
      openMonitor(graphId);
    },
    stopMonitor,
    async start(request) {
      const { signal } = lifetime;
      const created = await service.createSession(request);
      if (!signal.aborted) welcome(created, request.graphId, request.graph?.title);
      return created.sessionId;
    },
    connect: openSession,
    disconnect,
    cancel: (sessionId) =>
      operations.run(sessionId, 'cancel', async () => {
        await service.cancelSession(sessionId);
      }),
    delete: (sessionId) =>
      operations.run(sessionId, 'delete', async () => {
        await service.deleteSession(sessionId);
        remove(sessionId);
      }),
    answer: (interactionId, answer) => answerInteraction(service, run, interactionId, answer),
    saveDraft(interactionId, draft, isDecided) {
      const isOpen = run.interactions.some((open) => open.interactionId === interactionId);
      if (run.sessionId !== undefined && isOpen) drafts.set(run.sessionId, interactionId, draft, isDecided);
    },
    dismissClosed(interactionId) {
      run.dismissClosed(interactionId);
      if (run.sessionId !== undefined) drafts.remove(run.sessionId, interactionId);
    },
    retryNow() {
      if (history.graphId !== undefined && history.monitor.phase === 'failed') openMonitor(history.graphId);
      else wake(monitorWatch);
      if (run.sessionId !== undefined && run.connection.phase === 'failed') openSession(run.sessionId);
      else wake(sessionWatch);
    },
    dispose() {
      lifetime.abort();
      lifetime = new AbortController();
      deletions.flush();
      stopMonitor();
      disconnect();
      drafts.dispose();
    },
  };
}

/** True for what a connection says once when it is live, not for what comes after. */
function isBack(message: MonitorMessage | SessionMessage): boolean {
  return message.kind === 'connection' && message.connection.phase === 'live';
}

function isDeletionOf(sessionId: string | undefined): (message: MonitorMessage) => boolean {
  return (message) => message.kind === 'deleted' && message.sessionId === sessionId;
}

function unsupported(): GraphRunError {
  return new GraphRunError('unsupported', 'This service cannot do that.');
}

/** Waits for a connection to end; what it fails with is told unless nobody watches it any more. */
async function settle(
  reading: Promise<void>,
  signal: AbortSignal,
  onFailure: (error: ReturnType<typeof toGraphRunError>) => void,
): Promise<void> {
  try {
    await reading;
  } catch (error) {
    if (!signal.aborted) onFailure(toGraphRunError(error));
  }
}
