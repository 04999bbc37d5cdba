import type { DraftsController } from '../../controller/drafts-controller.js';
import type { InboxController } from '../../controller/inbox/inbox-controller.js';
import type { RunController } from '../../controller/run/run-controller.js';
import type { Answer, Interaction } from '../../protocol/questions/interactions.js';
import { toGraphRunError, type GraphRunError } from '../../protocol/problems.js';
import type { GraphRunService } from '../../service/graph-run-service.js';
import { loadTools, type LoadedTools } from '../reading/reading-tools.js';
import type { JsonObject } from '../../protocol/values/json.js';

/** Dependencies of `InboxSending`. */
export interface InboxSendingOptions {
  readonly service: GraphRunService;
  readonly state: InboxController;
  /** The opened session. */
  readonly run: RunController;
  readonly drafts: DraftsController;
  readonly tools: LoadedTools;
  /** Called when an answer was accepted or refused. */
  readonly onDone: () => void;
}

/** Sends the answers of the inbox. */
export class InboxSending {
  readonly #options: InboxSendingOptions;
  /** Sessions whose answers are being sent, with their number. */
  readonly #sending = new Map<string, number>();

  constructor(options: InboxSendingOptions) {
    this.#options = options;
  }

  /** Ids of the sessions to which an answer is on its way. */
  get sessionIds(): ReadonlySet<string> {
    return new Set(this.#sending.keys());
  }

  /**
   * Sends an answer to a question of a session that is read; `run` has the outcome. Calls `onAccepted` while the session
   * still counts as being answered.
   */
  async sendShown(
    sessionId: string,
    run: RunController,
    interaction: Interaction,
    answer: Answer,
    onAccepted: () => void,
  ): Promise<void> {
    const { service, drafts, tools } = this.#options;
    const { interactionId } = interaction;
    const { answerInteraction, toResponse } = tools.now ?? (await loadTools(tools));
    this.#rememberSent(sessionId, interactionId, toResponse(interaction, answer));
    await this.#count(sessionId, async () => {
      await answerInteraction(service, run, interactionId, answer);
      const isRefused = run.answerOf(interactionId)?.phase === 'refused';
      const isClosed = run.closedQuestions.some(
        (closed) => closed.interaction.interactionId === interactionId,
      );
      if (isRefused || isClosed) return;
      drafts.remove(sessionId, interactionId);
      onAccepted();
    });
  }

  /** Does the same for a question of any session. Resolves with the reason if the answer was not accepted. */
  async send(
    sessionId: string,
    interaction: Interaction,
    answer: Answer,
    onAccepted: () => void,
  ): Promise<GraphRunError | undefined> {
    const { service, drafts, tools } = this.#options;
    const { interactionId } = interaction;
    const { toResponse } = tools.now ?? (await loadTools(tools));
    const response = toResponse(interaction, answer);
    this.#rememberSent(sessionId, interactionId, response);
    try {
      await this.#count(sessionId, async () => {
        await service.resumeSession(sessionId, interactionId, response);
        drafts.remove(sessionId, interactionId);
        onAccepted();
      });
      return undefined;
    } catch (error) {
      return toGraphRunError(error);
    }
  }

  /** Lets the card of a question show why its answer was not accepted. */
  showRefusal(sessionId: string, interaction: Interaction, error: GraphRunError): void {
    const { state, tools } = this.#options;
    const question = tools.now?.questionText(interaction) ?? '';
    state.addFailed({ sessionId, interaction, question, error });
    state.runOf(sessionId)?.setAnswer(interaction.interactionId, { phase: 'refused', error });
  }

  /** The log will report the answer: it must not be taken for someone else's. */
  #rememberSent(sessionId: string, interactionId: string, response: JsonObject): void {
    const { run, state } = this.#options;
    if (run.sessionId === sessionId) run.rememberSent(interactionId, response);
    state.runOf(sessionId)?.rememberSent(interactionId, response);
  }

  async #count<Result>(sessionId: string, send: () => Promise<Result>): Promise<Result> {
    this.#sending.set(sessionId, (this.#sending.get(sessionId) ?? 0) + 1);
    try {
      return await send();
    } finally {
      const left = (this.#sending.get(sessionId) ?? 1) - 1;
      if (left === 0) this.#sending.delete(sessionId);
      else this.#sending.set(sessionId, left);
      this.#options.onDone();
    }
  }
}
