import type { BareRunController } from '../../controller/run/bare-run-controller.js';
import type { DraftsController } from '../../controller/drafts-controller.js';
import type { GraphRunError } from '../../protocol/problems.js';
import type { SessionMessage } from '../../protocol/stream/messages.js';
import type { GraphRunService } from '../../service/graph-run-service.js';

/** A session or a list that is being read. */
export interface Watch {
  /** Ends it when it is aborted. */
  readonly abort: AbortController;
  /** Lets a waiting connection retry at once. */
  retryNow(): void;
}

/** Dependencies of the watch of a session. */
export interface WatchSessionOptions {
  readonly service: GraphRunService;
  readonly run: BareRunController;
  readonly drafts: DraftsController;
  /** Called after each batch was applied. */
  readonly onApplied: (messages: readonly SessionMessage[]) => void;
  /** Called when the connection is given up, after `run` has the reason. */
  readonly onFailure: (error: GraphRunError, signal: AbortSignal) => void;
}
