import type { Graph } from '../../protocol/graph.js';
import type { GraphRunner } from '../../runner/graph-runner.js';
import type { Authenticate } from './access.js';
import type { ServerLimits } from '../limits.js';
import type { SessionStore } from '../store/session-store.js';

/** Options of `createGraphSessionsHandler`. Only the first two are required. */
export interface GraphSessionsHandlerOptions {
  /** Where sessions are kept, see `openStore`. It is not closed by the handler. */
  readonly store: SessionStore;
  /** What runs the graphs, see `createGraphRunner`. */
  readonly runner: GraphRunner;
  readonly limits?: Partial<ServerLimits>;
  /** Tells who makes a request. Without it everybody who reaches the server sees every session. */
  readonly authenticate?: Authenticate;
  /** Loads a graph of which a creation names only the id. Without it such a creation is refused. */
  readonly loadGraph?: (graphId: string, token: string | undefined) => Promise<Graph>;
  /** Default `/v1beta1/graphSessions`. */
  readonly basePath?: string;
  /**
   * Origins of pages that may call the server from a browser; `*` is every page. Default: the pages of
   * this machine where nobody is authenticated, else none.
   */
  readonly allowedOrigins?: readonly string[];
  /**
   * Names (or name:port) under which a server without `authenticate` may be called, beside those of
   * this machine itself; `*` is every name.
   */
  readonly allowedHosts?: readonly string[];
  /** Two courtesies to clients of before version 1; both are on by default. */
  readonly isInputAnsweredOn?: boolean;
  readonly isPromptCloseOn?: boolean;
  /** Milliseconds since 1970; default `Date.now`. */
  readonly now?: () => number;
  /** Told of every error that no caller can be told of. Default: does nothing. */
  readonly onError?: (error: unknown) => void;
}
