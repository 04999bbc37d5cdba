import type { MonitorMessage, SessionBatch } from '../../protocol/stream/messages.js';
import { GraphRunError } from '../../protocol/problems.js';
import { readSessionFile } from '../../protocol/session-file/read-session-file.js';
import { MAX_SESSION_FILE_BYTES, type SessionFile } from '../../protocol/session-file/session-file.js';
import { EMPTY_SESSION } from '../../protocol/empty-session.js';
import { applyEvents, type SessionState } from '../../protocol/session-state.js';
import { toSummary } from '../../protocol/to-summary.js';
import { sentence } from '../../protocol/sentences.js';
import { createConnection } from '../connection.js';
import type {
  CallOptions,
  ConnectOptions,
  GraphRunService,
  MonitorConnection,
  ServiceCapabilities,
  SessionConnection,
} from '../graph-run-service.js';
import { ListPublisher } from '../publish/list-publisher.js';
import { LogPublisher } from '../publish/log-publisher.js';
import { untilWoken } from '../until-woken.js';

/**
 * Opens a session file as a service with that one session, to be looked at without a server: it is in the list of every
 * graph, can be replayed any number of times, and cannot be changed (`capabilities.readOnly`).
 *
 * @param blob a file that a person chose or dropped; nothing in it is trusted.
 * @returns a service whose `file` has the header, the events, and what the file lacks.
 * @throws GraphRunError `not-a-session-file`, `newer-session-file`, or `payload-too-large` above 512 MiB. The reason of
 *   `signal`; what reading the blob throws, e.g. when the file was changed or removed.
 */
export async function openSessionFile(blob: Blob, { signal }: CallOptions = {}): Promise<SessionFileService> {
  if (blob.size > MAX_SESSION_FILE_BYTES) {
    throw new GraphRunError('payload-too-large', sentence('file-too-large'));
  }
  return new SessionFileService(await readSessionFile(textOf(blob, signal)));
}

/** A session file as a service. Every call that would change something rejects with `read-only`. */
export class SessionFileService implements GraphRunService {
  readonly capabilities: ServiceCapabilities = {
    inlineGraph: false,
    readOnly: true,
  };
  readonly file: SessionFile;
  /** The state after its last event. */
  readonly #state: SessionState;

  constructor(file: SessionFile) {
    this.file = file;
    this.#state = applyEvents(EMPTY_SESSION, file.events);
  }

  monitorSessions(_graphId: string, { signal }: CallOptions = {}): MonitorConnection {
    // What the header leaves out is in the events.
    const row = { ...toSummary(this.#state), ...this.file.header.session };
    return createConnection<readonly MonitorMessage[]>(async function* (context) {
      const list = new ListPublisher();
      yield [...list.publish([row]), ...list.describe({ phase: 'live', attempt: 0 })];
      await untilWoken(new Set(), context.signal);
    }, signal);
  }

  connectSession(sessionId: string, { cursor, signal }: ConnectOptions = {}): SessionConnection {
    const { header, events, problem } = this.file;
    const error = problem === undefined ? {} : { error: problemError(problem) };
    return createConnection<SessionBatch>(async function* () {
      if (sessionId !== header.session.sessionId) {
        throw new GraphRunError('session-not-found', sentence('file-other-session'), { status: 404 });
      }
      // It is complete: nothing comes after it.
      yield* new LogPublisher(cursor).publish({ events, isRecord: true, ...error });
    }, signal);
  }

  createSession(): Promise<never> {
    return readOnly();
  }

  resumeSession(): Promise<never> {
    return readOnly();
  }

  cancelSession(): Promise<never> {
    return readOnly();
  }

  deleteSession(): Promise<never> {
    return readOnly();
  }
}

async function readOnly(): Promise<never> {
  throw new GraphRunError('read-only', sentence('file-read-only'));
}

function problemError(problem: NonNullable<SessionFile['problem']>): GraphRunError {
  const text =
    problem.kind === 'cut'
      ? sentence('file-cut', { events: problem.events, expected: problem.expected })
      : sentence('file-damaged', { line: problem.line, events: problem.events });
  return new GraphRunError('incomplete-session-file', text, { members: { ...problem } });
}

async function* textOf(blob: Blob, signal: AbortSignal | undefined): AsyncGenerator<string, void, undefined> {
  const reader = blob.stream().pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}
