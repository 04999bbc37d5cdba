/**
 * What a service of your own is made of: connections, the messages of a log and of a list, decisions on answers, and looking
 * again and again at a backend without push. Needs neither a DOM nor Node. `docs/backends.md` has a whole adapter.
 */
export { createConnection, type ConnectionContext } from '../connection.js';
export type {
  CallOptions,
  Connection,
  ConnectOptions,
  CreatedSession,
  CreateSessionRequest,
  GraphRunService,
  MonitorConnection,
  OlderSessions,
  RerunOptions,
  ResumeResult,
  ServiceCapabilities,
  SessionChange,
  SessionConnection,
} from '../graph-run-service.js';
export { LogPublisher, type SessionLogView } from '../publish/log-publisher.js';
export { ListPublisher, type ListLimits } from '../publish/list-publisher.js';
export { SessionLog } from '../publish/session-log.js';
export { SessionList } from '../publish/session-list.js';
export { withAttempts } from '../polled/attempts.js';
export { pollList } from '../polled/poll-list.js';
export { type PollOptions } from '../polled/poll-options.js';
export { pollSession, type PollSessionOptions } from '../polled/poll-session.js';
export { WakeUp } from '../polled/wake-up.js';
export { isMissing, JsonClient, type JsonClientOptions } from '../polled/json-client.js';
export type { HeadersFetchOptions, RequestHeaders } from '../request-headers.js';
export { contentText, textContent, type ContentPart, type LLMContent } from '../../protocol/content.js';
export { decideResume, type ResumeDecision } from '../../protocol/questions/decide-resume.js';
export type {
  GraphRunEvent,
  GraphRunEventBody,
  Outputs,
  RerunOf,
  ResolvedBy,
  ReusedFrom,
} from '../../protocol/events.js';
export type { Fidelity } from '../../protocol/fidelity.js';
export type { Graph, GraphEdge, GraphNode, GraphOutline } from '../../protocol/graph.js';
export { isJsonObject, type JsonObject, type JsonValue } from '../../protocol/values/json.js';
export type {
  ConnectionPhase,
  ConnectionState,
  Cursor,
  MonitorMessage,
  SessionBatch,
  SessionMessage,
} from '../../protocol/stream/messages.js';
export { GraphRunError, toNetworkError, type GraphRunErrorOptions } from '../../protocol/problems.js';
export {
  interactionConflict,
  interactionNotFound,
  invalidResponse,
  sessionGone,
  sessionTerminal,
} from '../../protocol/questions/refusals.js';
export { EMPTY_SESSION } from '../../protocol/empty-session.js';
export { applyEvents, type SessionState } from '../../protocol/session-state.js';
export { isTerminalStatus, type SessionStatus, type SessionSummary } from '../../protocol/session-summary.js';
export { toSummary } from '../../protocol/to-summary.js';
