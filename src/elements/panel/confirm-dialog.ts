import { css, html, type TemplateResult } from 'lit';
import { isTerminalStatus, type SessionSummary } from '../../protocol/session-summary.js';
import { sessionTitle } from '../strings/session-text.js';
import type { PanelStrings } from '../strings/english.js';

/** Something that is lost when it is done, and the session that it is done to. */
export type Confirmation =
  | { readonly kind: 'cancel' | 'delete'; readonly session: SessionSummary }
  | { readonly kind: 'clear'; readonly sessionIds: readonly string[] };

/** What the dialog says. */
interface Words {
  readonly title: string;
  readonly text: string;
  readonly keep: string;
  readonly act: string;
}

function wordsOf(confirmation: Confirmation, strings: PanelStrings): Words {
  if (confirmation.kind === 'clear') {
    return {
      title: strings.confirmClearTitle(confirmation.sessionIds.length),
      text: strings.confirmClearText,
      keep: strings.keepSessions,
      act: strings.deleteSessions,
    };
  }
  const { kind, session } = confirmation;
  const name = sessionTitle(session, strings);
  if (kind === 'cancel') {
    const { confirmCancelText: text, keepRunning: keep, cancelRun: act } = strings;
    return { title: strings.confirmCancelTitle(name), text, keep, act };
  }
  const isEnded = isTerminalStatus(session.status);
  return {
    title: strings.confirmDeleteTitle(name),
    text: isEnded ? strings.confirmDeleteEnded : strings.confirmDeleteRunning,
    keep: strings.keepSession,
    act: strings.deleteSession,
  };
}

/** The dialog that names the object and the consequence. It is shown with `showModal()`. */
export function renderConfirmation(
  confirmation: Confirmation,
  strings: PanelStrings,
  onClose: (isConfirmed: boolean) => void,
): TemplateResult {
  const words = wordsOf(confirmation, strings);
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
    <h2 id="confirm-title">${words.title}</h2>
    <p id="confirm-text">${words.text}</p>
    <div class="choices">
      <button type="button" class="button" autofocus @click=${(event: Event) => close(event, false)}>
        ${words.keep}
      </button>
      <button type="button" class="button danger" @click=${(event: Event) => close(event, true)}>
        ${words.act}
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
  dialog .input {
    min-inline-size: min(340px, 70vw);
    margin-block: 8px 6px;
  }
  dialog .hint {
    font-size: var(--_size-s);
  }
  .keys {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 6px 16px;
    margin: 12px 0 0;
  }
  .keys dd {
    margin: 0;
    color: var(--_fg-2);
  }
  kbd {
    padding: 1px 6px;
    border: 1px solid var(--_border);
    border-radius: 4px;
    background: var(--_surface);
    font: var(--_size-s) var(--_font);
  }
  dialog .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    justify-content: flex-end;
    margin-block-start: 18px;
  }
`;
