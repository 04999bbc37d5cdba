import { parseEvent, type GraphRunEvent } from '../../protocol/events.js';
import { isJsonObject, isText, parseJson } from '../../protocol/json.js';
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

/**
 * Requests one event, whose address is `path`, in as many pieces as a bad line makes of it: each request continues at the first
 * missing byte. Never rejects.
 */
export async function fetchLargeEvent(
  http: HttpClient,
  environment: Environment,
  path: string,
  index: number,
  signal: AbortSignal,
): Promise<LargeEvent> {
  const received: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  let total: number | undefined;
  let hasAnswered = false;
  for (let empty = 0; empty < EMPTY_PIECES && !signal.aborted;) {
    const before = bytes;
    const isWhole = await readPiece(http, environment, path, bytes, signal, {
      onAnswer(response) {
        hasAnswered = true;
        total ??= response.ok ? sizeOf(response) : undefined;
      },
      onBytes(piece) {
        received.push(piece);
        bytes += piece.byteLength;
      },
    });
    if (isWhole === undefined) return { kind: 'unavailable' };
    const event = isWhole ? await eventOf(received, index) : undefined;
    if (event !== undefined) return { kind: 'event', event };
    empty = bytes > before ? 0 : empty + 1;
  }
  return hasAnswered ? { kind: 'stuck', error: stuckError(index, total) } : { kind: 'unavailable' };
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

interface PieceReader {
  onAnswer(response: Response): void;
  onBytes(piece: Uint8Array<ArrayBuffer>): void;
}

/**
 * Reads from byte `from` on. Resolves with true at the end of the response, false when it was cut off, undefined when
 * the server does not give the piece.
 */
async function readPiece(
  http: HttpClient,
  environment: Environment,
  path: string,
  from: number,
  signal: AbortSignal,
  { onAnswer, onBytes }: PieceReader,
): Promise<boolean | undefined> {
  const deadline = new AbortController();
  let cancel = environment.setTimer(() => deadline.abort(), PIECE_DEADLINE_MS);
  try {
    const response = await http.openPiece(path, from, AbortSignal.any([signal, deadline.signal]));
    onAnswer(response);
    if (response.status !== (from === 0 ? 200 : 206) || response.body === null) {
      await response.body?.cancel();
      return response.status >= 500 ? false : undefined;
    }
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return true;
      onBytes(value);
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
