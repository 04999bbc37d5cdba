import { GraphRunError } from '../../protocol/problems.js';
import { SESSION_FILE_TYPE, sessionFileName } from '../../protocol/session-file/session-file.js';
import type { SessionManager } from '../sessions/session-manager.js';
import type { Session } from '../sessions/session.js';
import { openMonitorStream, type MonitorStream } from '../streams/monitor-stream.js';
import { StreamControl, type OpenStreams } from '../streams/open-streams.js';
import { sessionExport } from '../streams/session-export.js';
import { sessionStream } from '../streams/session-stream.js';
import { streamResponse } from '../streams/stream-response.js';
import { checkCursor, parseCursor } from './cursor.js';
import type { GraphSessionsHandlerOptions } from './handler-options.js';
import type { Identity } from './admission/identity.js';
import { checkAccept, parseListName } from './parse-requests.js';
import type { ReceivedRequest } from './admission/received-request.js';

const SSE_HEADERS = { 'Content-Type': 'text/event-stream; charset=utf-8' };

/** Dependencies of `StreamRoutes`. */
export interface StreamRoutesOptions extends Pick<
  GraphSessionsHandlerOptions,
  'isInputAnsweredOn' | 'isPromptCloseOn' | 'redact' | 'now'
> {
  readonly sessions: SessionManager;
  readonly streams: OpenStreams;
  readonly onError: (error: unknown) => void;
}

/**
 * The routes that answer with a stream. A place for it is taken when nothing else can refuse it any longer, because it
 * may end the stream of another reader.
 */
export class StreamRoutes {
  readonly #options: StreamRoutesOptions;

  constructor(options: StreamRoutesOptions) {
    this.#options = options;
  }

  /** Answers `GET ?graphId=`, or `?graphs=all`: the list of sessions. */
  async monitor(received: ReceivedRequest): Promise<Response> {
    const { sessions } = this.#options;
    const { request, query } = received;
    const identity = await received.sender();
    const { principal } = identity;
    const name = parseListName(principal, query);
    checkAccept(request.headers.get('Accept'));
    const control = this.#open(request, principal);
    const isVersion1 = query.get('protocol') === '1';
    const options = { sessions, name, control, isVersion1, ...expiryOf(identity) };
    let monitor: MonitorStream;
    try {
      // A failure is still a response, which says when to try again.
      monitor = await openMonitorStream(options);
    } catch (error) {
      this.#options.streams.release(control);
      throw error;
    }
    return this.#response(monitor.frames, SSE_HEADERS, control, request, () => monitor.close());
  }

  /** Answers `GET /{id}`: the log of a session. */
  async session(sessionId: string, received: ReceivedRequest): Promise<Response> {
    const { sessions, isInputAnsweredOn = true, isPromptCloseOn = true } = this.#options;
    const { request, query } = received;
    const cursor = parseCursor(query, request.headers.get('Last-Event-ID'));
    const { after, isFromLastEventId } = cursor;
    const identity = await received.sender();
    const { principal } = identity;
    const session = await sessions.get(principal, sessionId);
    checkAccept(request.headers.get('Accept'));
    await checkCursor(sessions, session, query, cursor);
    // An EventSource would reconnect forever after `done`; only this status stops it.
    const isAtEnd = session.hasEnded && after === session.lastIndex;
    if (isFromLastEventId && isAtEnd) return new Response(null, { status: 204 });
    const control = this.#open(request, principal, sessionId);
    const isVersion1 = query.get('protocol') === '1';
    const frames = sessionStream({
      sessions,
      session,
      control,
      after,
      isInputAnsweredOn: isInputAnsweredOn && !isVersion1,
      isPromptCloseOn: isPromptCloseOn && !isVersion1,
      ...expiryOf(identity),
    });
    return this.#response(frames, SSE_HEADERS, control, request);
  }

  /** A session as a file to download, with the events that it has now. */
  async export(session: Session, { request }: ReceivedRequest): Promise<Response> {
    const { sessions, redact, now = Date.now } = this.#options;
    const row = await sessions.row(session);
    const control = this.#open(request, session.record.principal);
    const pieces = sessionExport({ sessions, session, row, control, redact, nowMs: now() });
    return this.#response(pieces, downloadHeaders(sessionFileName(row)), control, request);
  }

  /** Takes a place for a stream. `HEAD` takes none: it must not end the stream of a reader. */
  #open({ method }: Request, principal: string, sessionId?: string): StreamControl {
    return method === 'HEAD' ? new StreamControl() : this.#options.streams.open(principal, sessionId);
  }

  #response(
    pieces: AsyncGenerator<string, void, undefined>,
    headers: Readonly<Record<string, string>>,
    control: StreamControl,
    request: Request,
    onEnd?: () => void,
  ): Response {
    const { streams, onError } = this.#options;
    const hooks = {
      onClose: (): void => {
        streams.release(control);
        onEnd?.();
      },
      // The others say what the reader can do: the session was deleted, or the server shuts down.
      onError: (error: unknown): void => {
        if (!(error instanceof GraphRunError)) onError(error);
      },
    };
    return streamResponse(pieces, headers, control, request.signal, hooks);
  }
}

/** Headers of a file; its name in ASCII for clients that know only that (RFC 6266). */
function downloadHeaders(name: string): Readonly<Record<string, string>> {
  const ascii = name.replaceAll(/[^ -~]/g, '_');
  return {
    'Content-Type': `${SESSION_FILE_TYPE}; charset=utf-8`,
    'Content-Disposition': `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(name).replaceAll("'", '%27')}`,
  };
}

function expiryOf({ expiresAtMs }: Identity): { authExpiresMs?: number } {
  return expiresAtMs === undefined ? {} : { authExpiresMs: expiresAtMs };
}
