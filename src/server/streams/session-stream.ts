import { PROTOCOL_VERSION } from '../../protocol/stream/features.js';
import type { PendingInput } from '../../protocol/stream/session-frames.js';
import { isJsonObject, parseJson } from '../../protocol/values/json.js';
import { encodeFrame } from '../../protocol/stream/sse.js';
import type { StreamControl } from './open-streams.js';
import type { Session } from '../sessions/session.js';
import { StoreUnavailableError, type LoggedEvent } from '../store/session-store.js';
import { retryDelayMs, type RetryDelays } from '../scheduling/retry-delay.js';
import type { SessionManager } from '../sessions/session-manager.js';
import { StreamDeadlines } from './stream-deadlines.js';
import { byeFrame, heartbeatFrame, inChunks, loggedFrame } from './stream-frames.js';

/** Delays between attempts to read while the store cannot be used. */
const READ_DELAYS: RetryDelays = { minMs: 50, maxMs: 1000 };

/** One connection to a session. */
export interface SessionStreamOptions {
  readonly sessions: SessionManager;
  readonly session: Session;
  readonly control: StreamControl;
  /** Index of the newest event that the client has; -1: none. */
  readonly after: number;
  /** Expiry of the client's credential, in milliseconds since 1970. */
  readonly authExpiresMs?: number;
  /** For clients older than version 1: a replayed question that is no longer open is sent as `inputAnswered`. */
  readonly isInputAnsweredOn: boolean;
  /** For clients older than version 1: ends the stream `promptCloseMs` after it has sent a question. */
  readonly isPromptCloseOn: boolean;
}

/**
 * Yields the frames of a connection to a session: replay, marker, then live until the session ends, the
 * server sends `bye`, or the reader has gone. It is a cursor over the log: however slow a reader is, nothing is
 * held for it except the page that is being written.
 */
export async function* sessionStream(options: SessionStreamOptions): AsyncGenerator<string, void, undefined> {
  const { session, control } = options;
  session.watch(control.wakeup);
  try {
    yield* new SessionStream(options).frames();
  } finally {
    session.unwatch(control.wakeup);
  }
}

class SessionStream {
  readonly #options: SessionStreamOptions;
  readonly #session: Session;
  readonly #deadlines: StreamDeadlines;
  /** Index of the last event of the replay: the newest one when the request was admitted. */
  readonly #boundary: number;
  #cursor: number;
  #hasMarker = false;
  #hasPrompt = false;
  /** Failed attempts to read since the last one that succeeded. */
  #failures = 0;

  constructor(options: SessionStreamOptions) {
    const { session, sessions, control, after, authExpiresMs } = options;
    this.#options = options;
    this.#session = session;
    this.#deadlines = new StreamDeadlines(control, sessions.limits, authExpiresMs);
    this.#boundary = session.lastIndex;
    this.#cursor = after;
  }

  async *frames(): AsyncGenerator<string, void, undefined> {
    try {
      yield* this.#frames();
    } catch (error) {
      // Its log was erased while it was read: there is nothing more to send.
      if (!this.#session.isDeleted) throw error;
    }
  }

  async *#frames(): AsyncGenerator<string, void, undefined> {
    yield this.#start();
    for (;;) {
      const { control } = this.#options;
      const bye = this.#deadlines.bye;
      if (control.isGone) return;
      if (bye !== undefined) {
        yield byeFrame(bye);
        return;
      }
      const isAtMarker = !this.#hasMarker && this.#cursor >= this.#boundary;
      if (isAtMarker || this.#cursor < this.#session.lastIndex) {
        const frames = await this.#whenReadable(() => (isAtMarker ? this.#marker() : this.#readPage()));
        if (frames === undefined) {
          await this.#deadlines.sleep(retryDelayMs(this.#failures, READ_DELAYS));
          if (!this.#deadlines.isHeartbeatDue) continue;
          yield heartbeatFrame(this.#options.sessions.now());
        } else {
          yield* inChunks(frames, this.#options.sessions.limits.chunkBytes);
        }
      } else if (this.#session.hasEnded) {
        yield encodeFrame({
          event: 'done',
          data: { status: this.#session.status, lastIndex: this.#session.lastIndex },
        });
        return;
      } else if (this.#session.isDeleted) {
        // Another process has deleted it, and how it ended is not known here.
        return;
      } else if (this.#deadlines.isHeartbeatDue) {
        yield heartbeatFrame(this.#options.sessions.now());
      } else {
        await this.#deadlines.sleep();
        continue;
      }
      this.#deadlines.wrote();
    }
  }

  #start(): string {
    const { sessionId, record, status } = this.#session;
    const { sessions } = this.#options;
    const { features, limits } = sessions;
    const { retryMs, heartbeatMs } = limits;
    return encodeFrame({
      retryMs,
      event: 'start',
      data: {
        sessionId,
        graphId: record.graphId,
        protocol: PROTOCOL_VERSION,
        features,
        logId: record.logId,
        after: this.#cursor,
        firstIndex: 0,
        lastIndex: this.#boundary,
        status,
        heartbeatMs,
        ts: sessions.now(),
      },
    });
  }

  /** Reads; resolves with undefined while the store cannot be used: its writer reports that. */
  async #whenReadable<Result>(read: () => Promise<Result>): Promise<Result | undefined> {
    try {
      const result = await read();
      this.#failures = 0;
      return result;
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      this.#failures += 1;
      return undefined;
    }
  }

  /** Reads the next page and returns its frames. */
  async #readPage(): Promise<readonly string[]> {
    const { sessions, isInputAnsweredOn } = this.#options;
    // The replay stops exactly at the boundary, so that the marker comes right after it.
    const through = this.#hasMarker ? this.#session.lastIndex : this.#boundary;
    const page = await sessions.readPage(this.#session, this.#cursor, through);
    const hasPrompt = page.some(({ type }) => type === 'inputRequired');
    const open = hasPrompt && !this.#hasMarker && isInputAnsweredOn ? await this.#openQuestions() : undefined;
    // After the last read: a page that fails is read again.
    this.#cursor = page.at(-1)?.index ?? this.#cursor;
    if (!hasPrompt) return page.map(loggedFrame);
    const frames = page.map((event) => loggedFrame(open === undefined ? event : asAnswered(event, open)));
    if (open === undefined || page.some((event) => isOpenPrompt(event, open))) this.#sawPrompt();
    return frames;
  }

  /** Returns the open questions from before the cursor, then the marker; both as of now. */
  async #marker(): Promise<readonly string[]> {
    const { sessions, after } = this.#options;
    const pending = await this.#openQuestions();
    const { status } = this.#session;
    const frames: string[] = [];
    for (const { index } of pending) {
      if (index > after) continue;
      const [event] = await sessions.readPage(this.#session, index - 1, index);
      const data = event === undefined ? undefined : parseJson(event.json);
      if (!isJsonObject(data)) continue;
      frames.push(encodeFrame({ event: 'event', data: { ...data, redelivered: true } }));
    }
    frames.push(
      encodeFrame({
        event: 'event',
        data: { type: 'replayComplete', lastIndex: this.#boundary, status, pending },
      }),
    );
    this.#hasMarker = true;
    // More than the marker: a question was sent again.
    this.#hasPrompt ||= frames.length > 1;
    if (this.#hasPrompt) this.#closeAfterPrompt();
    return frames;
  }

  /** Reads the open questions; an ended session has none. */
  async #openQuestions(): Promise<readonly PendingInput[]> {
    return this.#session.hasEnded ? [] : (await this.#options.sessions.digest(this.#session)).pending;
  }

  #sawPrompt(): void {
    if (this.#hasPrompt) return;
    this.#hasPrompt = true;
    if (this.#hasMarker) this.#closeAfterPrompt();
  }

  #closeAfterPrompt(): void {
    const { isPromptCloseOn, sessions } = this.#options;
    if (isPromptCloseOn) this.#deadlines.closePromptAfter(sessions.limits.promptCloseMs);
  }
}

/** Renames a question that is no longer open, so that an old client does not ask it again. */
function asAnswered(event: LoggedEvent, open: readonly PendingInput[]): LoggedEvent {
  if (event.type !== 'inputRequired' || isOpenPrompt(event, open)) return event;
  const data = parseJson(event.json);
  return isJsonObject(data) ? { ...event, json: JSON.stringify({ ...data, type: 'inputAnswered' }) } : event;
}

function isOpenPrompt({ type, index }: LoggedEvent, open: readonly PendingInput[]): boolean {
  return type === 'inputRequired' && open.some((question) => question.index === index);
}
