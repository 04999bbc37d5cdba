import { html, nothing, type TemplateResult } from 'lit';
import type { InboxController } from '../../controller/inbox/inbox-controller.js';
import type { SessionHistoryController } from '../../controller/session-history-controller.js';
import { isTerminalStatus } from '../../protocol/session-summary.js';
import type { PanelStrings } from '../strings/english.js';

/** Props of the end of the queue. */
export interface InboxEndView {
  readonly state: InboxController;
  readonly history: SessionHistoryController;
  readonly strings: PanelStrings;
  readonly onReview: () => void;
  readonly onLeave: () => void;
}

/** Renders what was done and what is left, when no session is open. */
export function renderInboxEnd({ state, history, strings, onReview, onLeave }: InboxEndView): TemplateResult {
  const skipped = state.queue.entries.filter((entry) => entry.state === 'skipped').length;
  const finished = state.unfinishedBefore.filter((sessionId) =>
    isTerminalStatus(history.getSession(sessionId)?.status ?? 'running'),
  ).length;
  const leave = html`<button
    type="button"
    class="button ${skipped > 0 ? '' : 'primary card-place'}"
    @click=${onLeave}
  >
    ${strings.leaveInbox}
  </button>`;
  return html`<div class="message end">
    <p class="message-title" role="status">
      ${skipped > 0 ? strings.skippedLeft(skipped) : strings.allAnswered}
    </p>
    ${finished === 0 ? nothing : html`<p>${strings.finishedMeanwhile(finished)}</p>`}
    ${
      skipped === 0
        ? leave
        : html`<div class="end-buttons">
            <button type="button" class="button primary card-place" @click=${onReview}>
              ${strings.reviewSkipped}
            </button>
            ${leave}
          </div>`
    }
  </div>`;
}
