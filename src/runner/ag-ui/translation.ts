import { contentJson, textContent } from '../../protocol/content.js';
import type { GraphRunEventBody } from '../../protocol/events.js';
import {
  isJsonObject,
  isText,
  parseJson,
  type JsonObject,
  type JsonValue,
} from '../../protocol/values/json.js';
import type { SessionState } from '../../protocol/session-state.js';
import { sentence } from '../../protocol/sentences.js';
import { fromAgentContent } from './agent-content.js';
import { OpenSteps } from './open-steps.js';

/** The end of one run of an agent, as it reported it. */
export type RunEnd =
  | { readonly kind: 'success'; readonly result?: JsonValue }
  | { readonly kind: 'interrupt'; readonly interrupts: readonly JsonObject[] }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'error'; readonly message: string };

/** A text that arrives in pieces and is logged as a whole. */
interface Draft {
  readonly kind: 'call' | 'thought';
  readonly id: string;
  readonly nodeId: string;
  /** A chunk has no event that ends it. */
  readonly isOfChunks: boolean;
  readonly event: JsonObject;
  text: string;
}

/** Longest text of a call or a thought, in characters. */
const MAX_DRAFT_CHARS = 8 * 1024 * 1024;

/** Events whose payload is shown as it is, under their own name. */
const PASSED_ON: ReadonlySet<string> = new Set([
  'STATE_SNAPSHOT',
  'STATE_DELTA',
  'MESSAGES_SNAPSHOT',
  'ACTIVITY_SNAPSHOT',
  'ACTIVITY_DELTA',
  'CUSTOM',
]);

/** The way in which older adapters ask a question (that of LangGraph for JavaScript). */
const OLD_INTERRUPT = 'on_interrupt';

/**
 * Translates the events of one run of an AG-UI agent, in their order. Total: an event that is malformed or of another version
 * gives nothing. `RAW` events, which repeat the others in the words of a provider, give nothing, too.
 */
export class Translation {
  readonly #steps: OpenSteps;
  readonly #drafts = new Map<string, Draft>();
  readonly #oldInterrupts: JsonObject[] = [];
  readonly #messageIdOfNode = new Map<string, string>();
  /** The message that a chunk without an id continues. */
  #openMessageId: string | undefined;
  readonly #roles = new Map<string, string>();
  #answer = '';
  #end: RunEnd | undefined;

  /** @param agentId the node of the agent @param state as of the beginning of the run */
  constructor(agentId: string, state: Pick<SessionState, 'nodes'>) {
    this.#steps = new OpenSteps(agentId, state);
  }

  /** The end of the run; undefined until it was reported. */
  get end(): RunEnd | undefined {
    return this.#end;
  }

  /** The last text of the agent. */
  get answer(): string {
    return this.#answer;
  }

  /** Translates the next event. After the end of the run, every event gives nothing. */
  take(event: JsonObject): readonly GraphRunEventBody[] {
    if (this.#end !== undefined) return [];
    const { type } = event;
    if (!isText(type)) return [];
    return [...this.#endChunks(event), ...this.#translate(type, event)];
  }

  /** What was not whole when the run ended. */
  flush(): readonly GraphRunEventBody[] {
    return [...this.#drafts.keys()].flatMap((key) => this.#endDraft(key));
  }

  /** Ends all steps that are still open. */
  endSteps(): readonly GraphRunEventBody[] {
    return this.#steps.endAll();
  }

  #translate(type: string, event: JsonObject): readonly GraphRunEventBody[] {
    switch (type) {
      case 'STEP_STARTED':
        return this.#steps.startStep(event);
      case 'STEP_FINISHED':
        return this.#steps.endStep(event);
      case 'SUBAGENT_STARTED':
        return this.#steps.startSubagent(event);
      case 'SUBAGENT_FINISHED': {
        const { outcome } = event;
        const isSuspended = isJsonObject(outcome) && outcome['type'] === 'suspended';
        return isSuspended ? [] : this.#steps.endSubagent(event);
      }
      case 'SUBAGENT_ERROR':
        return this.#steps.endSubagent(event, textOf(event['message']) ?? sentence('failed'));
      case 'TEXT_MESSAGE_START':
        if (isText(event['messageId']))
          this.#roles.set(event['messageId'], textOf(event['role']) ?? 'assistant');
        return [];
      case 'TEXT_MESSAGE_CONTENT':
      case 'TEXT_MESSAGE_CHUNK':
        return this.#say(event);
      case 'REASONING_MESSAGE_CONTENT':
      case 'REASONING_MESSAGE_CHUNK':
      case 'THINKING_TEXT_MESSAGE_CONTENT':
        return this.#think(event);
      case 'REASONING_MESSAGE_END':
      case 'THINKING_TEXT_MESSAGE_END':
        return this.#endDraft(`thought ${textOf(event['messageId']) ?? ''}`);
      case 'TOOL_CALL_START':
      case 'TOOL_CALL_ARGS':
      case 'TOOL_CALL_CHUNK':
        return this.#call(event);
      case 'TOOL_CALL_END':
        return this.#endDraft(`call ${textOf(event['toolCallId']) ?? ''}`);
      case 'TOOL_CALL_RESULT':
        return this.#result(event);
      case 'RUN_FINISHED':
        this.#end = this.#endOf(event);
        return this.#usage(event);
      case 'RUN_ERROR':
        this.#end = { kind: 'error', message: textOf(event['message']) ?? sentence('agent-failed') };
        return this.#usage(event);
      default:
        return PASSED_ON.has(type) ? this.#passOn(type, event) : [];
    }
  }

  #say(event: JsonObject): readonly GraphRunEventBody[] {
    const { delta, role: named } = event;
    const messageId = textOf(event['messageId']) ?? this.#openMessageId;
    if (!isText(delta) || delta === '' || messageId === undefined) return [];
    const role = textOf(named) ?? this.#roles.get(messageId) ?? 'assistant';
    this.#roles.set(messageId, role);
    if (event['type'] === 'TEXT_MESSAGE_CHUNK') this.#openMessageId = messageId;
    const nodeId = this.#steps.nodeOf(event);
    const bodies: GraphRunEventBody[] = [];
    const before = this.#messageIdOfNode.get(nodeId);
    // Two messages of a node are two paragraphs; those of different roles are shown apart anyway.
    if (before !== undefined && before !== messageId && this.#roles.get(before) === role)
      bodies.push(this.#content(nodeId, '\n\n', role));
    if (before !== messageId && role === 'assistant') this.#answer = '';
    this.#messageIdOfNode.set(nodeId, messageId);
    if (role === 'assistant') this.#answer += delta;
    bodies.push(this.#content(nodeId, delta, role, { messageId, ...subagentOf(event) }));
    return bodies;
  }

  #content(nodeId: string, text: string, role: string, more: JsonObject = {}): GraphRunEventBody {
    this.#steps.say(nodeId, text);
    const content = contentJson(textContent(text, role === 'user' ? 'user' : 'model'));
    return { type: 'agentEvent', nodeId, event: { content: { content, ...more } } };
  }

  #think(event: JsonObject): readonly GraphRunEventBody[] {
    const { delta, type } = event;
    if (!isText(delta)) return [];
    const isOfChunks = type === 'REASONING_MESSAGE_CHUNK';
    const id = textOf(event['messageId']) ?? this.#openChunk('thought')?.id ?? '';
    return this.#extend(this.#draft('thought', id, isOfChunks, event), delta);
  }

  #call(event: JsonObject): readonly GraphRunEventBody[] {
    const { delta, type } = event;
    const id = textOf(event['toolCallId']) ?? this.#openChunk('call')?.id;
    if (id === undefined) return [];
    const draft = this.#draft('call', id, type === 'TOOL_CALL_CHUNK', event);
    return this.#extend(draft, isText(delta) ? delta : '');
  }

  #extend(draft: Draft, delta: string): readonly GraphRunEventBody[] {
    draft.text += delta;
    if (draft.text.length <= MAX_DRAFT_CHARS) return [];
    this.#drafts.delete(`${draft.kind} ${draft.id}`);
    this.#end = { kind: 'error', message: sentence('agent-too-large') };
    return [];
  }

  #result(event: JsonObject): readonly GraphRunEventBody[] {
    const { toolCallId, messageId, content } = event;
    if (!isText(toolCallId)) return [];
    const result = {
      callId: toolCallId,
      content: contentJson(fromAgentContent(content, 'user')),
      ...(isText(messageId) ? { messageId } : {}),
      ...subagentOf(event),
    };
    return [{ type: 'agentEvent', nodeId: this.#steps.nodeOf(event), event: { functionResult: result } }];
  }

  #passOn(type: string, event: JsonObject): readonly GraphRunEventBody[] {
    const { type: _, timestamp: _when, rawEvent: _raw, ...payload } = event;
    if (type === 'CUSTOM' && payload['name'] === OLD_INTERRUPT) {
      const { value } = payload;
      const read = isText(value) ? parseJson(value) : value;
      this.#oldInterrupts.push({ id: OLD_INTERRUPT, value: isJson(read) ? read : (value ?? null) });
      return [];
    }
    return [{ type: 'agentEvent', nodeId: this.#steps.nodeOf(event), event: { [type]: payload } }];
  }

  /** Each model call that a run reports: counts of tokens, in the names of OpenTelemetry. */
  #usage(event: JsonObject): readonly GraphRunEventBody[] {
    const { usage } = event;
    if (!Array.isArray(usage)) return [];
    const nodeId = this.#steps.nodeOf({});
    return usage
      .filter(isJsonObject)
      .map((entry) => ({ type: 'agentEvent', nodeId, event: { usage: entry } }) as const);
  }

  #endOf({ outcome, result }: JsonObject): RunEnd {
    const kind = isJsonObject(outcome) ? outcome['type'] : undefined;
    if (kind === 'cancelled') return { kind };
    if (kind === 'interrupt' && isJsonObject(outcome)) {
      const { interrupts } = outcome;
      return { kind, interrupts: Array.isArray(interrupts) ? interrupts.filter(isJsonObject) : [] };
    }
    if (this.#oldInterrupts.length > 0) return { kind: 'interrupt', interrupts: this.#oldInterrupts };
    return { kind: 'success', ...(result === undefined || result === null ? {} : { result }) };
  }

  #draft(kind: Draft['kind'], id: string, isOfChunks: boolean, event: JsonObject): Draft {
    const key = `${kind} ${id}`;
    const known = this.#drafts.get(key);
    if (known !== undefined) return known;
    const draft: Draft = { kind, id, nodeId: this.#steps.nodeOf(event), isOfChunks, event, text: '' };
    this.#drafts.set(key, draft);
    return draft;
  }

  #openChunk(kind: Draft['kind']): Draft | undefined {
    return [...this.#drafts.values()].find((draft) => draft.isOfChunks && draft.kind === kind);
  }

  /** A message of chunks ends where an event of another kind, or a chunk of another message, begins. */
  #endChunks({ type, messageId, toolCallId }: JsonObject): readonly GraphRunEventBody[] {
    if (type !== 'TEXT_MESSAGE_CHUNK') this.#openMessageId = undefined;
    return [...this.#drafts].flatMap(([key, draft]) => {
      if (!draft.isOfChunks) return [];
      const id = draft.kind === 'call' ? toolCallId : messageId;
      const isSameKind = type === (draft.kind === 'call' ? 'TOOL_CALL_CHUNK' : 'REASONING_MESSAGE_CHUNK');
      return isSameKind && (!isText(id) || id === draft.id) ? [] : this.#endDraft(key);
    });
  }

  #endDraft(key: string): readonly GraphRunEventBody[] {
    const draft = this.#drafts.get(key);
    if (draft === undefined) return [];
    this.#drafts.delete(key);
    const { kind, id, nodeId, text, event } = draft;
    if (kind === 'thought') return text === '' ? [] : [{ type: 'thoughtEvent', nodeId, text }];
    const args = text === '' ? {} : parseJson(text);
    const { toolCallName, parentMessageId } = event;
    const call = {
      callId: id,
      name: textOf(toolCallName) ?? 'tool',
      // Arguments are JSON by convention only.
      args: isJson(args) ? args : text,
      ...(isText(parentMessageId) ? { messageId: parentMessageId } : {}),
      ...subagentOf(event),
    };
    return [{ type: 'agentEvent', nodeId, event: { functionCall: call } }];
  }
}

function textOf(value: JsonValue | undefined): string | undefined {
  return isText(value) && value !== '' ? value : undefined;
}

function subagentOf({ subagentRunId }: JsonObject): JsonObject {
  return isText(subagentRunId) ? { subagentRunId } : {};
}

/** True for what `parseJson` returns for a text that is JSON. */
function isJson(value: unknown): value is JsonValue {
  return value !== undefined;
}
