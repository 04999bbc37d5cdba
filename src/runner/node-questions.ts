import type { GraphRunEventBody } from '../protocol/events.js';
import { toInteraction } from '../protocol/questions/interactions.js';
import { isJsonObject, type JsonObject } from '../protocol/values/json.js';
import { checkEventSize } from './event-size.js';
import type { RunnerSession } from './graph-runner.js';
import { fittingResponse, headlessResponse } from './headless-answer.js';
import { uniqueId } from '../protocol/values/unique-id.js';

/** Options of `NodeQuestions`. */
export interface NodeQuestionsOptions {
  readonly session: RunnerSession;
  readonly nodeId: string;
  /** Rejects all open questions with its reason. */
  readonly signal: AbortSignal;
  /** Logs events after everything that the node has emitted so far. */
  readonly log: (events: readonly GraphRunEventBody[]) => Promise<void>;
  /** Called when a question starts to wait for its answer. */
  readonly onWaiting: () => void;
}

/** The questions of one run of a node, matched with those of its earlier runs by the order of asking. */
export class NodeQuestions {
  readonly #options: NodeQuestionsOptions;
  readonly #waiters = new Map<string, (response: JsonObject) => void>();
  #askCount = 0;
  #unloggedCount = 0;

  constructor(options: NodeQuestionsOptions) {
    this.#options = options;
  }

  /** True while a question waits for its answer and all questions are logged. */
  get areWaiting(): boolean {
    return this.#waiters.size > 0 && this.#unloggedCount === 0;
  }

  /**
   * Asks a question, unless it is in `knownIds`: then an earlier run of the node has asked it. Resolves with
   * the response; rejects when the session ends first or a headless run has no answer.
   */
  async ask(suspendEvent: JsonObject, knownIds: readonly string[]): Promise<JsonObject> {
    const known = knownIds[this.#askCount];
    this.#askCount += 1;
    if (known !== undefined) return this.#answerTo(known);
    const interactionId = uniqueId();
    const events = this.#questionEvents(interactionId, suspendEvent, this.#askCount === 1);
    this.#unloggedCount += 1;
    try {
      await this.#options.log(events);
    } finally {
      this.#unloggedCount -= 1;
    }
    return this.#answerTo(interactionId);
  }

  /** Resolves a question whose answer was logged. Does nothing when it does not wait here. */
  resolve(interactionId: string): void {
    const response = this.#loggedResponse(interactionId);
    if (response !== undefined) this.#waiters.get(interactionId)?.(response);
  }

  /** The events of a question and, when the inputs of the run answer it, of its answer. */
  #questionEvents(interactionId: string, asked: JsonObject, isFirst: boolean): readonly GraphRunEventBody[] {
    const { session, nodeId } = this.#options;
    const suspendEvent = withInteractionId(asked, interactionId);
    const question = { type: 'inputRequired', nodeId, interactionId, suspendEvent } as const;
    checkEventSize(question, session.maxEventBytes);
    const input = Object.hasOwn(session.inputs, nodeId) ? session.inputs[nodeId] : undefined;
    const interaction = toInteraction({ ...question, index: 0 });
    if (session.mode === 'interactive') {
      const given = isFirst && input !== undefined ? fittingResponse(interaction, input) : undefined;
      if (given === undefined) return [question];
      return [question, { type: 'inputResolved', nodeId, interactionId, by: 'headless', response: given }];
    }
    const response = headlessResponse(interaction, input);
    return [question, { type: 'inputResolved', nodeId, interactionId, by: 'headless', response }];
  }

  #answerTo(interactionId: string): Promise<JsonObject> {
    const { signal, onWaiting } = this.#options;
    const response = this.#loggedResponse(interactionId);
    if (response !== undefined) return Promise.resolve(response);
    if (signal.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const stopWaiting = (): void => {
        this.#waiters.delete(interactionId);
        signal.removeEventListener('abort', onAbort);
      };
      const onAbort = (): void => {
        stopWaiting();
        reject(signal.reason);
      };
      signal.addEventListener('abort', onAbort);
      this.#waiters.set(interactionId, (answer) => {
        stopWaiting();
        resolve(answer);
      });
      onWaiting();
    });
  }

  #loggedResponse(interactionId: string): JsonObject | undefined {
    const resolved = this.#options.session.state.resolved.get(interactionId);
    return resolved === undefined ? undefined : (resolved.response ?? {});
  }
}

/** Repeats the id of a question in its payload, for clients that read it only there. */
function withInteractionId(suspendEvent: JsonObject, interactionId: string): JsonObject {
  return Object.fromEntries(
    Object.entries(suspendEvent).map(([kind, payload]) => [
      kind,
      isJsonObject(payload) ? { ...payload, interactionId } : payload,
    ]),
  );
}
