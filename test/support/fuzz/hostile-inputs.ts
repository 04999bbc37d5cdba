import * as fc from 'fast-check';
import { isJsonObject, parseJson, type JsonObject } from '../../../src/protocol/values/json.js';

/*
 * What can come to a client from a server, from another tab, from storage or from a person: small, so that the
 * time that it takes says something.
 */

const WORDS = [
  '',
  '__proto__',
  'constructor',
  'toString',
  '\0',
  '\ud800',
  '\u202e',
  '\u2067',
  '\u2028',
  '\u200d',
  '\n\n',
  '```',
  '**',
  '~~',
  '[a](',
  '](javascript:x)',
  '![x](',
  '<script>',
  '&#x6a;',
  '| a |\n|-|\n',
  '> ',
  '- ',
  '1. ',
  '\\',
  'https://x.y/',
  'data:text/html,',
  '😀',
  'a'.repeat(300),
  '#'.repeat(9),
  '\t',
  '    ',
  '{{',
  '"',
  '-0',
  '1e400',
  '12345678901234567890',
];

export const word = fc.constantFrom(...WORDS);

export const anyText = fc.oneof(
  fc.array(word, { maxLength: 12 }).map((words) => words.join('')),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

/** Names of the protocol, of JSON Schema and of what every object inherits. */
const memberName = fc.oneof(
  word,
  fc.constantFrom(
    'additionalProperties',
    'anyOf',
    'args',
    'choices',
    'data',
    'default',
    'draft',
    'edges',
    'enum',
    'fileData',
    'fileUri',
    'form',
    'format',
    'functionCall',
    'graph',
    'handle',
    'index',
    'inlineData',
    'interactionId',
    'items',
    'json',
    'messages',
    'mimeType',
    'name',
    'nodeId',
    'nodes',
    'oneOf',
    'outputs',
    'parts',
    'pattern',
    'properties',
    'required',
    'schema',
    'storedData',
    'suspendEvent',
    'text',
    'ts',
    'type',
    'values',
    'versions',
    '$ref',
  ),
);

/** A value that came as JSON, so that `__proto__` is a member like others. */
export const smallJson: fc.Arbitrary<unknown> = fc
  .oneof(
    fc.jsonValue({ maxDepth: 2 }),
    anyText,
    fc.dictionary(memberName, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 }),
  )
  .map((value) => parseJson(JSON.stringify(value)));

export const smallObject: fc.Arbitrary<JsonObject> = fc
  .dictionary(memberName, smallJson, { maxKeys: 4 })
  .map((value) => parseJson(JSON.stringify(value)))
  .filter(isJsonObject);

/** Objects with some of these members. */
function objectWith(members: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<JsonObject> {
  return fc
    .record(members, { requiredKeys: [] })
    .map((value) => parseJson(JSON.stringify(value)))
    .filter(isJsonObject);
}

const MEDIA_TYPES = [
  'image/png',
  'image/svg+xml',
  'text/html',
  'text/markdown',
  'application/json',
  'audio/x',
  'video/mp4;codecs="x"',
];

export const mediaType = fc.oneof(anyText, fc.constantFrom(...MEDIA_TYPES));

export const anyUrl = fc.oneof(
  anyText,
  fc.webUrl(),
  fc.constantFrom('javascript:x', 'blob:x', '//e', 'http://['),
);

/** A piece of content of any kind. */
export const contentPart: fc.Arbitrary<JsonObject> = fc.oneof(
  objectWith({ text: anyText, thought: fc.boolean() }),
  objectWith({
    inlineData: objectWith({
      mimeType: mediaType,
      data: fc.oneof(anyText, fc.base64String()),
      title: anyText,
    }),
  }),
  objectWith({ fileData: objectWith({ fileUri: anyUrl, mimeType: mediaType }) }),
  objectWith({ storedData: objectWith({ handle: anyUrl, mimeType: mediaType }) }),
  objectWith({ functionCall: objectWith({ name: anyText, args: smallJson }) }),
  objectWith({ json: smallJson }),
  objectWith({ executableCode: objectWith({ language: anyText, code: anyText }) }),
  smallObject,
);

const prompt = fc.oneof(smallJson, objectWith({ parts: fc.array(contentPart, { maxLength: 3 }) }));

const TYPES = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];
const PATTERNS = ['^a+$', '(', '[a-z', '(a+)+$', '\\', '^(?:x|y)*$', '(?:a{0,9}){9}$'];
const FORMATS = ['date', 'date-time', 'time', 'email', 'password', 'uri', 'edit_note', 'x'];

/** A JSON Schema that may contradict itself, refer to itself or be none. */
export const anySchema: fc.Arbitrary<JsonObject> = fc.letrec<{ schema: unknown; object: JsonObject }>(
  (tie) => ({
    schema: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constantFrom<unknown>({ type: 'string' }, { type: 'number', title: 'N' }, true, {}, 5),
      tie('object'),
    ),
    object: objectWith({
      type: fc.constantFrom(...TYPES, ['string', 'null'], ['string', 'number'], 7),
      title: anyText,
      description: anyText,
      default: smallJson,
      const: smallJson,
      enum: fc.array(smallJson, { maxLength: 3 }),
      pattern: fc.constantFrom(...PATTERNS),
      format: fc.constantFrom(...FORMATS, 3),
      minimum: smallJson,
      maxLength: smallJson,
      multipleOf: fc.constantFrom(0, -1, 1e-300, 0.1, 'x'),
      properties: fc.dictionary(word, tie('schema'), { maxKeys: 3 }),
      items: tie('schema'),
      oneOf: fc.array(tie('schema'), { maxLength: 2 }),
      anyOf: fc.array(tie('schema'), { maxLength: 2 }),
      required: fc.array(word, { maxLength: 2 }),
      $ref: fc.constantFrom('#', '#/properties/a', '#/x', 'https://e', 5),
      behavior: fc.array(fc.constantFrom('llm-content', 'hint-required', 'x')),
      additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
    }),
  }),
).object;

/** What a session may ask: one of the known kinds, well or badly filled in, or anything. */
export const smallQuestion: fc.Arbitrary<JsonObject> = fc.oneof(
  objectWith({ inputNode: objectWith({ schema: anySchema }) }),
  objectWith({ waitForInput: objectWith({ prompt, inputType: smallJson, skipLabel: smallJson }) }),
  objectWith({
    waitForChoice: objectWith({
      prompt,
      choices: fc.array(objectWith({ id: fc.oneof(word, smallJson), content: prompt, label: smallJson }), {
        maxLength: 4,
      }),
      selectionMode: smallJson,
      layout: smallJson,
      noneOfTheAboveLabel: smallJson,
    }),
  }),
  objectWith({ queryConsent: smallJson }),
  smallObject,
);

const nodeId = fc.constantFrom('a', 'b', '__proto__');
const outline = objectWith({
  title: anyText,
  nodes: fc.array(objectWith({ id: nodeId, type: word, title: anyText }), { maxLength: 4 }),
  edges: fc.array(objectWith({ from: nodeId, to: nodeId }), { maxLength: 4 }),
});

const EVENT_TYPES = [
  'graphStart',
  'nodeStart',
  'nodeEnd',
  'nodeError',
  'nodeSkipped',
  'nodeRetry',
  'agentEvent',
  'thoughtEvent',
  'inputRequired',
  'inputResolved',
  'graphComplete',
  'graphError',
  'graphCancelled',
];

/** What may come as an event, most of it close to one. */
export const smallEvent: fc.Arbitrary<JsonObject> = objectWith({
  type: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...EVENT_TYPES) }, { weight: 1, arbitrary: word }),
  index: fc.oneof({ weight: 9, arbitrary: fc.nat(20) }, { weight: 1, arbitrary: smallJson }),
  ts: fc.oneof(fc.nat(), smallJson),
  nodeId: fc.oneof(nodeId, word),
  sessionId: word,
  interactionId: fc.oneof(fc.constantFrom('i', 'j'), word),
  suspendEvent: smallQuestion,
  outputs: smallJson,
  error: anyText,
  text: anyText,
  causedBy: word,
  attempt: fc.nat(3),
  by: word,
  response: smallJson,
  event: smallJson,
  graph: fc.oneof(smallJson, outline),
}).map((event) => ({ type: 'nodeStart', index: 0, ...event }));

/** A JSON text, or what is close to one. */
export const jsonText: fc.Arbitrary<string> = fc.oneof(
  anyText,
  smallJson.map((value) => JSON.stringify(value)),
  smallObject.map((value) => JSON.stringify(value).slice(0, -1)),
  fc.constantFrom('1e400', '-0', '0.1000000000000000055', '12345678901234567890', '['.repeat(5000)),
);

const PATTERN_PIECES = [
  '(',
  ')',
  '[',
  ']',
  '*',
  '+',
  '?',
  '{2,}',
  '{999999999}',
  '|',
  'a',
  '\\w',
  '^',
  '$',
  '(?:',
  '-',
];

/** A regular expression, or what is close to one. */
export const patternText: fc.Arbitrary<string> = fc.oneof(
  anyText,
  fc.array(fc.constantFrom(...PATTERN_PIECES), { maxLength: 30 }).map((pieces) => pieces.join('')),
);

const SSE_PIECES = [
  'data: {}',
  'data',
  ':',
  'id: 1',
  'id:\0',
  'event: x',
  'retry: 9',
  'retry: -1',
  'retry: 99999999999999999999',
  '\r\n',
  '\n',
  '\r',
  '\n\n',
  '\ufeff',
  `data: ${'x'.repeat(500)}`,
];

/** Bytes of a stream of server-sent events, or any others. */
export const sseBytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .array(fc.constantFrom(...SSE_PIECES), { maxLength: 30 })
    .map((pieces) => new TextEncoder().encode(pieces.join(''))),
);

/** A row of a list: mostly with an id and a status, and with members of any type. */
export const smallRow = fc.record(
  {
    sessionId: fc.oneof({ weight: 9, arbitrary: anyText }, smallJson),
    status: fc.oneof(fc.constantFrom('running', 'suspended', 'deleted', '__proto__'), smallJson),
    createdAt: fc.oneof(fc.double(), smallJson),
    updatedAt: fc.oneof(fc.double(), smallJson),
    pendingInputs: fc.oneof(fc.double(), smallJson),
    title: fc.oneof(anyText, smallJson),
    pinned: fc.oneof(fc.boolean(), smallJson),
    nodesTotal: smallJson,
    endedAt: smallJson,
    revision: smallJson,
  },
  { requiredKeys: ['sessionId', 'status'] },
);
