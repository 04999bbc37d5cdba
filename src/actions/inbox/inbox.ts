import type { Countdown } from '../../controller/countdown.js';
import type { AlikeController } from '../../controller/inbox/alike-controller.js';
import type { DraftsController } from '../../controller/drafts-controller.js';
import type { InboxController, DelayedAnswer } from '../../controller/inbox/inbox-controller.js';
import { currentEntry, EMPTY_QUEUE } from '../../controller/inbox/current-entry.js';
import {
  goToEntry,
  isDone,
  nextEntry,
  previousEntry,
  reopenSkipped,
  setEntry,
  settleEntries,
  updateQueue,
  type InboxEntry,
  type InboxQueue,
} from '../../controller/inbox/inbox-queue.js';
import type { RunController } from '../../controller/run/run-controller.js';
import { needsInput } from '../../controller/session-filter.js';
import type { SessionHistoryController } from '../../controller/session-history-controller.js';
import type { Answer, Interaction } from '../../protocol/questions/interactions.js';
import type { GraphRunError } from '../../protocol/problems.js';
import { isTerminalStatus, type SessionSummary } from '../../protocol/session-summary.js';
import type { GraphRunService } from '../../service/graph-run-service.js';
import { AlikeAnswers, alikeIds } from './alike-answers.js';
import { InboxSending } from './inbox-sending.js';
import { InboxRuns } from './inbox-runs.js';
import type { OnPageReturn } from '../reading/page-return.js';
import { hasAllQuestions } from '../reading/has-all-questions.js';
import { loadTools, type LoadedTools } from '../reading/reading-tools.js';
import { ANSWER_UNDO_MS, UndoableCalls } from '../undoable-calls.js';

/** Dependencies of `Inbox`. */
export interface InboxOptions {
  /** Its state, to be shown. */
  readonly state: InboxController;
  /** The state of one answer to several sessions. */
  readonly alike: AlikeController;
  readonly service: GraphRunService;
  readonly history: SessionHistoryController;
  /** The opened session. */
  readonly run: RunController;
  readonly drafts: DraftsController;
  readonly tools: LoadedTools;
  readonly onPageReturn: OnPageReturn;
}

/** What a person does with one answer to the same question of several sessions. */
export type AlikeActions = Pick<AlikeAnswers, keyof AlikeAnswers>;

/** What a person does with the inbox. */
export type InboxActions = Pick<Inbox, keyof Inbox>;

/** The questions of a session when it was answered, and its row then. */
interface Asked {
  readonly row: SessionSummary | undefined;
  readonly interactionIds: ReadonlySet<string>;
}

/**
 * The actions of the inbox: a person works off all sessions that wait, one after the other. The opened session stays
 * open meanwhile. None of them throws for an error of the server.
 */
export class Inbox {
  /** Its state, to be shown. */
  readonly state: InboxController;
  /** One answer to the same question of several sessions. */
  readonly alike: AlikeActions;
  readonly #options: InboxOptions;
  readonly #runs: InboxRuns;
  readonly #delayed: UndoableCalls<Omit<DelayedAnswer, 'id' | keyof Countdown>>;
  readonly #sending: InboxSending;

  constructor(options: InboxOptions) {
    this.#options = options;
    this.state = options.state;
    this.#delayed = new UndoableCalls({
      undoMs: ANSWER_UNDO_MS,
      show: (answer) => this.state.setDelayed(answer),
      carryOut: (answer) => this.#sendDelayed(answer),
    });
    const { service, run, drafts, tools, onPageReturn } = options;
    this.#sending = new InboxSending({
      service,
      state: this.state,
      run,
      drafts,
      tools,
      onDone: () => this.refresh(),
    });
    this.alike = new AlikeAnswers({
      state: options.alike,
      readQuestions: async (sessionId, signal) =>
        (await loadTools(tools)).readQuestions(service, sessionId, signal),
      send: (...answer) => this.#sendAlike(...answer),
    });
    this.#runs = new InboxRuns({
      service,
      state: this.state,
      drafts,
      tools,
      onPageReturn,
      onChange: (sessionId) => this.#dropClosed(sessionId),
    });
  }

  /** Opens the inbox with all sessions that wait, the longest waiting first. Does nothing if it is open. */
  open(): void {
    if (this.state.isOpen) return;
    const { history } = this.#options;
    const unfinished = history.sessionIds.filter((sessionId) => {
      const session = history.getSession(sessionId);
      return session !== undefined && !isTerminalStatus(session.status);
    });
    this.state.setOpen(true, unfinished);
    this.refresh();
  }

  /** Closes the inbox; sends at once what could still be undone. */
  close(): void {
    this.#delayed.flush();
    if (!this.state.isOpen) return;
    this.alike.end();
    this.state.setOpen(false, []);
    this.state.setQueue(EMPTY_QUEUE);
    this.state.clearHandled();
    this.#runs.keep([]);
  }

  /** Adapts the queue to the list. Called after each change of the list. */
  refresh(): void {
    if (this.state.isOpen) this.#setQueue(this.state.queue);
  }

  /** Leaves the current session for later and moves to the next one. */
  skip(): void {
    const { queue } = this.state;
    const entry = currentEntry(queue);
    if (entry === undefined) return;
    this.#setQueue(this.#isOver(entry) ? this.#gone(queue, entry) : setEntry(queue, entry.key, 'skipped'));
  }

  /** Goes back to the nearest session before the current one that was not answered. */
  back(): void {
    const entry = previousEntry(this.state.queue);
    if (entry !== undefined) this.goTo(entry.key);
  }

  /** Goes to a session of the queue. */
  goTo(key: number): void {
    this.#setQueue(goToEntry(this.state.queue, key));
  }

  /** Goes through the skipped sessions again. */
  reviewSkipped(): void {
    this.#setQueue(reopenSkipped(this.state.queue));
  }

  /**
   * Sends an answer to a question of the current session, and moves to the next one when it was accepted. A refusal shows in
   * `state.currentRun.answerOf`.
   */
  async answer(interactionId: string, answer: Answer): Promise<void> {
    const found = this.#find(interactionId);
    if (found === undefined) return;
    const { entry, run, interaction } = found;
    this.state.endFailed(entry.sessionId, interactionId);
    const asked = this.#askedBy(entry);
    await this.#sending.sendShown(entry.sessionId, run, interaction, answer, () =>
      this.#handled(entry, interactionId, asked),
    );
  }

  /**
   * Moves to the next question at once, and sends the answer to a question of the current session in three seconds, or when the inbox or
   * the page is closed. A refusal shows in `state.failed`, and the question comes back.
   */
  answerLater(interactionId: string, answer: Answer): void {
    const found = this.#find(interactionId);
    if (found === undefined) return;
    const { entry, interaction } = found;
    const { key: entryKey, sessionId } = entry;
    this.state.endFailed(sessionId, interactionId);
    this.#delayed.add({ entryKey, sessionId, interaction, answer });
    this.#handled(entry, interactionId, this.#askedBy(entry));
  }

  /**
   * Proposes an answer to a question of the current session for all sessions that ask the same; nothing is sent before
   * `alike.send`.
   */
  proposeAlike(interactionId: string, answer: Answer): void {
    const found = this.#find(interactionId);
    if (found === undefined) return;
    const { sessionId } = found.entry;
    const others = alikeIds(this.state.queue, this.#options.history).filter((id) => id !== sessionId);
    void this.alike.propose(sessionId, found.interaction, answer, others);
    // Their connections have the room that the next session takes otherwise.
    this.refresh();
  }

  /** Ends the proposal of `proposeAlike`, and moves to the next session if the current one was answered with it. */
  endAlike(): void {
    const { targets } = this.alike.state;
    this.alike.end();
    for (const { sessionId, phase, interaction, error } of targets) {
      if (interaction === undefined) continue;
      if (phase === 'failed' && error !== undefined) this.#sending.showRefusal(sessionId, interaction, error);
    }
    this.refresh();
  }

  /** Undoes an answer of `answerLater` and goes back to its question; does nothing if it is too late. */
  undo(id: number): void {
    const undone = this.#delayed.undo(id);
    if (undone === undefined) return;
    this.state.endDelayed(id);
    const { sessionId, interaction, entryKey } = undone;
    this.state.setHandled(sessionId, interaction.interactionId, false);
    this.#setQueue(goToEntry(setEntry(this.state.queue, entryKey, 'open'), entryKey));
  }

  /** Pauses the countdowns of `answerLater` while a person may be about to undo one. */
  holdUndo(isHeld: boolean): void {
    this.#delayed.hold(isHeld);
  }

  /** Saves the draft of an answer to an open question of the current session, as `SessionActions.saveDraft` does. */
  saveDraft(interactionId: string, draft: unknown, overridesOther?: boolean): void {
    const found = this.#find(interactionId);
    if (found !== undefined) {
      this.#options.drafts.set(found.entry.sessionId, interactionId, draft, overridesOther);
    }
  }

  /** Dismisses the notice that a question of the current session was answered elsewhere or has expired. */
  dismissClosed(interactionId: string): void {
    const entry = currentEntry(this.state.queue);
    if (entry === undefined) return;
    this.state.runOf(entry.sessionId)?.dismissClosed(interactionId);
    this.#options.drafts.remove(entry.sessionId, interactionId);
    this.#dropClosed(entry.sessionId);
  }

  /** Dismisses the report that an answer was not accepted. */
  dismissFailed(sessionId: string, interactionId: string): void {
    this.state.endFailed(sessionId, interactionId);
  }

  /** Reconnects at once what waits or has given up. */
  retryNow(): void {
    this.#runs.retryNow();
  }

  #find(
    interactionId: string,
  ):
    | { readonly entry: InboxEntry; readonly run: RunController; readonly interaction: Interaction }
    | undefined {
    const entry = currentEntry(this.state.queue);
    const run = this.state.currentRun;
    const interaction = run?.interactions.find((open) => open.interactionId === interactionId);
    if (entry === undefined || run === undefined || interaction === undefined) return undefined;
    return { entry, run, interaction };
  }

  /** The questions that a session has now: later ones are for the end of the queue. */
  #askedBy({ sessionId }: InboxEntry): Asked {
    const questions = this.state.questionsOf(sessionId) ?? [];
    return {
      row: this.#options.history.getSession(sessionId),
      interactionIds: new Set(questions.map(({ interactionId }) => interactionId)),
    };
  }

  /** Marks a question as answered here; its session is done when nothing is left of what it asked. */
  #handled(entry: InboxEntry, interactionId: string, { row, interactionIds }: Asked): void {
    const { state } = this;
    state.setHandled(entry.sessionId, interactionId, true);
    const left = (state.questionsOf(entry.sessionId) ?? []).some((question) =>
      interactionIds.has(question.interactionId),
    );
    if (!state.queue.entries.some(({ key }) => key === entry.key)) return;
    this.#setQueue(left ? state.queue : setEntry(state.queue, entry.key, 'answered', row));
  }

  async #sendDelayed({
    id,
    sessionId,
    interaction,
    answer,
    entryKey,
  }: Omit<DelayedAnswer, keyof Countdown>): Promise<void> {
    this.state.endDelayed(id);
    // Other nodes may have changed the row since the answer was given.
    const row = this.#options.history.getSession(sessionId);
    if (row !== undefined) this.state.setQueue(settleEntries(this.state.queue, row));
    const error = await this.#sending.send(sessionId, interaction, answer, () => undefined);
    if (error === undefined) return;
    this.state.setHandled(sessionId, interaction.interactionId, false);
    this.#sending.showRefusal(sessionId, interaction, error);
    if (this.state.isOpen) this.#setQueue(setEntry(this.state.queue, entryKey, 'open'));
  }

  async #sendAlike(
    sessionId: string,
    interaction: Interaction,
    answer: Answer,
  ): Promise<GraphRunError | undefined> {
    const entry = this.state.queue.entries.find(
      (candidate) => candidate.sessionId === sessionId && !isDone(candidate),
    );
    const asked = entry && this.#askedBy(entry);
    const error = await this.#sending.send(sessionId, interaction, answer, () => {
      if (entry !== undefined && asked !== undefined) this.#handled(entry, interaction.interactionId, asked);
    });
    return error;
  }

  /** Closes the entry of a session without an open question, unless a person is at it and saw the question close. */
  #dropClosed(sessionId: string): void {
    const { queue } = this.state;
    const entry = queue.entries.find((candidate) => candidate.sessionId === sessionId && !isDone(candidate));
    if (entry === undefined || !this.#isOver(entry)) return;
    const hasSeen = (this.state.runOf(sessionId)?.closedQuestions.length ?? 0) > 0;
    if (entry.key !== queue.currentKey || !hasSeen) this.#setQueue(this.#gone(queue, entry));
  }

  /** True when the log of an entry shows that no question of it can still be answered. */
  #isOver({ sessionId }: InboxEntry): boolean {
    const run = this.state.runOf(sessionId);
    if (run === undefined || this.#sending.sessionIds.has(sessionId)) return false;
    return hasAllQuestions(run) && this.state.questionsOf(sessionId)?.length === 0;
  }

  #gone(queue: InboxQueue, { key, sessionId }: InboxEntry): InboxQueue {
    return setEntry(queue, key, 'gone', this.#options.history.getSession(sessionId));
  }

  #setQueue(queue: InboxQueue): void {
    const { history } = this.#options;
    const { state } = this;
    const waiting = history.sessionIds.flatMap((sessionId) => {
      const session = history.getSession(sessionId);
      return session !== undefined && needsInput(session) ? session : [];
    });
    const delayed = state.delayed.map(({ sessionId }) => sessionId);
    const next = updateQueue(queue, waiting, new Set([...this.#sending.sessionIds, ...delayed]));
    state.setQueue(next);
    const isAlike = this.alike.state.proposal !== undefined;
    const entries = [currentEntry(next), isAlike ? undefined : nextEntry(next)];
    const read = entries.flatMap((entry) => (entry === undefined ? [] : entry.sessionId));
    // An undone answer shows its question at once.
    this.#runs.keep([...read, ...delayed.slice(-1)]);
  }
}
