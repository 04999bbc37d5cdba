import type { SessionManager } from '../sessions/session-manager.js';
import { openMonitorStream, type MonitorStream } from '../streams/monitor-stream.js';
import { StreamControl, type OpenStreams } from '../streams/open-streams.js';
import { sessionStream } from '../streams/session-stream.js';
import { sseResponse } from '../streams/sse-response.js';
import { checkCursor, parseCursor } from './cursor.js';
import type { GraphSessionsHandlerOptions } from './handler-options.js';
import type { Identity } from './admission/identity.js';
import { checkAccept, parseGraphId } from './parse-requests.js';
import type { ReceivedRequest } from './admission/received-request.js';

/** Dependencies of `StreamRoutes`. */
export interface StreamRoutesOptions extends Pick<
  GraphSessionsHandlerOptions,
  'isInputAnsweredOn' | 'isPromptCloseOn'
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

  /** Answers `GET ?graphId=`: the list of sessions. */
  async monitor(received: ReceivedRequest): Promise<Response> {
    const { sessions } = this.#options;
    const { request, query } = received;
    const identity = await received.sender();
    const { principal } = identity;
    const graphId = parseGraphId(query.get('graphId'));
    checkAccept(request.headers.get('Accept'));
    const control = this.#open(request, principal);
    const isVersion1 = query.get('protocol') === '1';
    const options = { sessions, principal, graphId, control, isVersion1, ...expiryOf(identity) };
    let monitor: MonitorStream;
    try {
      // A failure is still a response, which says when to try again.
      monitor = await openMonitorStream(options);
    } catch (error) {
      this.#options.streams.release(control);
      throw error;
    }
    return this.#response(monitor.frames, control, request, () => monitor.close());
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
    return this.#response(frames, control, request);
  }

  /** Takes a place for a stream. `HEAD` takes none: it must not end the stream of a reader. */
  #open({ method }: Request, principal: string, sessionId?: string): StreamControl {
    return method === 'HEAD' ? new StreamControl() : this.#options.streams.open(principal, sessionId);
  }

  #response(
    frames: AsyncGenerator<string, void, undefined>,
    control: StreamControl,
    request: Request,
    onEnd?: () => void,
  ): Response {
    const { streams, onError } = this.#options;
    const onClose = (): void => {
      streams.release(control);
      onEnd?.();
    };
    return sseResponse(frames, control, request.signal, { onClose, onError });
  }
}

function expiryOf({ expiresAtMs }: Identity): { authExpiresMs?: number } {
  return expiresAtMs === undefined ? {} : { authExpiresMs: expiresAtMs };
}
