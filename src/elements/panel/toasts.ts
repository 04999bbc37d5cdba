import { css, html, nothing, type TemplateResult } from 'lit';
import type { PendingDeletion } from '../../controller/session-history-controller.js';
import { sessionTitle } from '../strings/session-text.js';
import type { PanelStrings } from '../strings/english.js';

/** Something that has no row to be said in. */
export interface PanelNotice {
  readonly text: string;
  /** An error stays until it is closed. */
  readonly isError: boolean;
}

/** What is said below the list. */
export interface Toasts {
  readonly deletions: readonly PendingDeletion[];
  readonly notice: PanelNotice | undefined;
  readonly nowMs: number;
  readonly strings: PanelStrings;
  readonly onUndo: (deletion: PendingDeletion) => void;
  readonly onClose: () => void;
}

/**
 * What was deleted and can still be taken back, one line each, with the seconds that are left; and what
 * did or did not succeed.
 */
export function renderToasts(toasts: Toasts): TemplateResult {
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

function renderNotice({ notice, strings, onClose }: Toasts): TemplateResult | typeof nothing {
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

/** Styles of what is said below the list. */
export const toastStyles = css`
  /* Below the list and not over it: no row is covered. */
  .toasts {
    display: grid;
    flex: none;
    grid-template-columns: minmax(0, 1fr);
    gap: 6px;
    padding-inline: 10px;
  }
  .toast {
    display: flex;
    gap: 10px;
    align-items: baseline;
    padding: 8px 12px;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_surface);
    font-size: var(--_size-s);
  }
  .toast:last-child {
    margin-block-end: 10px;
  }
  .toast-text {
    flex: 1;
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .toast-text.is-whole {
    overflow-wrap: anywhere;
    white-space: normal;
  }
  .toast.failed {
    border-color: var(--_failed-border);
    background: var(--_failed-soft);
    color: var(--_failed);
  }
  .toast .link {
    flex: none;
    font-weight: 600;
  }
  .left {
    unicode-bidi: plaintext;
    flex: none;
    min-inline-size: 2.2em;
    color: var(--_fg-3);
    font-variant-numeric: tabular-nums;
    text-align: end;
  }
`;
