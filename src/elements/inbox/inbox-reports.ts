import { html, nothing, type TemplateResult } from 'lit';
import { timeLeftMs } from '../../controller/countdown.js';
import type { InboxController } from '../../controller/inbox/inbox-controller.js';
import type { SessionHistoryController } from '../../controller/session-history-controller.js';
import { answerText } from '../../protocol/questions/interaction-text.js';
import { toResponse } from '../../protocol/questions/interactions.js';
import type { PanelStrings } from '../strings/english.js';
import { plainLine } from '../strings/plain-line.js';
import { failedAnswerText } from '../strings/refusal-text.js';
import { sessionTitle } from '../strings/session-text.js';
import { icon } from '../theme/icons.js';

/** Props of the reports about answers of earlier cards. */
export interface InboxReportsView {
  readonly state: InboxController;
  readonly history: SessionHistoryController;
  readonly nowMs: number;
  readonly strings: PanelStrings;
  readonly onUndo: (id: number) => void;
  /** Listener for the pointer and the focus on the report with “Undo”. */
  readonly onHold: (event: Event) => void;
  /** Goes to the question whose answer was not accepted. */
  readonly onShow: (sessionId: string) => void;
  readonly onDismiss: (sessionId: string, interactionId: string) => void;
}

/** Renders the answers that can still be undone, and those that were not accepted. */
export function renderReports(view: InboxReportsView): TemplateResult {
  const { state, nowMs, strings, onUndo, onHold, onShow, onDismiss } = view;
  return html`<div class="reports">
    ${state.failed.map((failed) => {
      const { sessionId, interaction } = failed;
      const text = failedAnswerText(failed, view.history, strings);
      return html`<div class="report failed" role="alert">
        <span class="report-text">${text}</span>
        <button type="button" class="link" @click=${() => onShow(sessionId)}>${strings.showNode}</button>
        <button
          type="button"
          class="icon-button"
          aria-label=${strings.dismiss}
          title=${strings.dismiss}
          @click=${() => onDismiss(sessionId, interaction.interactionId)}
        >
          ${icon('close')}
        </button>
      </div>`;
    })}
    ${state.delayed.slice(-1).map((delayed) => {
      const { id, sessionId, interaction, answer } = delayed;
      const chosen = plainLine(answerText(interaction, toResponse(interaction, answer), strings));
      const text = strings.answeredUndo(chosen, titleOf(sessionId, view));
      const seconds = Math.ceil(timeLeftMs(delayed, nowMs) / 1000);
      return html`<div
        class="report"
        @pointerenter=${onHold}
        @pointerleave=${onHold}
        @focusin=${onHold}
        @focusout=${onHold}
      >
        <span class="report-text" role="status" title=${text}>${text}</span>
        <button type="button" class="link" aria-keyshortcuts="Control+Z" @click=${() => onUndo(id)}>
          ${strings.undo}
        </button>
        ${seconds === 0 ? nothing : html`<span class="left" aria-hidden="true">${strings.secondsLeft(seconds)}</span>`}
      </div>`;
    })}
  </div>`;
}

function titleOf(sessionId: string, { history, strings }: InboxReportsView): string {
  const session = history.getSession(sessionId);
  return session === undefined ? strings.untitled : sessionTitle(session, strings);
}
