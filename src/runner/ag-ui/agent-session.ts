import { isTerminalStatus } from '../../protocol/session-summary.js';
import type { GraphRunEventBody, Outputs } from '../../protocol/events.js';
import type { GraphNode } from '../../protocol/graph.js';
import type { JsonObject } from '../../protocol/values/json.js';
import type { SessionState } from '../../protocol/session-state.js';
import { isLLMContent, textContent } from '../../protocol/content.js';
import { toAgentContent } from './agent-content.js';
import { AgentError, runAgent, stopAgent, type AgUiAgent } from './agent-stream.js';
import { Conversation } from './conversation.js';
import { checkEventSize, EventTooLargeError, fitsEventSize } from '../event-size.js';
import { uniqueId } from '../../protocol/values/unique-id.js';
import { sentence } from '../../protocol/sentences.js';
import { SessionEndedError, type RunnerSession } from '../graph-runner.js';
import { isActive } from '../node-execution.js';
import { MAX_ERROR_CHARS } from '../plan.js';
import { subagentNodeId } from './open-steps.js';
import { resultOutputs, textOutputs } from './outputs.js';
import {
  expiryOf,
  interactionIdOf,
  isOldQuestion,
  questionOf,
  readInteractionId,
  resumeEntry,
} from './questions.js';
import { Translation } from './translation.js';

/** Longest delay of a timer, in milliseconds. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Options of `AgentSession`. */
export interface AgentSessionOptions {
  readonly session: RunnerSession;
  readonly node: GraphNode;
  readonly name: string;
  readonly agent: AgUiAgent;
  /** Called with what no caller waits for: a stop that was refused. */
  readonly onError: (error: unknown) => void;
}

/** One session of an AG-UI agent in this process: one run of the agent after another, until it has no more questions. */
export class AgentSession {
  readonly #options: AgentSessionOptions;
  #conversation: Promise<Conversation> | undefined;
  /** The run of the agent in progress. */
  #run: Promise<void> | undefined;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(options: AgentSessionOptions) {
    this.#options = options;
    options.session.signal.addEventListener('abort', () => this.#clearTimers(), { once: true });
  }

  /**
   * Starts the agent, or continues after a restart of the process. There is no way back to a run that was in progress then, so it
   * has failed. Resolves when the session has ended or waits.
   */
  start(): Promise<void> {
    return untilEnd(() => this.#begin());
  }

  /** Sends the answers on when all questions of a run have one. Resolves as `start` does. */
  resume(): Promise<void> {
    return untilEnd(() => this.#continue());
  }

  async #begin(): Promise<void> {
    const { session, node } = this.#options;
    const status = session.state.nodes.get(node.id)?.status;
    if (status === undefined || status === 'waiting') {
      await this.#write([{ type: 'nodeStart', nodeId: node.id }]);
      return this.#start([]);
    }
    if (this.#run !== undefined) return this.#run;
    if (session.state.pending.size > 0) return this.#watchExpiry(await this.#load());
    if (session.answered === undefined || session.answered.size === 0)
      await this.#fail(sentence('interrupted'));
  }

  async #continue(): Promise<void> {
    const { session, node } = this.#options;
    if (this.#run !== undefined) return this.#run;
    const { state } = session;
    const error = state.nodes.get(node.id)?.error;
    if (error !== undefined) return this.#fail(error);
    if (state.pending.size > 0 || isTerminalStatus(state.status)) return;
    const conversation = await this.#load();
    // Another answer may have led here meanwhile.
    await (this.#run ?? this.#start(this.#lastQuestions(conversation)));
  }

  #start(questions: readonly string[]): Promise<void> {
    this.#clearTimers();
    this.#run = this.#work(questions).finally(() => {
      this.#run = undefined;
    });
    return this.#run;
  }

  async #work(questions: readonly string[]): Promise<void> {
    const { session, node, name, agent } = this.#options;
    const conversation = await this.#load();
    const translation = new Translation(node.id, session.state);
    const input = this.#input(conversation, questions);
    try {
      for await (const events of runAgent(name, agent, input, session.accessToken(), session.signal)) {
        await this.#write(events.flatMap((event) => translation.take(event)));
        if (translation.end !== undefined) break;
      }
      await this.#finish(conversation, translation);
    } catch (error) {
      if (session.signal.aborted || error instanceof SessionEndedError) return this.#stop();
      if (!(error instanceof AgentError || error instanceof EventTooLargeError)) throw error;
      await this.#fail(error.message, translation.flush());
    }
  }

  /** The input of the next run, as `RunAgentInput` of AG-UI. */
  #input(conversation: Conversation, questions: readonly string[]): JsonObject {
    const { session } = this.#options;
    const { resolved } = session.state;
    const resume = questions.flatMap((id) => {
      const answer = resolved.get(id);
      const interruptId = readInteractionId(id)?.interruptId;
      if (answer === undefined || interruptId === undefined) return [];
      return [resumeEntry(interruptId, conversation.question(id), answer)];
    });
    const isOld = questions.some((id) => isOldQuestion(conversation.question(id)));
    const [first] = resume;
    return {
      threadId: session.sessionId,
      runId: uniqueId(),
      state: conversation.state,
      messages: [...conversation.messages],
      tools: [],
      context: [],
      forwardedProps: isOld ? { command: { resume: first?.['payload'] ?? null } } : {},
      ...(resume.length === 0 ? {} : { resume }),
    };
  }

  async #finish(conversation: Conversation, translation: Translation): Promise<void> {
    const { session, node } = this.#options;
    const end = translation.end ?? { kind: 'error', message: sentence('agent-no-end') };
    const rest = translation.flush();
    const { sessionId } = session;
    switch (end.kind) {
      case 'error':
        return this.#fail(end.message, rest);
      case 'cancelled':
        return this.#write([...rest, { type: 'graphCancelled', sessionId }]);
      case 'interrupt': {
        if (end.interrupts.length === 0) return this.#fail(sentence('agent-asks-nothing'), rest);
        if (session.mode === 'headless') return this.#fail(sentence('agent-headless'), rest);
        await this.#write([...rest, ...this.#ask(conversation, end.interrupts, session.state)]);
        return this.#watchExpiry(conversation);
      }
      case 'success': {
        const outputs =
          (end.result === undefined ? undefined : resultOutputs(end.result)) ??
          textOutputs(translation.answer);
        const result: Outputs = outputs ?? {};
        const complete: GraphRunEventBody = {
          type: 'graphComplete',
          sessionId,
          outputs: { [node.id]: result },
        };
        // Beyond the limit, the log has them as they were streamed.
        const nodeEnd: GraphRunEventBody = { type: 'nodeEnd', nodeId: node.id, outputs: result };
        const ends = fitsEventSize(complete, session.maxEventBytes)
          ? [nodeEnd, complete]
          : ([
              { type: 'nodeEnd', nodeId: node.id },
              { type: 'graphComplete', sessionId },
            ] as const);
        await this.#write([...rest, ...translation.endSteps(), ...ends]);
      }
    }
  }

  #ask(
    conversation: Conversation,
    interrupts: readonly JsonObject[],
    { nodes }: SessionState,
  ): readonly GraphRunEventBody[] {
    const { id } = this.#options.node;
    const run = lastRun(conversation) + 1;
    const ids = new Set<string>();
    return interrupts.map((interrupt, at) => {
      const named = typeof interrupt['id'] === 'string' ? interrupt['id'] : `interrupt-${at + 1}`;
      const interactionId = interactionIdOf(run, named);
      const subagent = subagentNodeId(id, String(interrupt['subagentRunId']));
      const nodeId = nodes.get(subagent)?.status === 'running' ? subagent : id;
      const isRepeated = ids.has(interactionId);
      ids.add(interactionId);
      const suspendEvent = questionOf(interrupt, conversation.call(interrupt['toolCallId']));
      if (isRepeated) throw new AgentError(sentence('agent-same-id', { id: named }));
      return { type: 'inputRequired', nodeId, interactionId, suspendEvent };
    });
  }

  #lastQuestions(conversation: Conversation): readonly string[] {
    const run = lastRun(conversation);
    return conversation.questionIds.filter((id) => readInteractionId(id)?.run === run);
  }

  /** Closes questions at the time that the agent has set. */
  #watchExpiry(conversation: Conversation): void {
    for (const [interactionId, { nodeId }] of this.#options.session.state.pending) {
      const expiryMs = expiryOf(conversation.question(interactionId));
      if (expiryMs === undefined || this.#timers.has(interactionId)) continue;
      const delayMs = Math.max(0, Math.min(expiryMs - Date.now(), MAX_TIMER_MS));
      const timer = setTimeout(() => {
        this.#timers.delete(interactionId);
        if (Date.now() < expiryMs) return this.#watchExpiry(conversation);
        this.#expire(interactionId, nodeId).catch((error: unknown) => {
          if (!(error instanceof SessionEndedError)) this.#options.onError(error);
        });
      }, delayMs);
      timer.unref();
      this.#timers.set(interactionId, timer);
    }
  }

  async #expire(interactionId: string, nodeId: string): Promise<void> {
    await this.#options.session.append((state) =>
      state.pending.has(interactionId)
        ? [{ type: 'inputResolved', nodeId, interactionId, by: 'expired' }]
        : [],
    );
    await this.#continue();
  }

  #clearTimers(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  async #fail(message: string, before: readonly GraphRunEventBody[] = []): Promise<void> {
    const { session, node } = this.#options;
    const error = (message === '' ? sentence('failed') : message).slice(0, MAX_ERROR_CHARS);
    const { sessionId } = session;
    await session.append((state) => {
      const ends: readonly GraphRunEventBody[] = isActive(state, node.id)
        ? [{ type: 'nodeError', nodeId: node.id, error }]
        : [];
      return [...before, ...ends, { type: 'graphError', sessionId, error }];
    });
  }

  async #write(events: readonly GraphRunEventBody[]): Promise<void> {
    if (events.length === 0) return;
    const { session } = this.#options;
    for (const event of events) checkEventSize(event, session.maxEventBytes);
    const conversation = await this.#load();
    await session.append(() => events);
    for (const event of events) conversation.add(event);
  }

  /** Some runtimes continue when their caller leaves: one that is cancelled is stopped. */
  async #stop(): Promise<void> {
    const { session, name, agent, onError } = this.#options;
    if (!isTerminalStatus(session.state.status)) return;
    try {
      await stopAgent(name, agent, session.sessionId, session.accessToken());
    } catch (error) {
      onError(error);
    }
  }

  #load(): Promise<Conversation> {
    this.#conversation ??= this.#readLog().catch((error: unknown) => {
      this.#conversation = undefined;
      throw error;
    });
    return this.#conversation;
  }

  async #readLog(): Promise<Conversation> {
    const { session, node } = this.#options;
    const { input, state = {} } = node.configuration ?? {};
    const given = Object.hasOwn(session.inputs, node.id) ? session.inputs[node.id] : undefined;
    const asked =
      given ?? (typeof input === 'string' ? textContent(input) : isLLMContent(input) ? input : undefined);
    const messages =
      asked === undefined ? [] : [{ id: 'input', role: 'user', content: toAgentContent(asked) }];
    const conversation = new Conversation(state, messages);
    for await (const page of session.readEvents()) for (const event of page) conversation.add(event);
    return conversation;
  }
}

/** Nothing can be written to a session that has ended, which is no failure. */
async function untilEnd(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof SessionEndedError)) throw error;
  }
}

function lastRun(conversation: Conversation): number {
  return conversation.questionIds.reduce((last, id) => Math.max(last, readInteractionId(id)?.run ?? 0), 0);
}
