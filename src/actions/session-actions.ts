import { DraftsController } from '../controller/drafts-controller.js';
import type { RunController } from '../controller/run-controller.js';
import type { SessionHistoryController, SessionOperation } from '../controller/session-history-controller.js';
import type { Answer } from '../protocol/interactions.js';
import type {
  Connection,
  CreateSessionRequest,
  GraphRunService,
  MonitorConnection,
  SessionConnection,
} from '../service/graph-run-service.js';
import { consume } from './consume.js';
import { dropClosedDrafts, dropDraftsOfEnded } from './draft-actions.js';
import { answerInteraction } from './input-actions.js';
import { toGraphRunError } from './to-graph-run-error.js';

/** What a person can do with the sessions of a graph. None of these throws for what a server does. */
export interface SessionActions {
  /** Watches the list of a graph; of another graph it stops. The same graph again goes on unless it had failed. */
  monitor(graphId: string): void;
  /** Stops watching the list; what was there stays visible. */
  stopMonitor(): void;
  /**
   * Starts a run of the graph and watches it. Resolves with its id.
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
  /** Answers an open question of the watched session. What became of it shows in `run.answerOf`. */
  answer(interactionId: string, answer: Answer): Promise<void>;
  /** Keeps what is typed into an open question of the watched session and not sent: plain JSON. */
  saveDraft(interactionId: string, draft: unknown): void;
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

  const stopMonitor = () => {
    monitorWatch?.abort.abort();
    monitorWatch = undefined;
  };
  const stopSession = () => {
    sessionWatch?.abort.abort();
    sessionWatch = undefined;
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
          dropDraftsOfEnded(drafts, messages);
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

  /** Runs one operation on a session at a time and keeps its failure for the person to see. */
  const operate = async (sessionId: string, kind: SessionOperation['kind'], task: () => Promise<void>) => {
    const underWay = history.operationOf(sessionId);
    if (underWay !== undefined && underWay.error === undefined) return;
    history.setOperation(sessionId, { kind });
    try {
      await task();
      history.setOperation(sessionId, undefined);
    } catch (error) {
      history.setOperation(sessionId, { kind, error: toGraphRunError(error) });
    }
  };

  return {
    monitor(graphId) {
      const isWatching = monitorWatch !== undefined && history.monitor.phase !== 'failed';
      if (isWatching && history.graphId === graphId) return;
      if (history.graphId !== graphId) disconnect();
      history.setGraph(graphId);
      openMonitor(graphId);
    },
    stopMonitor,
    async start(request) {
      const created = await service.createSession(request);
      const { sessionId, status, createdAt } = created;
      if (history.graphId === request.graphId) {
        const title = request.graph?.title;
        history.add({
          sessionId,
          status,
          createdAt,
          updatedAt: createdAt,
          pendingInputs: 0,
          ...(title === undefined ? {} : { title }),
        });
        openSession(sessionId);
      }
      return sessionId;
    },
    connect: openSession,
    disconnect,
    cancel: (sessionId) =>
      operate(sessionId, 'cancel', async () => {
        await service.cancelSession(sessionId);
      }),
    delete: (sessionId) =>
      operate(sessionId, 'delete', async () => {
        await service.deleteSession(sessionId);
        if (run.sessionId === sessionId) disconnect();
        history.remove(sessionId);
        drafts.removeOf(sessionId);
      }),
    answer: (interactionId, answer) => answerInteraction(service, run, interactionId, answer),
    saveDraft(interactionId, draft) {
      const isOpen = run.interactions.some((open) => open.interactionId === interactionId);
      if (run.sessionId !== undefined && isOpen) drafts.set(run.sessionId, interactionId, draft);
    },
    dismissClosed: (interactionId) => run.dismissClosed(interactionId),
    retryNow() {
      if (history.graphId !== undefined && history.monitor.phase === 'failed') openMonitor(history.graphId);
      else monitorWatch?.connection.retryNow();
      if (run.sessionId !== undefined && run.connection.phase === 'failed') openSession(run.sessionId);
      else sessionWatch?.connection.retryNow();
    },
    dispose() {
      stopMonitor();
      disconnect();
    },
  };
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
