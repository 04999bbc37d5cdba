export { createGraphSessionsHandler, DEFAULT_BASE_PATH, type GraphSessionsHandler } from './http/handler.js';
export type { GraphSessionsHandlerOptions } from './http/handler-options.js';
export type { AuditEvent, OnAudit } from './http/audit.js';
export type { DescribePrincipal } from './http/admission/person-names.js';
export type { Authenticate, Identity } from './http/admission/identity.js';
export { DEFAULT_LIMITS, type ServerLimits } from './limits.js';
export { toNodeListener, type FetchHandler, type NodeListenerOptions } from './node/node-adapter.js';
export type { NodeListener, NodeRequest, NodeResponse } from './node/node-message.js';
export { openStore, type OpenStoreOptions } from './store/open-store.js';
export { startServer, type RunningServer, type StartServerOptions } from './node/start-server.js';
export { MemoryStore } from './store/memory-store.js';
export {
  FIRST_EPOCH,
  StaleEpochError,
  StoreUnavailableError,
  UnknownOutcomeError,
  type CreationReceipt,
  type ExpiryTimes,
  type ListChange,
  type ListName,
  type LoggedEvent,
  type PageLimits,
  type SessionList,
  type SessionLook,
  type IntactLook,
  type SessionPlan,
  type SessionRecord,
  type SessionRow,
  type SessionStore,
  type SessionWrite,
  type StoredSession,
  type Unwritten,
  type WriteOutcome,
  type Written,
} from './store/session-store.js';
export type { ClaimedSession, Ownership } from './store/ownership.js';
export type { ClaimsOptions, StoreCluster } from './cluster/store-cluster.js';
export type { StoreClaims } from './cluster/store-claims.js';
export type { WakeBus, WakeHint } from './cluster/wake-bus.js';
