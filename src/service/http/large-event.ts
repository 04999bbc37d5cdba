import { parseEvent, type GraphRunEvent } from '../../protocol/events.js';
import { isETagOfLog } from '../../protocol/stream/event-etag.js';
import { isJsonObject, isText, parseJson } from '../../protocol/values/json.js';
import { GraphRunError } from '../../protocol/problems.js';
import type { Environment } from './environment.js';
import type { HttpClient } from './http-client.js';

/** Attempts in a row that end before the event at their cursor has arrived, after which it is requested in pieces. */
const STUCK_ATTEMPTS = 3;
/** Pieces in a row without a byte, after which the stream is tried again. */
const EMPTY_PIECES = 3;
/** The longest silence of a piece. */
const PIECE_DEADLINE_MS = 20_000;

/** Notices that one event does not get through: attempt after attempt ends before the event after the cursor. */
export class StuckCursor {
  #after: number | undefined;
  #count = 0;
  /** Attempts before the next one is requested in pieces: where one event was too large, the next may be. */
  #limit = STUCK_ATTEMPTS;

  /** Notes the end of an attempt with a cursor; `isEventDue`: the server has more events after it. */
  note(after: number, isEventDue: boolean): void {
    this.#count = isEventDue ? (after === this.#after ? this.#count + 1 : 1) : 0;
    this.#after = after;
  }

  /** True when the event after the cursor is to be requested in pieces. */
  get isStuck(): boolean {
    return this.#count >= this.#limit;
  }

  /** Notes that an event came in pieces. */
  noteFetched(): void {
    this.#count = 0;
    this.#limit = 1;
  }
}

/** Code of the error that says that an event does not get through. Its members: `index` and, where known, `bytes`. */
export const EVENT_STUCK = 'event-stuck';

/** An event that came in pieces, or the reason why it did not. */
export type LargeEvent =
  | { readonly kind: 'event'; readonly event: GraphRunEvent }
  /** The server answers, but the line lets no byte of the answer through. */
  | { readonly kind: 'stuck'; readonly error: GraphRunError }
  /** The server is out of reach, or has no such route. */
  | { readonly kind: 'unavailable' };

/** The event to request. */
export interface LargeEventRequest {
  /** Its address. */
  readonly path: string;
  readonly index: number;
  /** Its log; undefined while that is not known. */
  readonly logId: string | undefined;
}

/**
 * Requests one event in as many pieces as a bad line makes of it: each request continues at the first missing byte, or
 * starts over when the server has another event there by now. Never rejects.
 */
export async function fetchLargeEvent(
  http: HttpClient,
  environment: Environment,
  request: LargeEventRequest,
  signal: AbortSignal,
): Promise<LargeEvent> {
  const { index, logId } = request;
  const received = new ReceivedPieces(logId);
  let mostBytes = 0;
  for (let empty = 0; empty < EMPTY_PIECES && !signal.aborted;) {
    const isWhole = await readPiece(http, environment, request.path, received, signal);
    if (isWhole === undefined) return { kind: 'unavailable' };
    const event = isWhole ? await eventOf(received.pieces, index) : undefined;
    if (event !== undefined) return { kind: 'event', event };
    empty = received.bytes > mostBytes ? 0 : empty + 1;
    mostBytes = Math.max(mostBytes, received.bytes);
  }
  return received.hasAnswered
    ? { kind: 'stuck', error: stuckError(index, received.total) }
    : { kind: 'unavailable' };
}

/** The bytes of one event that have arrived. */
class ReceivedPieces {
  pieces: Uint8Array<ArrayBuffer>[] = [];
  bytes = 0;
  /** The tag of the event whose bytes these are. */
  etag: string | undefined;
  /** Bytes of the whole event, once known. */
  total: number | undefined;
  hasAnswered = false;
  readonly #logId: string | undefined;

  constructor(logId: string | undefined) {
    this.#logId = logId;
  }

  /** Takes the head of an answer to a request from `bytes` on. False when its body is none of this event. */
  begin(response: Response): boolean {
    const etag = response.headers.get('etag') ?? undefined;
    const isOther = etag !== undefined && this.#logId !== undefined && !isETagOfLog(etag, this.#logId);
    if (isOther) return false;
    this.hasAnswered = true;
    if (response.status === 200) {
      this.pieces = [];
      this.bytes = 0;
      this.total = undefined;
    } else if (response.status !== 206 || this.bytes === 0 || etag !== this.etag) return false;
    this.etag = etag;
    this.total ??= sizeOf(response);
    return true;
  }

  add(piece: Uint8Array<ArrayBuffer>): void {
    this.pieces.push(piece);
    this.bytes += piece.byteLength;
  }
}

function stuckError(index: number, bytes: number | undefined): GraphRunError {
  const size = bytes === undefined ? '' : ` of ${bytes} bytes`;
  return new GraphRunError(EVENT_STUCK, `Event ${index}${size} does not get through.`, {
    members: { index, ...(bytes === undefined ? {} : { bytes }) },
  });
}

/** The size of the whole event, in bytes; undefined where the response does not say it. */
function sizeOf({ status, headers }: Response): number | undefined {
  const text =
    status === 206
      ? /\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1]
      : (headers.get('content-length') ?? undefined);
  // The length of a compressed response is another one.
  if (text === undefined || headers.has('content-encoding') || !/^\d{1,15}$/.test(text)) return undefined;
  return Number(text);
}

/**
 * Reads what is missing. Resolves with true at the end of the response, false when it was cut off or not of this event,
 * undefined when the server does not give the piece.
 */
async function readPiece(
  http: HttpClient,
  environment: Environment,
  path: string,
  received: ReceivedPieces,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  const deadline = new AbortController();
  let cancel = environment.setTimer(() => deadline.abort(), PIECE_DEADLINE_MS);
  try {
    const { bytes: from, etag } = received;
    const response = await http.openPiece(path, { from, etag }, AbortSignal.any([signal, deadline.signal]));
    if (!received.begin(response) || response.body === null) {
      await response.body?.cancel();
      return response.ok || response.status >= 500 ? false : undefined;
    }
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return true;
      received.add(value);
      cancel();
      cancel = environment.setTimer(() => deadline.abort(), PIECE_DEADLINE_MS);
    }
  } catch {
    // Cut off: the next piece continues here.
    return false;
  } finally {
    cancel();
    deadline.abort();
  }
}

async function eventOf(
  received: readonly Uint8Array<ArrayBuffer>[],
  index: number,
): Promise<GraphRunEvent | undefined> {
  const value = parseJson(await new Blob([...received]).text());
  // A proxy may end a response early without an error.
  return isJsonObject(value) && value['index'] === index && isText(value['type'])
    ? parseEvent(value)
    : undefined;
}
