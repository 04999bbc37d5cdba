import { PROTOCOL_VERSION, SERVER_FEATURES, type PendingInput } from '../../protocol/frames.js';
import { isJsonObject, parseJson } from '../../protocol/json.js';
import { encodeFrame } from '../../protocol/sse.js';
import type { StreamControl } from './open-streams.js';
import type { Session } from '../sessions/session.js';
import type { LoggedEvent } from '../store/session-store.js';
import type { SessionManager } from '../sessions/session-manager.js';
import { StreamDeadlines } from './stream-deadlines.js';
import { byeFrame, heartbeatFrame, inChunks, loggedFrame } from './stream-frames.js';

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
      if (!this.#hasMarker && this.#cursor >= this.#boundary) {
        yield* this.#marker();
      } else if (this.#cursor < this.#session.lastIndex) {
        yield* inChunks(await this.#readPage(), this.#options.sessions.limits.chunkBytes);
      } else if (this.#session.hasEnded) {
        yield encodeFrame({
          event: 'done',
          data: { status: this.#session.status, lastIndex: this.#session.lastIndex },
        });
        return;
      } else if (this.#deadlines.isHeartbeatDue) {
        yield heartbeatFrame();
      } else {
        await this.#deadlines.sleep();
        continue;
      }
      this.#deadlines.wrote();
    }
  }

  #start(): string {
    const { sessionId, record, status } = this.#session;
    const { retryMs, heartbeatMs } = this.#options.sessions.limits;
    return encodeFrame({
      retryMs,
      event: 'start',
      data: {
        sessionId,
        graphId: record.graphId,
        protocol: PROTOCOL_VERSION,
        features: SERVER_FEATURES,
        logId: record.logId,
        after: this.#cursor,
        firstIndex: 0,
        lastIndex: this.#boundary,
        status,
        heartbeatMs,
        ts: Date.now(),
      },
    });
  }

  /** Reads the next page and returns its frames. */
  async #readPage(): Promise<readonly string[]> {
    const { sessions, isInputAnsweredOn } = this.#options;
    // The replay stops exactly at the boundary, so that the marker comes right after it.
    const through = this.#hasMarker ? this.#session.lastIndex : this.#boundary;
    const page = await sessions.readPage(this.#session, this.#cursor, through);
    this.#cursor = page.at(-1)?.index ?? this.#cursor;
    const hasPrompt = page.some(({ type }) => type === 'inputRequired');
    if (!hasPrompt) return page.map(loggedFrame);
    const open = !this.#hasMarker && isInputAnsweredOn ? await this.#openQuestions() : undefined;
    const frames = page.map((event) => loggedFrame(open === undefined ? event : asAnswered(event, open)));
    if (open === undefined || page.some((event) => isOpenPrompt(event, open))) this.#sawPrompt();
    return frames;
  }

  /** Yields the open questions from before the cursor, then the marker; both as of now. */
  async *#marker(): AsyncGenerator<string, void, undefined> {
    const { sessions, after } = this.#options;
    const pending = await this.#openQuestions();
    const { status } = this.#session;
    for (const { index } of pending) {
      if (index > after) continue;
      const [event] = await sessions.readPage(this.#session, index - 1, index);
      const data = event === undefined ? undefined : parseJson(event.json);
      if (!isJsonObject(data)) continue;
      yield encodeFrame({ event: 'event', data: { ...data, redelivered: true } });
      this.#sawPrompt();
    }
    this.#hasMarker = true;
    yield encodeFrame({
      event: 'event',
      data: { type: 'replayComplete', lastIndex: this.#boundary, status, pending },
    });
    if (this.#hasPrompt) this.#closeAfterPrompt();
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
