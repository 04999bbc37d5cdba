import type { GraphRunEventBody } from '../protocol/events.js';
import { toInteraction } from '../protocol/interactions.js';
import { isJsonObject, type JsonObject } from '../protocol/json.js';
import { checkEventSize } from './event-size.js';
import type { RunnerSession } from './graph-runner.js';
import { headlessResponse } from './headless-answer.js';

/** What the questions of a node need of its run. */
export interface NodeQuestionsOptions {
  readonly session: RunnerSession;
  readonly nodeId: string;
  /** Gives up all waiting, with its reason. */
  readonly signal: AbortSignal;
  /** Logs events after everything that the node has emitted so far. */
  readonly log: (events: readonly GraphRunEventBody[]) => Promise<void>;
  /** Called when a question begins to wait for its answer. */
  readonly onWaiting: () => void;
}

/** The questions of one run of a node, matched with those of its earlier runs by the order of asking. */
export class NodeQuestions {
  readonly #options: NodeQuestionsOptions;
  readonly #waiters = new Map<string, (response: JsonObject) => void>();
  #askCount = 0;
  #onTheWay = 0;

  constructor(options: NodeQuestionsOptions) {
    this.#options = options;
  }

  /** True while a question waits and everything that was asked is in the log. */
  get areWaiting(): boolean {
    return this.#waiters.size > 0 && this.#onTheWay === 0;
  }

  /**
   * Asks, unless `knownIds` says that an earlier run of the node has asked this question. Resolves with
   * the response; rejects when the session ends first or a headless run has no answer.
   */
  async ask(suspendEvent: JsonObject, knownIds: readonly string[]): Promise<JsonObject> {
    const known = knownIds[this.#askCount];
    this.#askCount += 1;
    if (known !== undefined) return this.#answerTo(known);
    const interactionId = crypto.randomUUID();
    const events = this.#questionEvents(interactionId, suspendEvent);
    this.#onTheWay += 1;
    try {
      await this.#options.log(events);
    } finally {
      this.#onTheWay -= 1;
    }
    return this.#answerTo(interactionId);
  }

  /** An answer is in the log. Does nothing when nobody waits for it here. */
  answered(interactionId: string): void {
    const response = this.#loggedResponse(interactionId);
    if (response !== undefined) this.#waiters.get(interactionId)?.(response);
  }

  /** The question; in a headless run its answer with it. */
  #questionEvents(interactionId: string, asked: JsonObject): readonly GraphRunEventBody[] {
    const { session, nodeId } = this.#options;
    const suspendEvent = withInteractionId(asked, interactionId);
    const question = { type: 'inputRequired', nodeId, interactionId, suspendEvent } as const;
    checkEventSize(question, session.maxEventBytes);
    if (session.mode === 'interactive') return [question];
    const input = Object.hasOwn(session.inputs, nodeId) ? session.inputs[nodeId] : undefined;
    const response = headlessResponse(toInteraction({ ...question, index: 0 }), input);
    return [question, { type: 'inputResolved', nodeId, interactionId, by: 'headless', response }];
  }

  #answerTo(interactionId: string): Promise<JsonObject> {
    const { signal, onWaiting } = this.#options;
    const response = this.#loggedResponse(interactionId);
    if (response !== undefined) return Promise.resolve(response);
    if (signal.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void): void => {
        this.#waiters.delete(interactionId);
        signal.removeEventListener('abort', onAbort);
        finish();
      };
      const onAbort = (): void => settle(() => reject(signal.reason));
      signal.addEventListener('abort', onAbort);
      this.#waiters.set(interactionId, (answer) => settle(() => resolve(answer)));
      onWaiting();
    });
  }

  #loggedResponse(interactionId: string): JsonObject | undefined {
    const resolved = this.#options.session.state.resolved.get(interactionId);
    return resolved === undefined ? undefined : (resolved.response ?? {});
  }
}

/** The payload of a question repeats its id, for clients that look only there. */
function withInteractionId(suspendEvent: JsonObject, interactionId: string): JsonObject {
  return Object.fromEntries(
    Object.entries(suspendEvent).map(([kind, payload]) => [
      kind,
      isJsonObject(payload) ? { ...payload, interactionId } : payload,
    ]),
  );
}
