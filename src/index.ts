/**
 * Session history, exact reconnect and human answers for editors of AI step graphs. Importing this
 * registers nothing and touches no DOM; import `graph-sessions/define.js` to register the elements.
 */
export { createSessions, type CreateSessionsOptions, type Sessions } from './actions/create-sessions.js';
export { createSessionActions } from './actions/create-session-actions.js';
export type { SessionActions } from './actions/session-actions.js';
export type { ClosedQuestion } from './controller/closed-questions.js';
export { localDraftStore, memoryDraftStore, type DraftStore } from './controller/draft-store.js';
export { watch } from './controller/watch.js';
export { DraftsController, type DraftDurability } from './controller/drafts-controller.js';
export { type SessionFilter, type StatusFilter } from './controller/session-filter.js';
export { EventLog } from './controller/run/event-log.js';
export type { RunMoment } from './controller/run/run-moment.js';
export {
  RunController,
  type AnswerState,
  type NodeRun,
  type ReplayProgress,
} from './controller/run/run-controller.js';
export { EMPTY_RUN } from './controller/run/empty-run.js';
export {
  reduceRun,
  type ActivityEntry,
  type NodeActivity,
  type RunState,
} from './controller/run/reduce-run.js';
export {
  SessionHistoryController,
  type PendingDeletion,
  type SessionOperation,
} from './controller/session-history-controller.js';
export type { SessionCounts, StatusCounts } from './controller/session-counts.js';
export { ALL_GRAPHS } from './protocol/all-graphs.js';
export {
  contentText,
  outputContents,
  toContents,
  type ContentPart,
  type LLMContent,
} from './protocol/content.js';
export {
  eventToWire,
  isTerminalEvent,
  parseEvent,
  type GraphRunEvent,
  type GraphRunEventBody,
  type GraphRunEventOf,
  type Outputs,
  type RerunOf,
  type ReusedFrom,
} from './protocol/events.js';
export type { Fidelity } from './protocol/fidelity.js';
export { type Graph, type GraphEdge, type GraphNode, type GraphOutline } from './protocol/graph.js';
export {
  NONE_OF_THE_ABOVE,
  SKIPPED,
  toInteraction,
  toResponse,
  type Answer,
  type Choice,
  type Interaction,
} from './protocol/questions/interactions.js';
export { answerText, questionText, type AnswerWords } from './protocol/questions/interaction-text.js';
export { type JsonObject, type JsonValue } from './protocol/values/json.js';
export {
  BEGINNING,
  type ConnectionPhase,
  type ConnectionState,
  type Cursor,
  type MonitorMessage,
  type SessionBatch,
  type SessionMessage,
} from './protocol/stream/messages.js';
export { GraphRunError } from './protocol/problems.js';
export {
  isTerminalStatus,
  type KnownSessionStatus,
  type SessionStatus,
  type SessionSummary,
} from './protocol/session-summary.js';
export { EMPTY_SESSION } from './protocol/empty-session.js';
export {
  applyEvent,
  applyEvents,
  type NodeState,
  type NodeStatus,
  type SessionState,
} from './protocol/session-state.js';
export { toSummary } from './protocol/to-summary.js';
export { defaultEnvironment, type Environment, type EnvironmentEvent } from './service/http/environment.js';
export {
  type CallOptions,
  type Connection,
  type ConnectOptions,
  type CreatedSession,
  type CreateSessionRequest,
  type GraphRunService,
  type MonitorConnection,
  type RerunOptions,
  type ResumeResult,
  type ServiceCapabilities,
  type SessionChange,
  type SessionConnection,
} from './service/graph-run-service.js';
export type { TokenProvider } from './service/http/token-source.js';
export {
  HttpGraphRunService,
  type HttpGraphRunServiceOptions,
} from './service/http/http-graph-run-service.js';
export { openSessionFile, type SessionFileService } from './service/file/open-session-file.js';
export { readSessionFile } from './protocol/session-file/read-session-file.js';
export { Redaction, type Redact } from './protocol/session-file/redaction.js';
export {
  SESSION_FILE_TYPE,
  sessionFileName,
  type SessionFile,
  type SessionFileHeader,
  type SessionFileProblem,
} from './protocol/session-file/session-file.js';
export { writeSessionFile } from './protocol/session-file/write-session-file.js';
export { shareAcrossTabs, type ShareOptions } from './service/tabs/share-across-tabs.js';
export { type Tab } from './service/tabs/tab.js';
export {
  MemoryGraphRunService,
  type MemoryGraphRunServiceOptions,
} from './service/memory/memory-graph-run-service.js';
export type { SessionPlace, SessionTab } from './elements/base/commands.js';
export {
  NeedsInputChangeEvent,
  PlaceChangeEvent,
  SessionCancelEvent,
  SessionConnectEvent,
  SessionEvent,
  SessionDeleteEvent,
  SessionDisconnectEvent,
  SessionRerunEvent,
  SessionSeekEvent,
  SessionStartEvent,
  type StartRequest,
} from './elements/panel/host-events.js';
export { isolatingStrings } from './elements/strings/bidi.js';
export { translateSentence, type SentenceTexts } from './elements/strings/sentence-text.js';
export { browserMemory, type PanelMemory } from './elements/base/view-memory.js';
export { SessionsPanel } from './elements/panel/sessions-panel.js';
export { germanStrings } from './elements/strings/german.js';
export { englishStrings, type PanelStrings } from './elements/strings/english.js';
