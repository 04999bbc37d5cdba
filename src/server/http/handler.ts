import { checkAccess, type HostPolicy } from './admission/access.js';
import { withCommonHeaders } from './common-headers.js';
import { preflightResponse, withPermission } from './admission/cors.js';
import type { GraphSessionsHandlerOptions } from './handler-options.js';
import { DEFAULT_LIMITS, type ServerLimits } from '../limits.js';
import { OpenStreams } from '../streams/open-streams.js';
import { problemResponse } from './problem-response.js';
import { matchRoute } from './match-route.js';
import { Routes } from './routes.js';
import { draining, storeUnavailable, unavailable } from '../sessions/session-errors.js';
import { SessionManager } from '../sessions/session-manager.js';
import { GraphRunError } from '../../protocol/problems.js';

/** Default path prefix of the routes of the protocol. */
export const DEFAULT_BASE_PATH = '/v1beta1/graphSessions';

type OwnerLimits = Pick<ServerLimits, 'streamsPerPrincipal' | 'bodyBytesPerPrincipal'>;

const NO_OWNER_LIMITS: OwnerLimits = {
  streamsPerPrincipal: Number.POSITIVE_INFINITY,
  bodyBytesPerPrincipal: Number.POSITIVE_INFINITY,
};

/** A server of the protocol on web standards: mount `handle` wherever requests arrive. */
export interface GraphSessionsHandler {
  /** Answers a request. Never rejects. */
  readonly handle: (request: Request) => Promise<Response>;
  /** Resolves when the sessions of the store can be served; rejects when the store cannot be used. */
  readonly ready: Promise<void>;
  /**
   * Resolves with the reason when another process has taken the sessions over (it began on the same store, or the
   * database was replaced). From then on the streams end, and every request gets 503.
   */
  readonly lost: Promise<Error>;
  /** False while the store cannot be written, and once it is lost. */
  readonly isHealthy: () => boolean;
  /**
   * Ends all streams with a hint to reconnect, then releases the sessions; the next handler on this store
   * continues them. Resolves when nothing more is written.
   */
  drain(): Promise<void>;
}

/** Creates a server of the protocol. It takes over the store at once. */
export function createGraphSessionsHandler(options: GraphSessionsHandlerOptions): GraphSessionsHandler {
  const { basePath = DEFAULT_BASE_PATH, onError = () => undefined } = options;
  const limits: ServerLimits = { ...DEFAULT_LIMITS, ...options.limits };
  const policy: HostPolicy = {
    isAuthenticated: options.authenticate !== undefined,
    allowedOrigins: options.allowedOrigins ?? [],
    allowedHosts: options.allowedHosts ?? [],
  };
  const { streamsPerPrincipal, bodyBytesPerPrincipal } = limitsPerPrincipal(options);
  const streams = new OpenStreams({ ...limits, streamsPerPrincipal });
  const { now = options.store.cluster?.now ?? Date.now } = options;
  let loss: Error | undefined;
  let resolveLost: (error: Error) => void = () => undefined;
  const lost = new Promise<Error>((resolve) => {
    resolveLost = resolve;
  });
  const onLost = (error: Error): void => {
    loss = error;
    // It resolves when the readers have gone, and nothing here waits for that.
    void streams.drain();
    resolveLost(error);
  };
  let manager: SessionManager | undefined;
  const opening = SessionManager.open({ ...options, limits, now, onError, onLost });
  const routing = opening.then((sessions) => {
    manager = sessions;
    return new Routes({ ...options, now, sessions, streams, bodyBytesPerPrincipal, basePath, onError });
  });
  // `ready` reports the error; requests get a 503.
  routing.catch(() => undefined);
  let isDraining = false;

  const answer = async (request: Request): Promise<Response> => {
    checkAccess(request, policy);
    const { pathname } = new URL(request.url);
    const route = matchRoute(request.method, pathname, basePath);
    if (route.kind === 'preflight') return preflightResponse(route.allow);
    if (loss !== undefined) throw storeUnavailable(loss);
    checkEncoding(request);
    const isWriting = ['create', 'rerun', 'resume', 'label'].includes(route.kind);
    // What is written here runs elsewhere.
    const isShared = options.store.cluster !== undefined;
    if (isDraining && isWriting && !isShared) throw draining();
    const routes = await routing.catch((error: unknown) => {
      throw unavailable('The server cannot use its store.', 5000, error);
    });
    return routes.answer(route, request);
  };

  return {
    ready: routing.then(() => undefined),
    lost,
    isHealthy: () => manager?.canWrite === true,
    async handle(request) {
      const response = await answer(request).catch((error: unknown) => problemResponse(error, onError));
      const readable = withPermission(withCommonHeaders(response), request, policy);
      return request.method === 'HEAD' ? withoutBody(readable) : readable;
    },
    async drain() {
      isDraining = true;
      const drained = streams.drain();
      const sessions = await opening;
      await Promise.all([drained, sessions.handOver()]);
      await sessions.close();
    },
  };
}

/**
 * Refuses a body that is compressed.
 *
 * @throws GraphRunError `unsupported-media-type`.
 */
function checkEncoding(request: Request): void {
  const encodings = (request.headers.get('Content-Encoding') ?? '').split(',');
  if (encodings.every((encoding) => ['', 'identity'].includes(encoding.trim().toLowerCase()))) return;
  throw new GraphRunError('unsupported-media-type', 'The body must not be encoded (Content-Encoding).', {
    status: 415,
    members: { acceptEncoding: 'identity' },
  });
}

/** Answers `HEAD` with the headers of the response to `GET`. */
function withoutBody({ body, status, headers }: Response): Response {
  // Nothing has been read from it, so there is no error to lose.
  body?.cancel().catch(() => undefined);
  return new Response(null, { status, headers });
}

/** Without authentication all senders are one principal, which may have everything. */
function limitsPerPrincipal({ limits, authenticate }: GraphSessionsHandlerOptions): OwnerLimits {
  const fallback = authenticate === undefined ? NO_OWNER_LIMITS : DEFAULT_LIMITS;
  const { streamsPerPrincipal = fallback.streamsPerPrincipal } = limits ?? {};
  const { bodyBytesPerPrincipal = fallback.bodyBytesPerPrincipal } = limits ?? {};
  return { streamsPerPrincipal, bodyBytesPerPrincipal };
}
