import { contentText, isLLMContent } from '../../protocol/content.js';
import type { GraphRunEvent, GraphRunEventBody } from '../../protocol/events.js';
import {
  isFilledText,
  isJsonObject,
  isText,
  parseJson,
  type JsonObject,
  type JsonValue,
} from '../../protocol/values/json.js';
import { fromAgentContent, toAgentContent } from './agent-content.js';
import type { ToolCall } from './approvals.js';
import { applyJsonPatch } from './json-patch.js';

/** A message of AG-UI, as it is sent with a run. */
type Message = { id: string; role: string; [member: string]: JsonValue };

/**
 * The input of the next run of an agent, because most agents keep nothing: all messages, and the newest state. It is a
 * fold of the log of the session alone, so that another process can continue. Mutable: one for a run of a session.
 */
export class Conversation {
  #state: JsonValue;
  readonly #messages: Message[] = [];
  /** The questions of the agent as they were asked, by `interactionId`. */
  readonly #questions = new Map<string, JsonObject>();

  /** @param state the state of the first run @param messages its messages, such as the input of a person */
  constructor(state: JsonValue, messages: readonly JsonObject[]) {
    this.#state = state;
    this.#replace(messages);
  }

  /** All messages so far, oldest first. */
  get messages(): readonly JsonObject[] {
    return this.#messages;
  }

  /** The newest state that the agent has sent. */
  get state(): JsonValue {
    return this.#state;
  }

  /** The payload of a question, and when it was asked in the order of all: undefined if it never was. */
  question(interactionId: string): JsonObject | undefined {
    return this.#questions.get(interactionId);
  }

  /** The ids of all questions, oldest first. */
  get questionIds(): readonly string[] {
    return [...this.#questions.keys()];
  }

  /** A call of a tool, by its id; undefined for one that was never made, or whose arguments are no object. */
  call(callId: JsonValue | undefined): ToolCall | undefined {
    const calls = this.#messages.flatMap(({ toolCalls }) => (Array.isArray(toolCalls) ? toolCalls : []));
    const call = [...calls].reverse().find((each: JsonValue) => isJsonObject(each) && each['id'] === callId);
    const made = isJsonObject(call) ? call['function'] : undefined;
    if (!isJsonObject(made) || !isFilledText(made['name'])) return undefined;
    const args = parseJson(String(made['arguments']));
    return isJsonObject(args) ? { name: made['name'], args } : undefined;
  }

  /** Takes the next event of the log. */
  add(event: GraphRunEvent | GraphRunEventBody): void {
    if (event.type === 'inputRequired') this.#questions.set(event.interactionId, event.suspendEvent);
    if (event.type !== 'agentEvent') return;
    const [kind = ''] = Object.keys(event.event);
    const payload = event.event[kind];
    if (!isJsonObject(payload)) return;
    switch (kind) {
      case 'content':
        return this.#addText(payload);
      case 'functionCall':
        return this.#addCall(payload);
      case 'functionResult':
        return this.#addResult(payload);
      case 'STATE_SNAPSHOT':
        this.#state = payload['snapshot'] ?? null;
        return;
      case 'STATE_DELTA':
        // After a change that does not fit, the state is the last one that is known.
        this.#state = applyJsonPatch(this.#state, payload['delta']) ?? this.#state;
        return;
      case 'MESSAGES_SNAPSHOT': {
        const { messages } = payload;
        if (Array.isArray(messages)) this.#replace(messages.filter(isJsonObject));
      }
    }
  }

  #replace(messages: readonly JsonObject[]): void {
    this.#messages.length = 0;
    for (const message of messages) {
      const { id, role } = message;
      if (isText(id) && isText(role)) this.#messages.push({ ...message, id, role });
    }
  }

  #addText({ messageId, content, subagentRunId }: JsonObject): void {
    if (!isText(messageId) || !isLLMContent(content)) return;
    const role = content.role === 'user' ? 'user' : 'assistant';
    const message = this.#message(messageId, role, subagentRunId);
    const before = isText(message['content']) ? message['content'] : '';
    message['content'] = before + contentText(content);
  }

  #addCall({ callId, name, args = {}, messageId, subagentRunId }: JsonObject): void {
    if (!isText(callId) || !isText(name)) return;
    const id = isText(messageId) ? messageId : `call-${callId}`;
    const message = this.#message(id, 'assistant', subagentRunId);
    const calls: readonly JsonValue[] = Array.isArray(message['toolCalls']) ? message['toolCalls'] : [];
    const text = isText(args) ? args : JSON.stringify(args);
    const call = { id: callId, type: 'function', function: { name, arguments: text } };
    message['toolCalls'] = [...calls, call];
  }

  #addResult({ callId, content, messageId, subagentRunId }: JsonObject): void {
    if (!isText(callId)) return;
    const message = this.#message(isText(messageId) ? messageId : `result-${callId}`, 'tool', subagentRunId);
    message['toolCallId'] = callId;
    message['content'] = toAgentContent(isLLMContent(content) ? content : fromAgentContent(content, 'user'));
  }

  /** The message with an id: mostly the newest one. */
  #message(id: string, role: string, subagentRunId: JsonValue | undefined): Message {
    for (let at = this.#messages.length - 1; at >= 0; at -= 1) {
      const message = this.#messages[at];
      if (message?.id === id) return message;
    }
    const message: Message = { id, role, ...(isText(subagentRunId) ? { subagentRunId } : {}) };
    this.#messages.push(message);
    return message;
  }
}
