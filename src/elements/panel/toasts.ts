import { html, nothing, type TemplateResult } from 'lit';
import { UNDO_MS } from '../../actions/delayed-deletions.js';
import type { PendingDeletion } from '../../controller/session-history-controller.js';
import { sessionTitle } from '../strings/session-text.js';
import type { PanelStrings } from '../strings/english.js';

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
  readonly nowMs: number;
  readonly strings: PanelStrings;
  readonly onUndo: (deletion: PendingDeletion) => void;
  readonly onClose: () => void;
}

/**
 * Renders the messages below the list: one about the deletions that can still be undone, the newest first, with a line for
 * the time left; then the notice about the last command.
 */
export function renderToasts(toasts: ToastsView): TemplateResult {
  return html`<div class="toasts" part="toasts">${renderDeletions(toasts)} ${renderNotice(toasts)}</div>`;
}

function renderDeletions({ deletions, nowMs, strings, onUndo }: ToastsView): TemplateResult | typeof nothing {
  const pending = deletions.filter(({ dueMs }) => dueMs > nowMs);
  const newest = pending.at(-1);
  if (newest === undefined) return nothing;
  const [first, ...others] = pending.flatMap(({ sessions }) => sessions);
  const text =
    first === undefined || others.length > 0
      ? strings.deletedSessions(others.length + 1)
      : strings.deletedSession(sessionTitle(first, strings));
  const left = Math.min(1, (newest.dueMs - nowMs) / UNDO_MS);
  return html`<div class="toast deleted" part="toast" .style=${`--left: ${left}`}>
    <span class="toast-text" role="status" dir="auto" title=${text}>${text}</span>
    <button type="button" class="link" @click=${() => onUndo(newest)}>${strings.undo}</button>
  </div>`;
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
