import * as fc from 'fast-check';
import { EVENT_TYPE_NAMES } from '../../src/protocol/events.js';
import type { JsonObject } from '../../src/protocol/values/json.js';
import { anyJson, anyObject } from './hostile-json.js';

/** Few names, so that events share nodes and questions. */
const nodeId = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor');
const interactionId = fc.constantFrom('i', 'j', '__proto__');
const text = fc.oneof(fc.string(), fc.constantFrom('', 'x'.repeat(1000), '\ud800'));

const content = anyObject({ role: text, parts: fc.array(anyObject({ text, thought: fc.boolean() })) });
const question = anyObject({
  prompt: content,
  inputType: text,
  skipLabel: text,
  choices: fc.array(anyObject({ id: text, content, label: text })),
  selectionMode: fc.constantFrom('single', 'multiple'),
  consentType: text,
  scope: anyObject({}),
  schema: anyObject({
    title: text,
    required: fc.array(text),
    properties: anyObject({ p: anyObject({ title: text }) }),
  }),
});

/** The question of an `inputRequired`: one of the known kinds, valid or not, or anything. */
export const anySuspendEvent: fc.Arbitrary<JsonObject> = anyObject({
  waitForInput: question,
  waitForChoice: question,
  queryConsent: question,
  inputNode: question,
  reviewActions: anyObject({
    actions: fc.array(
      anyObject({
        name: text,
        args: anyObject({}),
        description: text,
        allowed: fc.array(fc.constantFrom('approve', 'edit', 'reject', 'respond', 'later')),
      }),
    ),
  }),
}) as fc.Arbitrary<JsonObject>;

const outline = anyObject({
  title: text,
  nodes: fc.array(anyObject({ id: nodeId, type: text, title: text })),
  edges: fc.array(anyObject({ from: nodeId, to: nodeId })),
  order: fc.constantFrom('none', 'dataflow', 'later', 3),
});

/** What might arrive as an event: of every type, most with the fields of their type. */
export const anyEvent: fc.Arbitrary<unknown> = anyObject({
  type: fc.constantFrom(...EVENT_TYPE_NAMES, 'unknown', 'fromTheFuture', 'constructor'),
  index: fc.nat(50),
  ts: fc.integer(),
  nodeId,
  of: nodeId,
  title: text,
  interactionId,
  sessionId: text,
  graph: outline,
  suspendEvent: anySuspendEvent,
  response: anyObject({ input: content, selected: anyObject({ ids: fc.array(anyJson) }) }),
  outputs: fc.dictionary(fc.constantFrom('context', 'other', '__proto__'), fc.oneof(content, anyJson)),
  error: text,
  causedBy: nodeId,
  attempt: fc.nat(),
  by: fc.constantFrom('response', 'headless', 'expired'),
  event: anyObject({}),
  text,
});
