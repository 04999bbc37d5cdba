import type { GraphRunEventBody } from '../../protocol/events.js';
import {
  isJsonObject,
  isText,
  parseJson,
  type JsonObject,
  type JsonValue,
} from '../../protocol/values/json.js';

/** A call of a tool whose arguments are arriving. */
interface GrowingCall {
  callId: string;
  name: string;
  args: string;
}

/**
 * Converts streamed messages of models: text as it comes, calls of tools when their arguments are whole, and the results
 * of tools.
 */
export class MessageConverter {
  /** Calls by node, then by the message and the position in it. */
  readonly #calls = new Map<string | undefined, Map<string, GrowingCall>>();
  readonly #called = new Set<string>();

  /** Takes a message or a piece of one that a node sent; undefined: no running node. */
  take(message: JsonObject, nodeId: string | undefined): readonly GraphRunEventBody[] {
    const type = isText(message['type']) ? message['type'] : '';
    if (/^tool/i.test(type)) return [...this.flush(nodeId), ...toolResult(message, nodeId)];
    // Inputs of people and of the system are in the state already.
    if (!/^ai|^assistant/i.test(type)) return [];
    const text = textOf(message['content']);
    return [
      ...(text === ''
        ? []
        : [report(nodeId, { content: { content: { role: 'model', parts: [{ text }] } } })]),
      ...this.#takeCalls(message, nodeId),
    ];
  }

  /** Returns the calls of a node that are whole, when nothing more comes for them. */
  flush(nodeId: string | undefined): readonly GraphRunEventBody[] {
    const calls = [...(this.#calls.get(nodeId)?.values() ?? [])];
    this.#calls.delete(nodeId);
    return calls.flatMap(({ callId, name, args }) => this.#call(nodeId, callId, name, parseJson(args)));
  }

  /** Returns the calls of all nodes that are whole. */
  flushAll(): readonly GraphRunEventBody[] {
    return [...this.#calls.keys()].flatMap((nodeId) => this.flush(nodeId));
  }

  #takeCalls(message: JsonObject, nodeId: string | undefined): readonly GraphRunEventBody[] {
    const { tool_call_chunks: chunks, tool_calls: calls, id } = message;
    if (Array.isArray(chunks) && chunks.length > 0) {
      const growing = this.#calls.get(nodeId) ?? new Map<string, GrowingCall>();
      this.#calls.set(nodeId, growing);
      for (const chunk of chunks as readonly unknown[]) {
        if (isJsonObject(chunk)) grow(growing, `${String(id)} ${String(chunk['index'] ?? 0)}`, chunk);
      }
      return [];
    }
    if (!Array.isArray(calls)) return [];
    return (calls as readonly unknown[]).flatMap((call) =>
      isJsonObject(call) && isText(call['id']) && isText(call['name'])
        ? this.#call(nodeId, call['id'], call['name'], call['args'])
        : [],
    );
  }

  #call(
    nodeId: string | undefined,
    callId: string,
    name: string,
    args: unknown,
  ): readonly GraphRunEventBody[] {
    if (callId === '' || this.#called.has(callId)) return [];
    this.#called.add(callId);
    return [report(nodeId, { functionCall: { callId, name, args: isJsonObject(args) ? args : {} } })];
  }
}

function grow(growing: Map<string, GrowingCall>, key: string, chunk: JsonObject): void {
  const call = growing.get(key) ?? { callId: '', name: '', args: '' };
  growing.set(key, call);
  if (isText(chunk['id'])) call.callId = chunk['id'];
  if (isText(chunk['name'])) call.name += chunk['name'];
  if (isText(chunk['args'])) call.args += chunk['args'];
}

function toolResult(message: JsonObject, nodeId: string | undefined): readonly GraphRunEventBody[] {
  const { tool_call_id: callId, content } = message;
  return isText(callId) ? [report(nodeId, { functionResult: { callId, content: content ?? null } })] : [];
}

/** The text of a message: a text, or the texts of its parts. */
function textOf(content: JsonValue | undefined): string {
  if (isText(content)) return content;
  if (!Array.isArray(content)) return '';
  return (content as readonly unknown[])
    .map((part) => (isText(part) ? part : isJsonObject(part) && isText(part['text']) ? part['text'] : ''))
    .join('');
}

function report(nodeId: string | undefined, event: JsonObject): GraphRunEventBody {
  return { type: 'agentEvent', ...(nodeId === undefined ? {} : { nodeId }), event };
}
