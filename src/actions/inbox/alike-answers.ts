import type { AlikeController, AlikeTarget } from '../../controller/inbox/alike-controller.js';
import { currentEntry } from '../../controller/inbox/current-entry.js';
import { isDone, type InboxQueue } from '../../controller/inbox/inbox-queue.js';
import { isSameQuestion } from '../../controller/same-question.js';
import type { SessionHistoryController } from '../../controller/session-history-controller.js';
import type { Answer, Interaction } from '../../protocol/questions/interactions.js';
import type { GraphRunError } from '../../protocol/problems.js';
import { withLimit } from '../with-limit.js';

/** The part of the inbox that `AlikeAnswers` needs. */
export interface AlikeAnswersOptions {
  /** Its state, to be shown. */
  readonly state: AlikeController;
  /** Reads the open questions of a session. Resolves with undefined when it cannot be reached, or `signal` aborts. */
  readonly readQuestions: (
    sessionId: string,
    signal: AbortSignal,
  ) => Promise<readonly Interaction[] | undefined>;
  /** Sends one answer. Resolves with the reason if it was not accepted. */
  readonly send: (
    sessionId: string,
    interaction: Interaction,
    answer: Answer,
  ) => Promise<GraphRunError | undefined>;
}

/** Gives one answer to the same question of several sessions: each is checked, sent and reported by itself. */
export class AlikeAnswers {
  /** Its state, to be shown. */
  readonly state: AlikeController;
  readonly #options: AlikeAnswersOptions;
  #checking = new AbortController();

  constructor(options: AlikeAnswersOptions) {
    this.#options = options;
    this.state = options.state;
  }

  /**
   * Proposes an answer to a question, and finds out which of the other sessions ask the same. One after the other: a
   * browser has few connections. Resolves when all are checked.
   */
  async propose(
    sessionId: string,
    interaction: Interaction,
    answer: Answer,
    otherIds: readonly string[],
  ): Promise<void> {
    const others = otherIds.map((id): AlikeTarget => ({ sessionId: id, phase: 'checking' }));
    this.end();
    this.state.propose({ interaction, answer }, [{ sessionId, phase: 'same', interaction }, ...others]);
    const { signal } = this.#checking;
    for (const otherId of otherIds) {
      const questions = await this.#options.readQuestions(otherId, signal);
      if (signal.aborted) return;
      const same = questions?.find((question) => isSameQuestion(question, interaction));
      this.state.set({
        sessionId: otherId,
        phase: questions === undefined ? 'unreachable' : same === undefined ? 'different' : 'same',
        ...(same === undefined ? {} : { interaction: same }),
      });
    }
  }

  /** Sends the answer to all sessions that ask the same, or again to those where it failed. Never rejects. */
  async send(): Promise<void> {
    const { proposal, targets } = this.state;
    if (proposal === undefined) return;
    const due = targets.filter(({ phase }) => phase === 'same' || phase === 'failed');
    const leaving = new AbortController();
    const onLeave = () => leaving.abort();
    globalThis.addEventListener?.('pagehide', onLeave);
    for (const { sessionId, interaction } of due) {
      if (interaction !== undefined) this.state.set({ sessionId, interaction, phase: 'sending' });
    }
    await withLimit(due, leaving.signal, async ({ sessionId, interaction }) => {
      if (interaction === undefined) return;
      const error = await this.#options.send(sessionId, interaction, proposal.answer);
      this.state.set({
        sessionId,
        interaction,
        ...(error === undefined ? { phase: 'sent' } : { phase: 'failed', error }),
      });
    });
    globalThis.removeEventListener?.('pagehide', onLeave);
  }

  /** Ends the proposal. What is being sent is sent nevertheless. */
  end(): void {
    this.#checking.abort();
    this.#checking = new AbortController();
    this.state.propose(undefined);
  }
}

/**
 * Ids of the sessions of the queue that seem to ask the same as the current one, itself included; whether they do, only
 * their logs show.
 */
export function alikeIds(queue: InboxQueue, history: SessionHistoryController): readonly string[] {
  const current = currentEntry(queue);
  const asking = current === undefined ? undefined : history.getSession(current.sessionId);
  if (asking?.question === undefined) return [];
  const { question, graphId } = asking;
  return queue.entries
    .filter((entry) => {
      const session = history.getSession(entry.sessionId);
      return !isDone(entry) && session?.question === question && session.graphId === graphId;
    })
    .map(({ sessionId }) => sessionId);
}
