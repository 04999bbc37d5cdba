import type { DraftsController } from '../controller/drafts-controller.js';
import type { BareRunController } from '../controller/run/bare-run-controller.js';
import type { SessionFilter } from '../controller/session-filter.js';
import type { SessionOrder } from '../controller/session-order.js';
import type { SessionHistoryController } from '../controller/session-history-controller.js';
import type { OnDemand } from '../loading/on-demand.js';
import { ALL_GRAPHS } from '../protocol/all-graphs.js';
import type { Answer } from '../protocol/questions/interactions.js';
import { GraphRunError } from '../protocol/problems.js';
import type { SessionSummary } from '../protocol/session-summary.js';
import type {
  CallOptions,
  CreatedSession,
  CreateSessionRequest,
  GraphRunService,
  RerunOptions,
  ServiceCapabilities,
  SessionChange,
} from '../service/graph-run-service.js';
import { deleteSessions } from './delete-sessions.js';
import { showOlder } from './reading/show-older.js';
import type { InboxActions } from './inbox/inbox.js';
import { InboxOnDemand } from './inbox/inbox-on-demand.js';
import { OperationQueue } from './operation-queue.js';
import { onPageReturn as onReturnOfPage, type OnPageReturn } from './reading/page-return.js';
import type { SessionLog } from './reading/read-log.js';
import { loadTools } from './reading/reading-tools.js';
import type * as SessionTools from './session-tools.js';
import { DELETION_UNDO_MS, UndoableCalls } from './undoable-calls.js';
import { withLimit } from './with-limit.js';
import { Watches } from './reading/watches.js';

interface Deletion {
  readonly sessions: readonly SessionSummary[];
  /** Id of its session that was open. */
  readonly opened: string | undefined;
}

export type { RerunOptions } from '../service/graph-run-service.js';

/** Actions on the sessions of a graph. None of them throws for an error of the server, except where noted. */
export interface SessionActions {
  /** The optional features that the service supports. */
  readonly capabilities: ServiceCapabilities;
  /** The queue of everything that waits for a person. Without it, the panel offers none. */
  readonly inbox?: InboxActions;
  /**
   * Watches the list of a graph, instead of the previous graph's. Does nothing for the same graph, unless its watch has
   * failed. `ALL_GRAPHS` (“*”): the list of all graphs; where the service has none, `history.monitor` fails with
   * `all-graphs-unsupported`.
   */
  monitor(graphId: string): void;
  /** Stops watching the list; its last state stays visible. */
  stopMonitor(): void;
  /**
   * Starts a run of the graph and watches it, unless the list shows another graph by then. Resolves with its id. A list of
   * all graphs shows it, too, but the request has to name one.
   *
   * @throws GraphRunError if it could not be started.
   */
  start(request: CreateSessionRequest): Promise<string>;
  /** Watches a session instead of the previous one: first its replay, then live. */
  connect(sessionId: string): void;
  /** Stops watching the session. Its run continues. */
  disconnect(): void;
  /** Cancels a run. A failure shows in `history.operationOf`. */
  cancel(sessionId: string): Promise<void>;
  /** Cancels runs, four at a time. Each failure shows in `history.operationOf`. Without it, the panel calls `cancel` for each. */
  cancelMany?(sessionIds: readonly string[]): Promise<void>;
  /** Deletes a session permanently. A failure shows in `history.operationOf`. */
  delete(sessionId: string): Promise<void>;
  /**
   * Deletes sessions after five seconds, or at once when the page is left. Until then they are not in the list
   * but in `history.deletions`.
   */
  deleteLater(sessionIds: readonly string[]): void;
  /** Undoes a `deleteLater`; reopens the session of it that was open. */
  undoDelete(deletionId: number): void;
  /** Pauses the countdowns of `deleteLater` while a person may be about to undo one. Without it, they run on. */
  holdDeletions?(isHeld: boolean): void;
  /** Filters the list. */
  setFilter(filter: SessionFilter): void;
  /**
   * Lists the next sessions that are older than those that the server sent. A failure shows in `history.older`. Without
   * it, the panel does not offer them.
   */
  showOlder?(): Promise<void>;
  /** Orders the list. Without it, the panel offers no order. */
  setOrder?(order: SessionOrder): void;
  /** Renames a session; `''` restores the title of the graph. A failure shows in `history.operationOf`. */
  rename(sessionId: string, title: string): Promise<void>;
  /** Pins a session to the top of the list, or unpins it. A failure shows in `history.operationOf`. */
  setPinned(sessionId: string, isPinned: boolean): Promise<void>;
  /**
   * Starts a run of the same plan and watches it: all of it, or from a node and with other inputs where the service can
   * do that. Resolves with its id.
   *
   * @throws GraphRunError if it could not be started, or the service does not support it.
   */
  rerun(sessionId: string, options?: RerunOptions): Promise<string>;
  /** Answers an open question of the watched session. The outcome shows in `run.answerOf`. */
  answer(interactionId: string, answer: Answer): Promise<void>;
  /**
   * Saves an unsent draft of an answer to an open question of the watched session: plain JSON.
   * `overridesOther`: a person prefers it to the conflicting draft of another tab.
   */
  saveDraft(interactionId: string, draft: unknown, overridesOther?: boolean): void;
  /** Dismisses the notice that a question was answered elsewhere or has expired. */
  dismissClosed(interactionId: string): void;
  /**
   * Reads the log of any session once, whichever is watched, such as for a file of it. Without it, the panel can do so
   * only with the watched one.
   *
   * @throws GraphRunError when the session cannot be reached now. The reason of `signal`.
   */
  readLog?(sessionId: string, options?: CallOptions): Promise<SessionLog>;
  /**
   * Shows the watched session as it was after the event with this index; undefined: follows the newest again. Without it,
   * the panel shows no earlier moments.
   */
  seek?(index: number | undefined): void;
  /** Retries at once: wakes waiting connections and reopens failed ones. */
  retryNow(): void;
  /** Stops everything, when the page no longer needs it. Runs continue. */
  dispose(): void;
}

/** What the actions work with. */
export interface ActionOptions {
  readonly service: GraphRunService;
  readonly history: SessionHistoryController;
  readonly run: BareRunController;
  readonly drafts: DraftsController;
  readonly tools: OnDemand<typeof SessionTools>;
  /** Default: that of this page. */
  readonly onPageReturn?: OnPageReturn;
}

/** Creates the actions on a service and on the state that they change. */
export function sessionActions({
  service,
  history,
  run,
  drafts,
  tools,
  onPageReturn = onReturnOfPage,
}: ActionOptions): SessionActions {
  /** Aborted by `dispose`: a request made before it must open nothing after it. */
  let lifetime = new AbortController();
  const operations = new OperationQueue(history);
  const inbox = new InboxOnDemand({ service, history, run, drafts, tools, onPageReturn });
  const watches = new Watches({
    service,
    history,
    run,
    drafts,
    tools,
    isDeleting: (sessionId) => operations.isDeleting(sessionId),
    onPageReturn,
    onListChange: (isBack) => {
      inbox.refresh();
      if (isBack) inbox.retryNow();
    },
  });

  const disconnect = () => {
    watches.stopSession();
    run.close();
    history.setActive(undefined);
  };

  /** Lists and watches a session that was created from here, unless the list shows another graph by now. */
  const openCreated = (created: CreatedSession, graphId: string | undefined, title: string | undefined) => {
    const isAll = history.graphId === ALL_GRAPHS;
    if (!isAll && history.graphId !== graphId) return;
    const { sessionId, status, createdAt } = created;
    history.add({
      sessionId,
      status,
      createdAt,
      updatedAt: createdAt,
      pendingInputs: 0,
      ...(title === undefined ? {} : { title }),
      ...(isAll && graphId !== undefined && graphId !== ALL_GRAPHS ? { graphId } : {}),
    });
    watches.openSession(sessionId);
  };

  const removeDeleted = (sessionId: string) => {
    if (run.sessionId === sessionId) disconnect();
    history.remove(sessionId);
    drafts.removeSession(sessionId);
    inbox.refresh();
  };
  const deletions = new UndoableCalls<Deletion>({
    undoMs: DELETION_UNDO_MS,
    show: (deletion) => history.addDeletion(deletion),
    async carryOut({ id, sessions }, leaving) {
      const ids = sessions.map(({ sessionId }) => sessionId);
      await deleteSessions(service, ids, {
        leaving,
        report(sessionId, error) {
          if (error === undefined) removeDeleted(sessionId);
          else history.setOperation(sessionId, { kind: 'delete', error });
        },
      });
      // A session that could not be deleted returns to the list, with the reason.
      history.endDeletion(id);
    },
  });

  const change = (sessionId: string, kind: 'rename' | 'pin', wanted: SessionChange) =>
    operations.run(sessionId, kind, async () => {
      if (service.updateSession === undefined) throw unsupported();
      history.change(await service.updateSession(sessionId, wanted));
    });

  const cancel = (sessionId: string) =>
    operations.run(sessionId, 'cancel', async () => {
      await service.cancelSession(sessionId);
    });

  return {
    inbox,
    get capabilities() {
      return service.capabilities;
    },
    deleteLater(sessionIds) {
      const opened = sessionIds.find((sessionId) => sessionId === run.sessionId);
      // The watched session may be missing in the list.
      const sessions = sessionIds.flatMap(
        (sessionId) =>
          history.getSession(sessionId) ?? (sessionId === opened ? { ...run.latest.summary, sessionId } : []),
      );
      if (opened !== undefined) disconnect();
      if (sessions.length > 0) deletions.add({ sessions, opened });
      inbox.refresh();
    },
    undoDelete(deletionId) {
      const undone = deletions.undo(deletionId);
      if (undone === undefined) return;
      history.endDeletion(deletionId);
      const { opened } = undone;
      // Reopened as before, unless the person has opened another session in the meantime.
      if (opened !== undefined && run.sessionId === undefined) watches.openSession(opened);
    },
    holdDeletions: (isHeld) => deletions.hold(isHeld),
    setFilter: (filter) => history.setFilter(filter),
    showOlder: () => showOlder(service, history, lifetime.signal),
    setOrder: (order) => history.setOrder(order),
    rename: (sessionId, title) => change(sessionId, 'rename', { title }),
    setPinned: (sessionId, pinned) => change(sessionId, 'pin', { pinned }),
    async rerun(sessionId, options) {
      if (service.rerunSession === undefined) throw unsupported();
      const { signal } = lifetime;
      const before = history.getSession(sessionId);
      const watched = run.sessionId === sessionId ? run.graphId : undefined;
      const graphId = before?.graphId ?? watched ?? history.graphId;
      const created = await service.rerunSession(sessionId, options);
      if (!signal.aborted) openCreated(created, graphId, before?.graphTitle ?? before?.title);
      return created.sessionId;
    },
    monitor(graphId) {
      const isWatching = watches.hasMonitor && history.monitor.phase !== 'failed';
      if (isWatching && history.graphId === graphId) return;
      // Before the first graph, a session may have been opened by its id.
      if (history.graphId !== undefined && history.graphId !== graphId) {
        disconnect();
        deletions.flush();
        inbox.close();
      }
      history.setGraph(graphId);
      watches.openMonitor(graphId);
    },
    stopMonitor: () => watches.stopMonitor(),
    async start(request) {
      const { signal } = lifetime;
      if (request.graphId === ALL_GRAPHS) {
        throw new GraphRunError('missing-graph-id', '“*” stands for all graphs: a run needs one of them.');
      }
      const created = await service.createSession(request);
      if (!signal.aborted) openCreated(created, request.graphId, request.graph?.title);
      return created.sessionId;
    },
    connect: (sessionId) => watches.openSession(sessionId),
    disconnect,
    cancel,
    cancelMany: (sessionIds) => withLimit(sessionIds, lifetime.signal, cancel),
    delete: (sessionId) =>
      operations.run(sessionId, 'delete', async () => {
        await service.deleteSession(sessionId);
        removeDeleted(sessionId);
      }),
    async answer(interactionId, answer) {
      const { answerInteraction } = tools.now ?? (await loadTools(tools));
      await answerInteraction(service, run, interactionId, answer);
    },
    saveDraft(interactionId, draft, overridesOther) {
      const isOpen = run.latest.interactions.some((open) => open.interactionId === interactionId);
      if (run.sessionId !== undefined && isOpen)
        drafts.set(run.sessionId, interactionId, draft, overridesOther);
    },
    dismissClosed(interactionId) {
      run.dismissClosed(interactionId);
      if (run.sessionId !== undefined) drafts.remove(run.sessionId, interactionId);
    },
    async readLog(sessionId, options) {
      const { readLog } = tools.now ?? (await loadTools(tools));
      return await readLog(service, sessionId, options);
    },
    seek(index) {
      if (index === undefined) run.follow();
      else run.seek(index);
    },
    retryNow() {
      watches.retryNow();
      inbox.retryNow();
    },
    dispose() {
      lifetime.abort();
      lifetime = new AbortController();
      deletions.flush();
      inbox.close();
      watches.stopMonitor();
      disconnect();
      drafts.dispose();
    },
  };
}

function unsupported(): GraphRunError {
  return new GraphRunError('unsupported', 'This service cannot do that.');
}
