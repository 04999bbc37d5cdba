import { css, html, type TemplateResult } from 'lit';
import { isTerminalStatus, type SessionSummary } from '../protocol/session.js';
import { sessionTitle } from './session-text.js';
import type { PanelStrings } from './strings.js';

/** Something that is lost when it is done, and the session that it is done to. */
export interface Confirmation {
  readonly kind: 'cancel' | 'delete';
  readonly session: SessionSummary;
}

/** The dialog that names the object and the consequence. It is shown with `showModal()`. */
export function renderConfirmation(
  { kind, session }: Confirmation,
  strings: PanelStrings,
  onClose: (isConfirmed: boolean) => void,
): TemplateResult {
  const name = sessionTitle(session, strings);
  const isDelete = kind === 'delete';
  const endedText = isTerminalStatus(session.status)
    ? strings.confirmDeleteEnded
    : strings.confirmDeleteRunning;
  const close = (event: Event, isConfirmed: boolean) => {
    const dialog = event.currentTarget instanceof Element ? event.currentTarget.closest('dialog') : null;
    // Closing it, and not only removing it, gives the focus back.
    dialog?.close(isConfirmed ? 'confirmed' : '');
  };
  return html`<dialog
    part="dialog"
    role="alertdialog"
    aria-labelledby="confirm-title"
    aria-describedby="confirm-text"
    @close=${(event: Event) => {
      onClose(event.target instanceof HTMLDialogElement && event.target.returnValue === 'confirmed');
    }}
  >
    <h2 id="confirm-title">
      ${isDelete ? strings.confirmDeleteTitle(name) : strings.confirmCancelTitle(name)}
    </h2>
    <p id="confirm-text">${isDelete ? endedText : strings.confirmCancelText}</p>
    <div class="choices">
      <button type="button" class="button" autofocus @click=${(event: Event) => close(event, false)}>
        ${isDelete ? strings.keepSession : strings.keepRunning}
      </button>
      <button type="button" class="button danger" @click=${(event: Event) => close(event, true)}>
        ${isDelete ? strings.deleteSession : strings.cancelRun}
      </button>
    </div>
  </dialog>`;
}

/** Styles of the dialog. */
export const confirmationStyles = css`
  dialog {
    max-inline-size: min(400px, calc(100vw - 32px));
    padding: 20px;
    border: 1px solid var(--_border);
    border-radius: calc(var(--_radius) * 1.5);
    background: var(--_bg);
    color: var(--_fg);
    box-shadow: 0 12px 40px rgb(0 0 0 / 0.28);
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 0.4);
  }
  dialog h2 {
    margin: 0 0 6px;
    font-size: 1.15em;
    font-weight: 620;
    overflow-wrap: anywhere;
  }
  dialog p {
    margin: 0;
    color: var(--_fg-2);
  }
  dialog .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    justify-content: flex-end;
    margin-block-start: 18px;
  }
`;
