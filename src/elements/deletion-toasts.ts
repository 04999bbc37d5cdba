import { css, html, nothing, type TemplateResult } from 'lit';
import type { PendingDeletion } from '../controller/session-history-controller.js';
import { sessionTitle } from './session-text.js';
import type { PanelStrings } from './strings.js';

/** What was deleted and can still be taken back: one line each, with the seconds that are left. */
export function renderDeletions(
  deletions: readonly PendingDeletion[],
  nowMs: number,
  strings: PanelStrings,
  onUndo: (deletion: PendingDeletion) => void,
): TemplateResult {
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
            <span class="toast-text" role="status" title=${text}>${text}</span>
            <button type="button" class="link" @click=${() => onUndo(deletion)}>${strings.undo}</button>
            <span class="left" aria-hidden="true">${strings.secondsLeft(seconds)}</span>
          </div>`;
    })}
  </div>`;
}

/** Styles of what can be taken back. */
export const deletionStyles = css`
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
  .toast .link {
    flex: none;
    font-weight: 600;
  }
  .left {
    flex: none;
    min-inline-size: 2.2em;
    color: var(--_fg-3);
    font-variant-numeric: tabular-nums;
    text-align: end;
  }
`;
