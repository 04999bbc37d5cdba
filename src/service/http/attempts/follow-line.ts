import { FOREIGN_ANSWER, GraphRunError, toNetworkError } from '../../../protocol/problems.js';
import { AttemptScope, browserOffline } from './attempt-scope.js';
import type { ConnectionMessage, AttemptReport } from './reconnect.js';
import type { AttemptOutcome } from './retry-policy.js';
import type { Environment } from '../environment.js';
import type { HttpClient } from '../http-client.js';
import { LineProbe } from './line-probe.js';
import type { SilentAttempts } from './stream-line.js';

/** A page of what a stream would send. */
export interface PageEffect<Message> {
  readonly messages: readonly Message[];
  readonly isFinished: boolean;
}

/** The pages of one attempt. */
export interface Pages<Message> {
  /** Path and query of the next page; the server may delay it by `waitS` seconds until there is something new. */
  path(waitS: number): string;
  /** Path of the stream, to see whether it gets through again. */
  streamPath(): string;
  /** Takes the body of a page. Throws GraphRunError for one that is not of the server. */
  receive(body: unknown): PageEffect<Message>;
  /** Least time between two pages with news, in milliseconds. */
  readonly intervalMs: number;
  /** A 404 may only mean that the session is too new. */
  readonly isJustCreated: boolean;
}

/** A stream that can also be followed by pages. */
export interface LineFollower<Message> {
  /** Connects to the stream once. */
  stream(
    signal: AbortSignal,
  ): AsyncGenerator<readonly (Message | ConnectionMessage)[], AttemptReport, undefined>;
  /** Starts to read pages; undefined when the server has none. */
  pages(): Pages<Message> | undefined;
}

/** How long the server may delay a page. */
const WAIT_S = 25;
const PAGE_DEADLINE_MS = 15_000;
/**
 * Makes one attempt: over the stream or, when something on the way holds streams back, by pages, until the stream gets
 * through again. Never throws.
 */
export async function* followLine<Message>(
  http: HttpClient,
  environment: Environment,
  follower: LineFollower<Message>,
  silent: SilentAttempts,
  signal: AbortSignal,
): AsyncGenerator<readonly (Message | ConnectionMessage)[], AttemptReport, undefined> {
  for (;;) {
    if (silent.arePagesDue) {
      const pages = follower.pages();
      const report = pages === undefined ? undefined : yield* readPages(http, environment, pages, signal);
      if (report !== undefined) {
        silent.notePages(report);
        return report;
      }
      if (pages !== undefined) silent.noteReleased();
    }
    const startMs = environment.now();
    const report = yield* follower.stream(signal);
    silent.note(report, environment.now() - startMs);
    const isLost = report.outcome.kind === 'lost' && !signal.aborted;
    if (!isLost || !silent.arePagesDue || follower.pages() === undefined) return report;
  }
}

/** Follows by pages. Returns undefined when the stream gets through again. */
async function* readPages<Message>(
  http: HttpClient,
  environment: Environment,
  pages: Pages<Message>,
  signal: AbortSignal,
): AsyncGenerator<readonly (Message | ConnectionMessage)[], AttemptReport | undefined, undefined> {
  let hasRead = false;
  const scope = new AttemptScope(
    http,
    environment,
    signal,
    (event) => {
      if (event === 'hide') scope.end({ kind: 'hidden' });
      // A page that waits for news brings none.
      if (event === 'offline') scope.end({ kind: 'lost', error: browserOffline() });
    },
    () => ({ hasProgressed: hasRead, isJustCreated: pages.isJustCreated }),
  );
  const ended = (): AttemptReport =>
    scope.report(scope.cause ?? { kind: 'lost', error: toNetworkError(scope.signal.reason) });
  let isReleased = false;
  const stopListening = http.line.onRelease(() => {
    isReleased = true;
    scope.close();
  });
  const probe = new LineProbe(http, environment, () => pages.streamPath());
  try {
    for (;;) {
      const waitS = hasRead ? WAIT_S : 0;
      const page = await probe.unlessDue(scope.signal, (pageSignal) =>
        readPage(http, environment, pages, waitS, pageSignal),
      );
      if (page === undefined) {
        await probe.look(scope.signal);
        if (isReleased && !signal.aborted) return undefined;
        if (scope.signal.aborted) return ended();
        continue;
      }
      const { messages, isFinished } = pages.receive(page.value);
      http.line.hold();
      const state: ConnectionMessage = {
        kind: 'connection',
        connection: { phase: 'live', attempt: 0, isByRequests: true },
      };
      if (messages.length > 0 || !hasRead) yield hasRead ? messages : [...messages, state];
      hasRead = true;
      if (isFinished) return scope.report({ kind: 'finished' });
      if (messages.length > 0 && pages.intervalMs > 0)
        await pause(environment, pages.intervalMs, scope.signal);
      if (isReleased && !signal.aborted) return undefined;
      if (scope.signal.aborted) return ended();
    }
  } catch (error) {
    if (isReleased && !signal.aborted) return undefined;
    return scope.report(scope.cause ?? outcomeOf(error));
  } finally {
    probe.stop();
    stopListening();
    scope.close();
  }
}

async function readPage(
  http: HttpClient,
  environment: Environment,
  pages: Pages<unknown>,
  waitS: number,
  signal: AbortSignal,
): Promise<unknown> {
  const deadline = new AbortController();
  const timeout = new GraphRunError('timeout', 'The server did not answer in time.');
  const cancel = environment.setTimer(() => deadline.abort(timeout), waitS * 1000 + PAGE_DEADLINE_MS);
  try {
    const request = { method: 'GET', path: pages.path(waitS), tries: 1 } as const;
    const { body } = await http.call({ ...request, signal: AbortSignal.any([signal, deadline.signal]) });
    return body;
  } finally {
    cancel();
  }
}

function outcomeOf(reason: unknown): AttemptOutcome {
  const error = toNetworkError(reason);
  if (error.code === FOREIGN_ANSWER) return { kind: 'foreign', error };
  if (error.code === 'protocol-error') return { kind: 'fault', error };
  const isMissing = error.code === 'not-found' || error.code === 'method-not-allowed';
  return error.status === undefined || isMissing ? { kind: 'lost', error } : { kind: 'refused', error };
}

function pause(environment: Environment, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = environment.setTimer(end, ms);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}
