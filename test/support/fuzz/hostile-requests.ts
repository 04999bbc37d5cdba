import type { JsonObject, JsonValue } from '../../../src/protocol/values/json.js';
import { anyGraph } from './hostile-graphs.js';
import { anyContent, anyValue, HOSTILE_TEXTS, nested, objectOf } from './hostile-values.js';
import type { SeededRandom } from './seeded-random.js';

/** What a request is meant to be; `odd` ones are of no kind. */
export type RequestKind =
  | 'create'
  | 'monitor'
  | 'stream'
  | 'events'
  | 'export'
  | 'event'
  | 'listPage'
  | 'status'
  | 'resume'
  | 'cancel'
  | 'rerun'
  | 'label'
  | 'delete'
  | 'deleteMany'
  | 'odd';

/** A request to send. */
export interface HostileRequest {
  readonly kind: RequestKind;
  readonly method: string;
  /** Path and query after the base path. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  /** How many frames of a stream are read before its reader leaves. */
  readonly frames: number;
  /** True for a request that is given up while it waits for events. */
  readonly isGivenUp: boolean;
}

/**
 * What requests can be about, chosen by a number from 0 up to 1. A choice takes no random number of its own, so
 * the requests of a seed stay the same whatever the server answered before.
 */
export interface RequestSubjects {
  session(choice: number): string;
  /** A list as a page showed it; `name` is the part of a query that names it. */
  list(choice: number): { readonly name: string; readonly revision: string; readonly tag: string };
  question(choice: number): { readonly sessionId: string; readonly interactionId: string };
}

const ODD_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'FOO', 'PROPFIND'];
const QUERY_NAMES = [
  'after',
  'limit',
  'wait',
  'log',
  'tag',
  'revision',
  'protocol',
  'graphId',
  'graphs',
  'x',
];
const QUERY_VALUES = [
  '',
  '-1',
  '0',
  '5',
  '1',
  '-0',
  '1.5',
  '1e3',
  '9007199254740992',
  '99999999999999999',
  'NaN',
  ' 1',
  '0x1',
  '+1',
  'g',
  'all',
];
/** What names a list, rightly or not, as a part of a query. */
const LIST_NAMES = [
  'graphId=g',
  'graphId=h',
  'graphId=none',
  'graphs=all',
  'graphs=all',
  'graphId=all',
  'graphs=all&graphId=g',
  'graphId=g&graphs=all',
  'graphs=All',
  'graphs=',
  'graphs=g',
  'graphs=all&graphs=none',
];
const HEADER_TEXTS = [
  '',
  'x',
  '"k"',
  'a'.repeat(600),
  'é',
  '"',
  '""',
  '-1',
  '5',
  '00',
  '9007199254740993',
  '*/*',
  'text/event-stream',
  'text/event-stream;q=0',
  'a/b;q=x',
  ',;,;=',
  'text/*;q=0.1, */*;q=0',
];
const CONTENT_TYPES = ['text/plain', 'application/json;', 'a+json', '', 'application/JSON ; x'];
const ORIGINS = ['http://localhost:1', 'null', 'x', 'http://evil', 'http://[', 'http://localhost:99999'];
const CREDENTIALS = ['Bearer x', 'Bearer', 'Basic a', 'bearer  y ', `Bearer ${'x'.repeat(5000)}`];
const LENGTHS = ['0', '-1', '99999999999', 'x', '1e9'];

const RANGES = [
  'bytes=0-',
  'bytes=5-',
  'bytes=99999999-',
  'bytes=-1',
  'bytes=5-2',
  'bytes=1-2,3-',
  'x',
  'bytes=1e3-',
];

/** Makes one request of any kind. Its values depend on the random numbers and on the subjects alone. */
export function anyRequest(random: SeededRandom, subjects: RequestSubjects): HostileRequest {
  const session = subjects.session(random.number());
  const sessionId = random.chance(0.9) ? session : 'x';
  const common = { headers: anyHeaders(random), frames: random.below(4), isGivenUp: false };
  switch (random.below(15)) {
    case 0:
    case 1:
    case 2:
      return post('create', `/new${anyQuery(random)}`, anyCreation(random));
    case 3:
      return get('stream', `/${anySegment(random, sessionId)}${anyStreamQuery(random)}`);
    case 4:
      return {
        ...get('events', `/${anySegment(random, sessionId)}/events${anyQuery(random)}`),
        isGivenUp: true,
      };
    case 5:
      if (random.chance(0.3))
        return get('export', `/${anySegment(random, sessionId)}/export${anyQuery(random)}`);
      return get('status', `/${anySegment(random, sessionId)}/status${anyQuery(random)}`);
    case 6:
    case 7:
      return anyAnswer();
    case 8:
      return post('cancel', `/${anySegment(random, sessionId)}:cancel`, { reason: anyValue(random) });
    case 9:
      return post('rerun', `/${anySegment(random, sessionId)}:rerun`, anyRerun(random));
    case 10:
      return { ...post('label', `/${anySegment(random, sessionId)}`, anyLabels(random)), method: 'PATCH' };
    case 11:
      if (random.chance(0.3))
        return { ...get('delete', `/${anySegment(random, sessionId)}`), method: 'DELETE' };
      return get('monitor', random.chance(0.7) ? `?${random.pick(LIST_NAMES)}&protocol=1` : anyQuery(random));
    case 12:
      return get('event', `/${anySegment(random, sessionId)}/events/${anyIndex(random)}${anyQuery(random)}`);
    case 13:
      if (random.chance(0.2)) return post('deleteMany', `/:delete${anyQuery(random)}`, anyDeletion());
      return { ...get('listPage', `/:list${anyListQuery(random, subjects)}`), isGivenUp: true };
    default:
      return anyOddRequest();
  }

  function get(kind: RequestKind, target: string): HostileRequest {
    return { ...common, kind, method: 'GET', target };
  }

  function post(kind: RequestKind, target: string, body: JsonObject): HostileRequest {
    return { ...common, kind, method: 'POST', target, body: anyBody(random, body) };
  }

  function anyAnswer(): HostileRequest {
    const question = subjects.question(random.number());
    const isKnown = random.chance(0.8);
    const about = isKnown ? question : { sessionId, interactionId: random.pick(HOSTILE_TEXTS) };
    return post('resume', `/${anySegment(random, about.sessionId)}:resume`, {
      interactionId: random.chance(0.9) ? about.interactionId : anyValue(random),
      response: anyResponse(random),
    });
  }

  function anyDeletion(): JsonObject {
    const known = random.list(4, () => subjects.session(random.number()));
    const some: readonly JsonValue[] = [...known, sessionId, random.pick(HOSTILE_TEXTS), anyValue(random)];
    const many = Array.from({ length: 1001 }, () => sessionId);
    const sessionIds = random.pick<JsonValue>([known, known, [...known, sessionId, sessionId], some, many]);
    return { sessionIds: random.chance(0.95) ? sessionIds : anyValue(random) };
  }

  function anyOddRequest(): HostileRequest {
    const method = random.pick(ODD_METHODS);
    const target = random.pick(oddTargets(sessionId)) + anyQuery(random);
    const body = anyBody(random, {});
    const hasBody = random.chance(0.3) && method !== 'GET' && method !== 'HEAD';
    return { ...common, kind: 'odd', method, target, ...(hasBody ? { body } : {}) };
  }
}

function oddTargets(sessionId: string): readonly string[] {
  return [
    '/',
    '//',
    '/new/',
    '/%00',
    '/%',
    '/%ff',
    '/..%2f..%2f',
    '/:cancel',
    '/new:cancel',
    '/new/status',
    `/${sessionId}/`,
    `/${sessionId}/x`,
    `/${sessionId}/events/`,
    `/${sessionId}/events/0/0`,
    '/:list',
    '/:delete',
    '/:list/events',
    '/:',
    `/${sessionId}:`,
    `/${sessionId}:__proto__`,
    `/${sessionId}:constructor`,
    `/${sessionId}/constructor`,
    `/${sessionId}%2fstatus`,
    `/${'a'.repeat(8000)}`,
  ];
}

function anySegment(random: SeededRandom, text: string): string {
  const other = random.pick(HOSTILE_TEXTS);
  if (random.chance(0.8)) return text;
  // A lone surrogate cannot be encoded; bytes that are no UTF-8 stand for it.
  return /\p{Surrogate}/u.test(other) ? '%ED%A0%80' : encodeURIComponent(other);
}

function anyQuery(random: SeededRandom): string {
  const pairs = random.list(4, () => {
    const value = encodeURIComponent(random.pick(QUERY_VALUES));
    return `${random.pick(QUERY_NAMES)}=${random.chance(0.05) ? `%${value}` : value}`;
  });
  return random.chance(0.6) || pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

function anyStreamQuery(random: SeededRandom): string {
  const query = anyQuery(random);
  return random.chance(0.7) ? '?protocol=1' : query;
}

function anyListQuery(random: SeededRandom, subjects: RequestSubjects): string {
  const name = random.pick(LIST_NAMES);
  const wait = random.pick(['', '&wait=5', '&wait=30', '&wait=x']);
  const known = subjects.list(random.number());
  const other = random.pick([known.tag, known.tag, 'other', '', '%00']);
  const revision = random.pick([known.revision, known.revision, '0', '1', '', '-1']);
  const query = anyQuery(random);
  const kind = random.number();
  if (kind < 0.3) return `?${known.name}&revision=${known.revision}&tag=${known.tag}${wait}`;
  if (kind < 0.5) return `?${name}&revision=${revision}&tag=${other}${wait}`;
  return kind < 0.85 ? `?${name}${wait}` : query;
}

function anyIndex(random: SeededRandom): string {
  const index = random.pick(['0', '1', '2', '5', '100']);
  const other = random.pick([...QUERY_VALUES, '00', '-0', '%30', '1/2', '__proto__']);
  return random.chance(0.8) ? index : encodeURIComponent(other);
}

function anyHeaders(random: SeededRandom): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  const set = (name: string, probability: number, values: readonly string[]): void => {
    const value = random.pick(values);
    if (random.chance(probability)) headers[name] = value;
  };
  set('Content-Type', 0.95, ['application/json']);
  set('Content-Type', 0.05, CONTENT_TYPES);
  set('Last-Event-ID', 0.15, HEADER_TEXTS);
  set('Accept', 0.15, HEADER_TEXTS);
  set('Idempotency-Key', 0.1, HEADER_TEXTS);
  set('Origin', 0.1, ORIGINS);
  set('Authorization', 0.05, CREDENTIALS);
  set('Content-Length', 0.03, LENGTHS);
  set('Range', 0.1, RANGES);
  return headers;
}

function anyCreation(random: SeededRandom): JsonObject {
  return {
    graphId: random.chance(0.97) ? random.pick(['g', 'h']) : anyValue(random),
    graph: random.chance(0.98) ? anyGraph(random) : anyValue(random),
    ...(random.chance(0.3) ? { mode: random.pick(['headless', 'interactive', 'interactive', 'x']) } : {}),
    ...(random.chance(0.2) ? { inputs: anyInputs(random) } : {}),
    ...(random.chance(0.05) ? { accessToken: anyValue(random) } : {}),
  };
}

function anyInputs(random: SeededRandom): JsonValue {
  if (random.chance(0.2)) return anyValue(random);
  return objectOf(['n0', '__proto__', 'constructor'].map((name) => [name, anyContent(random)]));
}

function anyResponse(random: SeededRandom): JsonValue {
  const value = anyValue(random);
  const content = anyContent(random);
  return random.pick<JsonValue>([
    { input: content },
    { input: content },
    { request: content },
    { selected: { ids: value } },
    { selected: { ids: ['a'] } },
    { consent: true },
    { consent: value },
    value,
  ]);
}

function anyRerun(random: SeededRandom): JsonObject {
  const from = random.pick<JsonValue>(['failed', 'a', 'b', random.pick(HOSTILE_TEXTS), anyValue(random)]);
  const input = random.pick<JsonValue>([{ parts: [{ text: random.pick(HOSTILE_TEXTS) }] }, anyValue(random)]);
  return {
    ...(random.chance(0.6) ? { from } : {}),
    ...(random.chance(0.4) ? { inputs: objectOf([[random.pick(['a', 'b', ...HOSTILE_TEXTS]), input]]) } : {}),
  };
}

function anyLabels(random: SeededRandom): JsonObject {
  const title = random.chance(0.8) ? random.pick(HOSTILE_TEXTS) : anyValue(random);
  const pinned = random.pick<JsonValue>([true, false, anyValue(random)]);
  return {
    ...(random.chance(0.7) ? { title } : {}),
    ...(random.chance(0.5) ? { pinned } : {}),
  };
}

const BROKEN_BODIES = ['', 'null', '[]', '"x"', '1', 'NaN', '{', '{"a":1e999}', '{"a":-0}', '\0'];

/** The bytes of a body: mostly its JSON, else JSON that is cut, doubled, nested, poisoned or none. */
function anyBody(random: SeededRandom, good: JsonObject): string | Uint8Array<ArrayBuffer> {
  const text = JSON.stringify(good);
  const more = objectOf([[random.pick(HOSTILE_TEXTS), anyValue(random)]]);
  const position = random.below(text.length);
  const broken = random.pick(BROKEN_BODIES);
  const depth = random.pick([70, 1000, 20_000]);
  const kind = random.number();
  if (kind < 0.76) return text;
  if (kind < 0.8) return text.slice(0, position);
  if (kind < 0.82)
    return withMembers(text, '"interactionId":"a","interactionId":"b","graphId":"x","graphId":"y"');
  if (kind < 0.84)
    return withMembers(text, '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}');
  if (kind < 0.86) return new Uint8Array([0xff, 0xfe, 0xc0, 0x80, ...new TextEncoder().encode(text)]);
  if (kind < 0.88) return `\ufeff${text}`;
  if (kind < 0.9)
    return `{"response":${nested(depth)},"graph":${nested(100)},"graphId":"g","interactionId":"x"}`;
  if (kind < 0.92) return nested(5000, '{"a":', '1', '}');
  if (kind < 0.94) return text.replaceAll('"', "'");
  if (kind < 0.97) return JSON.stringify({ ...good, ...more });
  return broken;
}

function withMembers(json: string, members: string): string {
  return json === '{}' ? `{${members}}` : `{${members},${json.slice(1)}`;
}
