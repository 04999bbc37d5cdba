import type { DraftsController } from '../../controller/drafts-controller.js';
import type { InboxController } from '../../controller/inbox/inbox-controller.js';
import { BareRunController } from '../../controller/run/bare-run-controller.js';
import { isSessionGone } from '../../protocol/problems.js';
import type { GraphRunService } from '../../service/graph-run-service.js';
import { oncePageReturns, type OnPageReturn } from '../reading/page-return.js';
import type { LoadedTools } from '../reading/reading-tools.js';
import { openWatch } from '../reading/session-watch.js';
import type { Watch } from '../reading/watch.js';

/** Dependencies of `InboxRuns`. */
export interface InboxRunsOptions {
  readonly service: GraphRunService;
  readonly state: InboxController;
  readonly drafts: DraftsController;
  readonly tools: LoadedTools;
  readonly onPageReturn: OnPageReturn;
  /** Called after events of a session were applied, or its connection has failed. */
  readonly onChange: (sessionId: string) => void;
}

/**
 * The sessions that are read for the inbox: the one that is shown and the ones that may be shown next. They are not “the
 * opened session”: reading them tells the host nothing.
 */
export class InboxRuns {
  readonly #options: InboxRunsOptions;
  readonly #watches = new Map<string, Watch>();

  constructor(options: InboxRunsOptions) {
    this.#options = options;
  }

  /** Reads these sessions and no others. */
  keep(sessionIds: Iterable<string>): void {
    const wanted = new Set(sessionIds);
    for (const [sessionId, { abort }] of this.#watches) {
      if (wanted.has(sessionId)) continue;
      abort.abort();
      this.#watches.delete(sessionId);
      this.#options.state.setRun(sessionId, undefined);
    }
    for (const sessionId of wanted) if (!this.#watches.has(sessionId)) this.#open(sessionId);
  }

  /** Lets waiting connections retry at once, and reopens failed ones. */
  retryNow(): void {
    for (const [sessionId, watch] of this.#watches) {
      if (this.#options.state.runOf(sessionId)?.connection.phase !== 'failed') watch.retryNow();
      else this.#open(sessionId);
    }
  }

  #open(sessionId: string): void {
    const { service, state, drafts, tools, onPageReturn, onChange } = this.#options;
    this.#watches.get(sessionId)?.abort.abort();
    const run = new BareRunController();
    const watch = openWatch(tools, sessionId, {
      service,
      run,
      drafts,
      onApplied: () => onChange(sessionId),
      onFailure: (error, signal) => {
        if (!isSessionGone(error)) oncePageReturns(onPageReturn, signal, () => this.#open(sessionId));
        onChange(sessionId);
      },
    });
    for (const failed of state.failed) {
      if (failed.sessionId !== sessionId) continue;
      run.setAnswer(failed.interaction.interactionId, { phase: 'refused', error: failed.error });
    }
    this.#watches.set(sessionId, watch);
    state.setRun(sessionId, run);
  }
}
