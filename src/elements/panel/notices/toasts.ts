import { html, nothing, type TemplateResult } from 'lit';
import { DELETION_UNDO_MS } from '../../../actions/undoable-calls.js';
import { timeLeftMs } from '../../../controller/countdown.js';
import type { FailedAnswer } from '../../../controller/inbox/inbox-controller.js';
import type {
  PendingDeletion,
  SessionHistoryController,
} from '../../../controller/session-history-controller.js';
import { failedAnswerText } from '../../strings/refusal-text.js';
import { sessionTitle } from '../../strings/session-text.js';
import type { FirstStrings } from '../../strings/first-english.js';

/** A message that belongs to no row. */
export interface PanelNotice {
  readonly text: string;
  /** An error is shown until it is closed. */
  readonly isError: boolean;
}

/** Props of the messages below the list. */
export interface ToastsView {
  readonly deletions: readonly PendingDeletion[];
  readonly notice: PanelNotice | undefined;
  /** Answers of the inbox that were not accepted; empty while the inbox itself reports them. */
  readonly failedAnswers: readonly FailedAnswer[];
  /** The list, for titles. */
  readonly history: SessionHistoryController | undefined;
  readonly nowMs: number;
  readonly strings: FirstStrings;
  readonly onUndo: (deletion: PendingDeletion) => void;
  /** Listener for the pointer and the focus on the message about deletions. */
  readonly onHold: (event: Event) => void;
  readonly onClose: () => void;
  /** Goes to the question whose answer was not accepted. */
  readonly onShowAnswer: (answer: FailedAnswer) => void;
  readonly onCloseAnswer: (answer: FailedAnswer) => void;
}

/**
 * Renders the messages below the list: one about the deletions that can still be undone, the newest first, with a line for
 * the time left; then the answers that were not accepted, and the notice about the last command.
 */
export function renderToasts(toasts: ToastsView): TemplateResult {
  return html`<div class="toasts" part="toasts">
    ${renderDeletions(toasts)} ${renderFailedAnswers(toasts)} ${renderNotice(toasts)}
  </div>`;
}

function renderDeletions(toasts: ToastsView): TemplateResult | typeof nothing {
  const { deletions, nowMs, strings, onUndo, onHold } = toasts;
  const pending = deletions.filter((deletion) => timeLeftMs(deletion, nowMs) > 0);
  const newest = pending.at(-1);
  if (newest === undefined) return nothing;
  const [first, ...others] = pending.flatMap(({ sessions }) => sessions);
  const text =
    first === undefined || others.length > 0
      ? strings.deletedSessions(others.length + 1)
      : strings.deletedSession(sessionTitle(first, strings));
  const left = Math.min(1, timeLeftMs(newest, nowMs) / DELETION_UNDO_MS);
  return html`<div
    class="toast deleted ${newest.pausedMs === undefined ? '' : 'is-paused'}"
    part="toast"
    .style=${`--left: ${left}`}
    @pointerenter=${onHold}
    @pointerleave=${onHold}
    @focusin=${onHold}
    @focusout=${onHold}
  >
    <span class="toast-text" role="status" dir="auto" title=${text}>${text}</span>
    <button type="button" class="link" @click=${() => onUndo(newest)}>${strings.undo}</button>
  </div>`;
}

function renderFailedAnswers(toasts: ToastsView): readonly TemplateResult[] {
  const { failedAnswers, history, strings, onShowAnswer, onCloseAnswer } = toasts;
  if (history === undefined) return [];
  return failedAnswers.map(
    (answer) =>
      html`<div class="toast failed" part="toast" role="alert">
        <span class="toast-text is-whole">${failedAnswerText(answer, history, strings)}</span>
        <button type="button" class="link" @click=${() => onShowAnswer(answer)}>${strings.showNode}</button>
        <button type="button" class="link" @click=${() => onCloseAnswer(answer)}>${strings.close}</button>
      </div>`,
  );
}

function renderNotice({ notice, strings, onClose }: ToastsView): TemplateResult | typeof nothing {
  if (notice === undefined) return nothing;
  const { text, isError } = notice;
  if (!isError) {
    return html`<div class="toast" part="toast"><span role="status">${text}</span></div>`;
  }
  return html`<div class="toast failed" part="toast" role="alert">
    <span class="toast-text is-whole">${text}</span>
    <button type="button" class="link" @click=${onClose}>${strings.close}</button>
  </div>`;
}
