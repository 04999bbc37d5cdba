import type { PendingInput } from '../../protocol/frames.js';
import type { MonitorMessage, SessionBatch } from '../../protocol/messages.js';
import { GraphRunError } from '../../protocol/problems.js';
import { readSessionFile } from '../../protocol/session-file/read-session-file.js';
import { MAX_SESSION_FILE_BYTES, type SessionFile } from '../../protocol/session-file/session-file.js';
import {
  applyEvents,
  EMPTY_SESSION,
  pendingInputs,
  type SessionState,
} from '../../protocol/session-state.js';
import { toSummary } from '../../protocol/to-summary.js';
import { createConnection } from '../connection.js';
import type {
  CallOptions,
  ConnectOptions,
  GraphRunService,
  MonitorConnection,
  ServiceCapabilities,
  SessionConnection,
} from '../graph-run-service.js';
import { untilWoken } from '../until-woken.js';

/** Events of one batch: a page stays responsive between two. */
const BATCH_EVENTS = 2000;

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
    throw new GraphRunError('payload-too-large', 'A session file may have at most 512 MiB.');
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
      yield [
        { kind: 'snapshotStart' },
        { kind: 'row', row },
        { kind: 'snapshotComplete', isTruncated: false },
        { kind: 'connection', connection: { phase: 'live', attempt: 0 } },
      ];
      await untilWoken(new Set(), context.signal);
    }, signal);
  }

  connectSession(sessionId: string, { cursor, signal }: ConnectOptions = {}): SessionConnection {
    const { file } = this;
    const pending = pendingInputs(this.#state);
    return createConnection<SessionBatch>(async function* () {
      if (sessionId !== file.header.session.sessionId) {
        throw new GraphRunError('session-not-found', 'The file does not have this session.', { status: 404 });
      }
      yield* replay(file, pending, /^\d{1,9}$/.test(cursor ?? '') ? Number(cursor) : 0);
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
  throw new GraphRunError('read-only', 'A session file cannot be changed.');
}

/** Replays a file after a number of its events. It is complete then: nothing comes after it. */
async function* replay(
  { header, events, problem }: SessionFile,
  pending: readonly PendingInput[],
  from: number,
): AsyncGenerator<SessionBatch, void, undefined> {
  let count = Math.min(from, events.length);
  const replayTotal = events.length - count;
  yield {
    messages: [
      { kind: 'connection', connection: { phase: 'replaying', attempt: 0 } },
      { kind: 'start', replayTotal, status: header.session.status },
    ],
    cursor: String(count),
  };
  while (count < events.length) {
    const batch = events.slice(count, count + BATCH_EVENTS);
    count += batch.length;
    yield { messages: batch.map((event) => ({ kind: 'event', event })), cursor: String(count) };
  }
  const error = problem === undefined ? undefined : problemError(problem);
  yield {
    messages: [
      { kind: 'replayComplete', pending },
      {
        kind: 'connection',
        connection: { phase: 'terminal', attempt: 0, ...(error === undefined ? {} : { error }) },
      },
    ],
    cursor: String(count),
  };
}

function problemError(problem: NonNullable<SessionFile['problem']>): GraphRunError {
  const text =
    problem.kind === 'cut'
      ? `The file ends after event ${problem.events} of ${problem.expected}.`
      : `Line ${problem.line} of the file cannot be read; it shows the ${problem.events} events before it.`;
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
