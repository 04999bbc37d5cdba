import { html, nothing, type TemplateResult } from 'lit';
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
 * Renders the messages below the list: one line per deletion that can still be undone, with the seconds
 * left; then the notice about the last command.
 */
export function renderToasts(toasts: ToastsView): TemplateResult {
  const { deletions, nowMs, strings, onUndo } = toasts;
  return html`<div class="toasts" part="toasts">
    ${deletions.map((deletion) => {
      const [first, ...others] = deletion.sessions;
      const seconds = Math.max(0, Math.ceil((deletion.dueMs - nowMs) / 1000));
      const text =
        first === undefined || others.length > 0
          ? strings.deletedSessions(deletion.sessions.length)
          : strings.deletedSession(sessionTitle(first, strings));
      return seconds === 0
        ? nothing
        : html`<div class="toast" part="toast">
            <span class="toast-text" role="status" dir="auto" title=${text}>${text}</span>
            <button type="button" class="link" @click=${() => onUndo(deletion)}>${strings.undo}</button>
            <span class="left" aria-hidden="true">${strings.secondsLeft(seconds)}</span>
          </div>`;
    })}
    ${renderNotice(toasts)}
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
