import type { Graph } from '../../protocol/graph.js';
import type { GraphRunner } from '../../runner/graph-runner.js';
import type { Redact } from '../../protocol/session-file/redaction.js';
import type { OnAudit } from './audit.js';
import type { Authenticate } from './admission/identity.js';
import type { DescribePrincipal } from './admission/person-names.js';
import type { ServerLimits } from '../limits.js';
import type { SessionStore } from '../store/session-store.js';

/** Options of `createGraphSessionsHandler`. Only the first two are required. */
export interface GraphSessionsHandlerOptions {
  /** Stores the sessions, see `openStore`. The handler does not close it. */
  readonly store: SessionStore;
  /** Runs the graphs, see `createGraphRunner`. */
  readonly runner: GraphRunner;
  readonly limits?: Partial<ServerLimits>;
  /** Identifies the sender of a request. Without it, anyone who can reach the server sees every session. */
  readonly authenticate?: Authenticate;
  /**
   * Names a principal for those who see its sessions: rows say who started a session (`startedBy`), events who answered
   * (`answeredBy`). Default: no names. The id of the principal is never sent.
   */
  readonly describePrincipal?: DescribePrincipal;
  /** Loads a graph when a creation has only its id. Without it, such a creation is refused. */
  readonly loadGraph?: (graphId: string, token: string | undefined) => Promise<Graph>;
  /**
   * Keys with which the servers that share a database pass the credentials of sessions on (`accessToken` of a node), sealed:
   * 32 bytes each, in base64. The first seals, all open. Default: a credential stays in the server that got it.
   */
  readonly tokenKeys?: readonly string[];
  /** Default `/v1beta1/graphSessions`. */
  readonly basePath?: string;
  /**
   * Origins of pages that may call the server from a browser; `*` is every page, except for requests with a cookie to a
   * server with `authenticate`: name the origins then. Default: without `authenticate`, the pages of this machine,
   * else none. (Pages of the server's own origin always may.)
   */
  readonly allowedOrigins?: readonly string[];
  /**
   * Names (or name:port) under which a server without `authenticate` may be called, in addition to those of
   * this machine itself; `*` is every name.
   */
  readonly allowedHosts?: readonly string[];
  /**
   * For clients older than version 1: sends a replayed question that is no longer open as `inputAnswered`.
   * Default true.
   */
  readonly isInputAnsweredOn?: boolean;
  /**
   * For clients older than version 1: ends a stream `promptCloseMs` after it has sent a question. Default
   * true.
   */
  readonly isPromptCloseOn?: boolean;
  /**
   * Changes an event before it is exported as part of a file, or leaves it out by returning undefined. Default: nothing
   * but the secrets of schemas is changed.
   */
  readonly redact?: Redact;
  /** Receives who created, answered, cancelled, named or deleted which session. Default: does nothing. */
  readonly onAudit?: OnAudit;
  /** Milliseconds since 1970; default: the clock of the database that several servers share, else `Date.now`. */
  readonly now?: () => number;
  /**
   * Called with what the operator may want to know although it is not an error, as one sentence: how many sessions were
   * deleted at the end of their retention. Default: does nothing.
   */
  readonly onNotice?: (text: string) => void;
  /** Called with errors that no caller can receive. Default: does nothing. */
  readonly onError?: (error: unknown) => void;
}
