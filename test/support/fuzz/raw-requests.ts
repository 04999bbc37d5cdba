import type { SeededRandom } from './seeded-random.js';

const BASE = '/v1beta1/graphSessions';
const HOST = 'Host: localhost\r\n';
const JSON_TYPE = 'Content-Type: application/json\r\n';
const CLOSE = 'Connection: close\r\n';
const CANCEL = `POST ${BASE}/x:cancel HTTP/1.1\r\n${HOST}${JSON_TYPE}`;
const STATUS = `GET ${BASE}/x/status HTTP/1.1\r\n`;
const HEALTH = `GET /healthz HTTP/1.1\r\n${HOST}${CLOSE}\r\n`;

/** Bytes that a server may get, as Latin-1, and the statuses that it may answer, in the order of the answers. */
export interface RawCase {
  readonly bytes: string;
  /** None: the connection is closed without an answer. */
  readonly statuses: readonly number[];
  /** What newer versions of Node answer before they call us. */
  readonly newer?: readonly number[];
}

/** Framing that lies, contradicts itself or is not HTTP, and forms that are odd but allowed. */
export const RAW_CASES: Readonly<Record<string, RawCase>> = {
  'a length beyond the body': { bytes: `${CANCEL}Content-Length: 50\r\n\r\n{}`, statuses: [404] },
  'a length and chunks': {
    bytes: `${CANCEL}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${HEALTH}`,
    statuses: [400],
  },
  'an encoding after chunked': {
    bytes: `${CANCEL}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${HEALTH}`,
    statuses: [400],
  },
  'an unknown encoding': {
    bytes: `${CANCEL}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${HEALTH}`,
    statuses: [400],
  },
  'a space before the colon': {
    bytes: `${CANCEL}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${HEALTH}`,
    statuses: [400],
  },
  'two lengths': {
    bytes: `${CANCEL}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x${HEALTH}`,
    statuses: [400],
  },
  'a length with a sign': { bytes: `${CANCEL}Content-Length: +2\r\n\r\n{}${HEALTH}`, statuses: [400] },
  'a length that no number holds': {
    bytes: `${CANCEL}Content-Length: 99999999999999999999\r\n\r\n{}`,
    statuses: [400],
  },
  'a chunk size that no number holds': {
    bytes: `${CANCEL}Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n`,
    statuses: [400],
  },
  'a chunk extension of 20 kB': {
    bytes: `${CANCEL}Transfer-Encoding: chunked\r\n\r\n2;${'a'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`,
    statuses: [413],
  },
  'lines that end with LF alone': { bytes: 'GET /healthz HTTP/1.1\nHost: localhost\n\n', statuses: [400] },
  'a header that continues in the next line': {
    bytes: `${STATUS}${HOST}X: a\r\n b\r\n${CLOSE}\r\n`,
    statuses: [400],
  },
  'NUL in a header': { bytes: `${STATUS}${HOST}X: a\0b\r\n\r\n`, statuses: [400] },
  'Latin-1 in a header': { bytes: `${STATUS}${HOST}X: \xe9\xff\r\n${CLOSE}\r\n`, statuses: [404] },
  'a header name that is none': { bytes: `${STATUS}${HOST}{}: a\r\n\r\n`, statuses: [400] },
  'headers of 20 kB': { bytes: `${STATUS}${HOST}X: ${'a'.repeat(20_000)}\r\n\r\n`, statuses: [431] },
  '3000 headers': {
    bytes: `${STATUS}${HOST}${'a:\r\n'.repeat(3000)}${CLOSE}\r\n`,
    statuses: [404],
    newer: [431],
  },
  'no Host': { bytes: `${STATUS}${CLOSE}\r\n`, statuses: [400] },
  'a Host that is none': { bytes: `${STATUS}Host: a b/?#@[\r\n${CLOSE}\r\n`, statuses: [400] },
  'a foreign Host': { bytes: `${STATUS}Host: evil.example\r\n${CLOSE}\r\n`, statuses: [403] },
  'an upgrade to WebSocket': {
    bytes: `${STATUS}${HOST}Connection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n`,
    statuses: [404],
  },
  'an upgrade to HTTP/2': {
    bytes: `${STATUS}${HOST}Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAA\r\n\r\n`,
    statuses: [404],
  },
  'an expectation of 100': {
    bytes: `${CANCEL}Expect: 100-continue\r\nContent-Length: 2\r\n${CLOSE}\r\n{}`,
    statuses: [100, 404],
  },
  'an expectation of nonsense': {
    bytes: `${CANCEL}Expect: nonsense\r\nContent-Length: 2\r\n${CLOSE}\r\n{}`,
    statuses: [417],
  },
  'GET with a body': {
    bytes: `${STATUS}${HOST}Content-Length: 2\r\n\r\n{}${HEALTH}`,
    statuses: [404, 200],
  },
  CONNECT: { bytes: `CONNECT localhost:80 HTTP/1.1\r\n${HOST}\r\n`, statuses: [405] },
  'CONNECT while a request is answered': {
    bytes: `${STATUS}${HOST}\r\nCONNECT localhost:80 HTTP/1.1\r\n${HOST}\r\n`,
    statuses: [],
  },
  TRACE: { bytes: `TRACE ${BASE} HTTP/1.1\r\n${HOST}${CLOSE}\r\n`, statuses: [405] },
  'OPTIONS of everything': { bytes: `OPTIONS * HTTP/1.1\r\n${HOST}${CLOSE}\r\n`, statuses: [204] },
  'a method in mixed case': { bytes: `GeT /healthz HTTP/1.1\r\n${HOST}${CLOSE}\r\n`, statuses: [405] },
  'the preface of HTTP/2': { bytes: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', statuses: [400] },
  'a version from the future': { bytes: `GET /healthz HTTP/9.9\r\n${HOST}\r\n`, statuses: [400] },
  'a TLS hello': { bytes: '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', statuses: [400] },
  'a target with two slashes': {
    bytes: `GET //evil.example${BASE}/x/status HTTP/1.1\r\n${HOST}${CLOSE}\r\n`,
    statuses: [404],
  },
  'a target that leads upwards': {
    bytes: `GET ${BASE}/../../x HTTP/1.1\r\n${HOST}${CLOSE}\r\n`,
    statuses: [404],
  },
  'a target with backslashes': {
    bytes: `GET ${BASE}\\x\\status HTTP/1.1\r\n${HOST}${CLOSE}\r\n`,
    statuses: [400],
  },
  'a body that is no UTF-8': {
    bytes: `${CANCEL}Content-Length: 8\r\n${CLOSE}\r\n{"\xff\xfe":1}`,
    statuses: [404],
  },
  'a target with scheme and host': {
    bytes: `GET http://localhost${BASE}/x/status HTTP/1.1\r\n${HOST}${CLOSE}\r\n`,
    statuses: [404],
  },
  'two Hosts': { bytes: `${STATUS}${HOST}${HOST}${CLOSE}\r\n`, statuses: [400] },
  HEAD: { bytes: `HEAD ${BASE}/x/status HTTP/1.1\r\n${HOST}${CLOSE}\r\n`, statuses: [404] },
  'a body that is compressed': {
    bytes: `${CANCEL}Content-Encoding: gzip\r\nContent-Length: 2\r\n${CLOSE}\r\n{}`,
    statuses: [415],
  },
  '200 requests at once': {
    bytes: `${STATUS}${HOST}\r\n`.repeat(199) + `${STATUS}${HOST}${CLOSE}\r\n`,
    statuses: Array.from({ length: 200 }, () => 404),
  },
};

const WELL_FORMED: readonly string[] = [
  `${CANCEL}Content-Length: 12\r\n${CLOSE}\r\n{"reason":1}`,
  `${CANCEL}Transfer-Encoding: chunked\r\n${CLOSE}\r\n5\r\n{"rea\r\n7\r\nson":1}\r\n0\r\nTrailer: x\r\n\r\n`,
  `${STATUS}${HOST}Accept: */*\r\nOrigin: http://localhost:1\r\n${CLOSE}\r\n`,
  `GET ${BASE}?graphId=g&protocol=1 HTTP/1.1\r\n${HOST}Last-Event-ID: 3\r\n${CLOSE}\r\n`,
  `GET http://localhost${BASE}/x?protocol=1&after=-1 HTTP/1.1\r\n${HOST}${CLOSE}\r\n`,
  `OPTIONS ${BASE}/new HTTP/1.1\r\n${HOST}Origin: http://localhost:1\r\nAccess-Control-Request-Method: POST\r\n${CLOSE}\r\n`,
  `OPTIONS * HTTP/1.1\r\n${HOST}${CLOSE}\r\n`,
  `HEAD ${BASE}?graphId=g&protocol=1 HTTP/1.1\r\n${HOST}${CLOSE}\r\n`,
  `TRACE ${BASE}/x HTTP/1.1\r\n${HOST}${CLOSE}\r\n`,
  `CONNECT localhost:80 HTTP/1.1\r\n${HOST}\r\n`,
  `GET ${BASE}/x/status HTTP/1.0\r\n${CLOSE}\r\n`,
  `DELETE ${BASE}/x HTTP/1.1\r\n${HOST}Authorization: Bearer x\r\n${CLOSE}\r\n`,
  `GET ${BASE}/:list?graphId=g&revision=1 HTTP/1.1\r\n${HOST}${CLOSE}\r\n`,
  `GET ${BASE}/x/events/0 HTTP/1.1\r\n${HOST}Range: bytes=0-\r\n${CLOSE}\r\n`,
  `POST ${BASE}/:delete HTTP/1.1\r\n${HOST}${JSON_TYPE}Content-Length: 20\r\n${CLOSE}\r\n{"sessionIds":["x"]}`,
  HEALTH,
];
/** Pieces that mean something to a parser of HTTP. */
const PIECES = [
  '\r\n',
  '\r\n\r\n',
  '\n',
  '\r',
  '\0',
  ' ',
  '\t',
  ':',
  '%',
  '#',
  '?',
  '@',
  '[',
  '\\',
  '\xff',
  'Content-Length: 5\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Host: x\r\n',
  'Host: localhost/v1beta1/graphSessions/new?\r\n',
  'http://localhost',
  'HEAD ',
  'Content-Encoding: gzip\r\n',
  'Expect: 100-continue\r\n',
  'Connection: upgrade\r\nUpgrade: x\r\n',
  '0\r\n\r\n',
  'FFFFFFFF\r\n',
  'a'.repeat(17_000),
];

/** One or two requests of the protocol as Latin-1, changed in a few places: bytes replaced, added, or the rest cut off. */
export function mutatedRequest(random: SeededRandom): string {
  let bytes = random.pick(WELL_FORMED);
  if (random.chance(0.2)) bytes = bytes.replace(CLOSE, '') + random.pick(WELL_FORMED);
  for (let changes = 1 + random.below(4); changes > 0; changes -= 1) {
    const at = random.below(bytes.length + 1);
    const kind = random.number();
    const piece = kind < 0.5 ? String.fromCharCode(random.below(256)) : random.pick(PIECES);
    const end = random.chance(0.5) ? at : at + 1;
    bytes = kind > 0.9 ? bytes.slice(0, at) : bytes.slice(0, at) + piece + bytes.slice(end);
  }
  return bytes;
}

/** The bytes in pieces, as they might come in packets. */
export function cut(random: SeededRandom, bytes: string): readonly string[] {
  const pieces: string[] = [];
  for (let rest = bytes; rest !== '';) {
    const length = random.chance(0.7) ? rest.length : 1 + random.below(rest.length);
    pieces.push(rest.slice(0, length));
    rest = rest.slice(length);
  }
  return pieces;
}
