export { createGraphSessionsHandler, DEFAULT_BASE_PATH, type GraphSessionsHandler } from './handler.js';
export type { GraphSessionsHandlerOptions } from './handler-options.js';
export type { Authenticate, Identity } from './access.js';
export { DEFAULT_LIMITS, type ServerLimits } from './limits.js';
export { toNodeListener, type FetchHandler, type NodeListenerOptions } from './node-adapter.js';
export { openStore } from './open-store.js';
export { startServer, type RunningServer, type StartServerOptions } from './start-server.js';
export { MemoryStore } from './memory-store.js';
export {
  StaleEpochError,
  type CreationReceipt,
  type ExpiryTimes,
  type LoggedEvent,
  type PageLimits,
  type SessionList,
  type SessionPlan,
  type SessionRecord,
  type SessionRow,
  type SessionStore,
  type SessionWrite,
  type StoredSession,
} from './session-store.js';
