import { DEFAULT_GRAPH_LIMITS, type GraphLimits } from '../protocol/graph.js';
import { MAX_EVENT_BYTES } from '../runner/graph-runner.js';

const MIB = 1024 * 1024;
const DAY_MS = 24 * 60 * 60 * 1000;

/** The configurable limits of the server. Times are milliseconds, sizes bytes. */
export interface ServerLimits {
  /** Body of a creation; beyond: 413. */
  readonly createBodyBytes: number;
  /** Body of an answer; beyond: 413. An answer is one event, and so may not be larger than one. */
  readonly resumeBodyBytes: number;
  /**
   * Body of a request without content (cancel, run again, title and pin, delete many); beyond: 413. The default is what
   * a browser still sends of a page that is closed.
   */
  readonly commandBodyBytes: number;
  /** JSON values in a body, without the names of members; beyond: 413, before the body is parsed. */
  readonly bodyValues: number;
  /**
   * Different names of members in a body; beyond: 413, before the body is parsed. An object with many names, or many
   * objects with different ones, takes far longer to parse and to read than any other value.
   */
  readonly bodyNames: number;
  /**
   * Bytes of all bodies that are being read or answered; beyond: 503 `unavailable`. While several principals send, one
   * gets at most as many as then remain for all others.
   */
  readonly bodyBytes: number;
  /**
   * Bytes of those of one principal, unless it is its only one; beyond: 429 `too-many-bodies`. Senders whose token may
   * be in the body share what one principal has. Without `authenticate` all senders are one principal, and the default
   * is no limit.
   */
  readonly bodyBytesPerPrincipal: number;
  /** Nesting of a response; beyond: 400 `invalid-response`. */
  readonly responseDepth: number;
  /** Beyond: 400 `graph-too-large`. */
  readonly graph: GraphLimits;
  /** Sessions of one principal that have not ended; beyond: 429 `too-many-sessions`. */
  readonly openSessionsPerPrincipal: number;
  /** Beyond it, the oldest ended sessions of the graph are deleted. */
  readonly sessionsPerGraph: number;
  /** How long an ended session is kept; longer until the time is confirmed, by a change of a session or by a day. */
  readonly retentionMs: number;
  /** How long a deleted session is distinguished from an unknown one. */
  readonly tombstoneMs: number;
  /** How long a repeated creation is recognised. */
  readonly receiptMs: number;
  /** How often the three limits above are enforced. */
  readonly sweepMs: number;
  /**
   * How long a question stays open; then it is resolved with `by: "expired"` and its node fails. Enforced
   * every `sweepMs`, or more often when this is shorter. Default: no limit.
   */
  readonly questionMs: number;
  /** Events of all nodes that a session takes over from the one that it runs again; beyond: 400 `reuse-too-large`. */
  readonly reusedBytes: number;
  /** One event, serialised; beyond: the append is refused and the node fails. */
  readonly eventBytes: number;
  /** One log; beyond: the session ends with `graphError`. */
  readonly logBytes: number;
  readonly logEvents: number;
  /** Streams of one principal to one session; beyond: the oldest gets `bye evicted`. */
  readonly streamsPerSession: number;
  /**
   * Streams of one principal, to sessions and lists, and pages that wait for events; beyond: 429 `too-many-streams`.
   * Without `authenticate` all senders are one principal, and the default is no limit.
   */
  readonly streamsPerPrincipal: number;
  /** Streams of the process; beyond: 503. */
  readonly streams: number;
  /** One page of a log that is read for a stream. */
  readonly pageBytes: number;
  /** One chunk of frames that is written to a stream (a larger frame is a chunk of its own). */
  readonly chunkBytes: number;
  /** Silence after which a comment is sent. */
  readonly heartbeatMs: number;
  /** Age at which a stream ends with `bye max-age`, plus or minus up to 20 %. */
  readonly streamAgeMs: number;
  /** The `retry` of a stream's first frame. */
  readonly retryMs: number;
  /** Delay for `isPromptCloseOn` of the handler. */
  readonly promptCloseMs: number;
  /** Rows of a monitor's snapshot; beyond: `truncated`. */
  readonly monitorRows: number;
  /** Shortest interval between two writes to a monitor stream; changes in between are merged. */
  readonly monitorIntervalMs: number;
  /** How long open streams of a deleted session may still read its log. */
  readonly eraseDelayMs: number;
  /**
   * How often a process that shares its store looks for sessions that no process runs, give or take a fifth. (It also gets
   * hints.)
   */
  readonly scanMs: number;
  /**
   * How long a session that waits for an answer stays with the process that ran it, where several share a store. Later its
   * nodes run again up to the answer.
   */
  readonly lingerMs: number;
  /**
   * Sessions with running nodes in a process that shares its store; beyond it, another one runs what is created, answered
   * or taken over, or it waits. 0: the process only serves what others run.
   */
  readonly maxRunning: number;
  /**
   * How long nodes may still run when a process ends that shares its store; then others run them again, or they fail
   * (`onRestart`).
   */
  readonly handoverMs: number;
  /**
   * How long a process that shares its store still serves everything once `startServer` closes it: its health check is 503
   * meanwhile, so that a proxy sends it nothing more.
   */
  readonly drainDelayMs: number;
  /** How long a drain waits for streams to end on their own. */
  readonly drainMs: number;
}

/** The protocol's default limits. */
export const DEFAULT_LIMITS: ServerLimits = {
  createBodyBytes: 8 * MIB,
  resumeBodyBytes: 8 * MIB,
  commandBodyBytes: 64 * 1024,
  bodyValues: 100_000,
  bodyNames: 10_000,
  bodyBytes: 128 * MIB,
  bodyBytesPerPrincipal: 32 * MIB,
  responseDepth: 64,
  graph: DEFAULT_GRAPH_LIMITS,
  openSessionsPerPrincipal: 50,
  sessionsPerGraph: 5000,
  retentionMs: 7 * DAY_MS,
  tombstoneMs: DAY_MS,
  receiptMs: DAY_MS,
  sweepMs: 10 * 60 * 1000,
  questionMs: Number.POSITIVE_INFINITY,
  reusedBytes: 32 * MIB,
  eventBytes: MAX_EVENT_BYTES,
  logBytes: 256 * MIB,
  logEvents: 200_000,
  streamsPerSession: 16,
  streamsPerPrincipal: 200,
  streams: 10_000,
  pageBytes: 256 * 1024,
  chunkBytes: 64 * 1024,
  heartbeatMs: 15_000,
  streamAgeMs: 300_000,
  retryMs: 2000,
  promptCloseMs: 5000,
  monitorRows: 500,
  monitorIntervalMs: 50,
  eraseDelayMs: 10_000,
  scanMs: 3000,
  lingerMs: 60_000,
  maxRunning: 200,
  handoverMs: 30_000,
  drainDelayMs: 5000,
  drainMs: 10_000,
};
