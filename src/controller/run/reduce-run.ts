import { plainName } from '../../protocol/values/plain-name.js';
import { isLLMContent, type ContentPart, type LLMContent } from '../../protocol/content.js';
import { isEmittedEvent, isTerminalEvent, nodeIdOf, type GraphRunEvent } from '../../protocol/events.js';
import type { Interaction } from '../../protocol/questions/interactions.js';
import { isJsonObject, isText, type JsonObject, type JsonValue } from '../../protocol/values/json.js';
import { SessionFold, type NodeState, type SessionState } from '../../protocol/session-state.js';
import { EntriesDraft } from './entries-draft.js';
import type { ActivityEntry, NodeActivity } from './node-activity.js';
import { SpansDraft, type NodeSpan } from './node-spans.js';

/** Pieces of content of one call that are shown; the list of all events has the others. */
const MAX_CALL_CONTENTS = 200;

export type { ActivityEntry, CallContent, NodeActivity } from './node-activity.js';

/** The state of a session after its events, as one immutable value. */
export interface RunState {
  readonly session: SessionState;
  /** By node id; undefined: the reports of the run as a whole. */
  readonly activity: ReadonlyMap<string | undefined, NodeActivity>;
  /** The questions that were open when the session ended, oldest first. */
  readonly unanswered: readonly Interaction[];
  /** Spans in which each node ran and waited, by node id, oldest first; empty if events have no times. */
  readonly spans: ReadonlyMap<string, readonly NodeSpan[]>;
}

/** Maximum number of entries per node. */
export const MAX_ACTIVITY_ENTRIES = 1000;

const NO_ACTIVITY: NodeActivity = { entries: [], omitted: 0 };

/**
 * Folds a batch of events, oldest first. Pure and total. Takes a batch so that changed parts are copied once per
 * batch and not once per event: that makes a replay of 100,000 events linear.
 */
export function reduceRun(state: RunState, events: readonly GraphRunEvent[]): RunState {
  const fold = new SessionFold(state.session);
  const drafts: Drafts = { entries: new Map(), owned: new WeakSet() };
  const spans = new Map<string, SpansDraft>();
  const follow = (before: NodeState | undefined, after: NodeState | undefined, ts: number) => {
    if (after === undefined || after === before) return;
    const { nodeId } = after;
    const draft = spans.get(nodeId) ?? new SpansDraft(state.spans.get(nodeId) ?? []);
    draft.follow(before, after, ts);
    spans.set(nodeId, draft);
  };
  let { unanswered } = state;
  for (const event of events) {
    const nodeId = nodeIdOf(event);
    const question = event.type === 'inputResolved' ? fold.getPending(event.interactionId) : undefined;
    const before = nodeId === undefined ? undefined : fold.getNode(nodeId);
    const allBefore = isTerminalEvent(event) ? fold.nodes : undefined;
    // What comes after the end changes nothing: no question is open then.
    if (allBefore !== undefined && fold.pending.size > 0) {
      unanswered = [...fold.pending.values()];
      for (const nodeId of new Set(unanswered.map((open) => open.nodeId))) {
        const questions = unanswered.filter((open) => open.nodeId === nodeId);
        draftOf(drafts, nodeId, state).push({ kind: 'unanswered', index: event.index, questions });
      }
    }
    fold.apply(event);
    if (event.ts !== undefined) {
      if (nodeId !== undefined) follow(before, fold.getNode(nodeId), event.ts);
      // The end of the session ends everything that was running.
      if (allBefore !== undefined)
        for (const [id, node] of allBefore) follow(node, fold.getNode(id), event.ts);
    }
    if (nodeId !== undefined || isEmittedEvent(event)) {
      addActivity(draftOf(drafts, nodeId, state), event, question, drafts.owned);
    }
  }
  return {
    session: fold.finish(),
    activity: withDrafts(state.activity, drafts.entries),
    unanswered,
    spans: withSpans(state.spans, spans),
  };
}

function withSpans(before: RunState['spans'], drafts: ReadonlyMap<string, SpansDraft>): RunState['spans'] {
  if (drafts.size === 0) return before;
  const spans = new Map(before);
  for (const [nodeId, draft] of drafts) spans.set(nodeId, draft.finish());
  return spans;
}

/** The changes of a batch, and the lists of parts that it has created and may therefore change in place. */
interface Drafts {
  readonly entries: Map<string | undefined, EntriesDraft>;
  readonly owned: WeakSet<object>;
}

function draftOf({ entries }: Drafts, nodeId: string | undefined, state: RunState): EntriesDraft {
  let draft = entries.get(nodeId);
  if (draft === undefined) {
    draft = new EntriesDraft(state.activity.get(nodeId) ?? NO_ACTIVITY);
    entries.set(nodeId, draft);
  }
  return draft;
}

function withDrafts(
  before: RunState['activity'],
  drafts: ReadonlyMap<string | undefined, EntriesDraft>,
): RunState['activity'] {
  if (drafts.size === 0) return before;
  const activity = new Map(before);
  for (const [nodeId, draft] of drafts) activity.set(nodeId, draft.finish(MAX_ACTIVITY_ENTRIES));
  return activity;
}

function addActivity(
  entries: EntriesDraft,
  event: GraphRunEvent,
  question: Interaction | undefined,
  owned: WeakSet<object>,
): void {
  const { index } = event;
  switch (event.type) {
    case 'thoughtEvent':
      entries.push({ kind: 'thought', index, text: event.text });
      return;
    case 'nodeError':
      entries.push({ kind: 'error', index, message: event.error });
      return;
    case 'inputResolved': {
      if (question === undefined || event.response === undefined) return;
      entries.push({
        kind: 'answer',
        index,
        question,
        response: event.response,
        by: event.by,
        ...(event.ts === undefined ? {} : { ts: event.ts }),
        ...(isText(event.answeredBy) ? { answeredBy: event.answeredBy } : {}),
      });
      return;
    }
    case 'agentEvent':
      addAgentEvent(entries, index, event.event, owned);
      return;
    default:
      return;
  }
}

/** Technical reports of a model loop; they are shown only in the list of all events. */
const TECHNICAL = new Set([
  'start',
  'sendRequest',
  'usageMetadata',
  'usage',
  'turnComplete',
  // The state and the messages of an AG-UI agent, which it needs again with its next run.
  'STATE_SNAPSHOT',
  'STATE_DELTA',
  'MESSAGES_SNAPSHOT',
  'finish',
  'complete',
  'waitForInput',
  'waitForChoice',
  'queryConsent',
]);

function addAgentEvent(
  entries: EntriesDraft,
  index: number,
  agentEvent: JsonObject,
  owned: WeakSet<object>,
): void {
  // The first member is the report. A loop, because a list of its keys would take longer than all else that is done here.
  for (const name in agentEvent) {
    const payload = agentEvent[name];
    if (payload !== undefined && !TECHNICAL.has(name)) addReport(entries, { index, name, payload }, owned);
    return;
  }
}

/** A report of a node, by its name. */
interface Report {
  readonly index: number;
  readonly name: string;
  readonly payload: JsonValue;
}

function addReport(entries: EntriesDraft, { index, name, payload }: Report, owned: WeakSet<object>): void {
  const body = isJsonObject(payload) ? payload : {};
  switch (name) {
    case 'thought':
      entries.push({ kind: 'thought', index, text: String(body['text'] ?? '') });
      return;
    case 'content':
      if (isLLMContent(body['content'])) addContent(entries, index, body['content'], owned);
      return;
    case 'error':
      entries.push({ kind: 'error', index, message: String(body['message'] ?? '') });
      return;
    case 'functionCall':
      entries.push({
        kind: 'call',
        index,
        callId: String(body['callId'] ?? ''),
        title: plainName(String(body['title'] ?? '')) || plainName(String(body['name'] ?? '')),
        args: body['args'] ?? {},
      });
      return;
    case 'functionCallUpdate':
      changeCall(entries, body['callId'], (call) => withProgress(call, body['status']));
      return;
    case 'functionResult':
      changeCall(entries, body['callId'], (call) =>
        withProgress({ ...call, result: body['content'] ?? null }, null),
      );
      return;
    case 'subagentAddContent': {
      const { content } = body;
      const title = plainName(String(body['title'] ?? ''));
      const added = isLLMContent(content) ? { ...(title === '' ? {} : { title }), content } : undefined;
      const isAdded =
        added !== undefined &&
        changeCall(entries, body['callId'], (call) => {
          const { contents = [] } = call;
          return contents.length < MAX_CALL_CONTENTS ? { ...call, contents: [...contents, added] } : call;
        });
      if (!isAdded) entries.push({ kind: 'other', index, name, payload });
      return;
    }
    default:
      entries.push({ kind: 'other', index, name, payload });
  }
}

type CallEntry = Extract<ActivityEntry, { kind: 'call' }>;

function withProgress(call: CallEntry, status: JsonValue | undefined): CallEntry {
  const { progress: _, ...rest } = call;
  return typeof status === 'string' ? { ...rest, progress: status } : rest;
}

/** Changes the newest call with an id. Returns false if there is none. */
function changeCall(
  entries: EntriesDraft,
  callId: JsonValue | undefined,
  change: (call: CallEntry) => CallEntry,
): boolean {
  return entries.changeNewest((entry) =>
    entry.kind === 'call' && entry.callId === callId ? change(entry) : undefined,
  );
}

function addContent(entries: EntriesDraft, index: number, content: LLMContent, owned: WeakSet<object>): void {
  const { last } = entries;
  if (last?.kind !== 'content' || last.content.role !== content.role) {
    entries.push({ kind: 'content', index, content });
    return;
  }
  // Copied once per batch: a copy per piece would take quadratic time.
  const parts = isOwned(last.content.parts, owned) ? last.content.parts : [...last.content.parts];
  for (const part of content.parts) addPart(parts, part);
  if (parts === last.content.parts) return;
  owned.add(parts);
  entries.changeNewest(() => ({ ...last, content: { ...last.content, parts } }));
}

function isOwned(parts: readonly ContentPart[], owned: WeakSet<object>): parts is ContentPart[] {
  return owned.has(parts);
}

function addPart(parts: ContentPart[], part: ContentPart): void {
  const last = parts.at(-1);
  if (last?.text !== undefined && part.text !== undefined && last.thought === part.thought) {
    parts[parts.length - 1] = { ...last, text: last.text + part.text };
  } else {
    parts.push(part);
  }
}
