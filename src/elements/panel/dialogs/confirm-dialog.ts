import { html, type TemplateResult } from 'lit';
import { isTerminalStatus, type SessionSummary } from '../../../protocol/session-summary.js';
import { sessionTitle } from '../../strings/session-text.js';
import type { PanelStrings } from '../../strings/english.js';

/** A command that loses data, and the sessions it applies to. */
export type Confirmation =
  | { readonly kind: 'cancel' | 'delete'; readonly session: SessionSummary }
  | { readonly kind: 'clear'; readonly sessionIds: readonly string[] }
  | { readonly kind: 'cancel-many'; readonly sessionIds: readonly string[] }
  /** `running`: how many of them have not ended. */
  | { readonly kind: 'delete-many'; readonly sessionIds: readonly string[]; readonly running: number };

/** Texts of the dialog. */
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
  if (confirmation.kind === 'delete-many') {
    return {
      title: strings.confirmDeleteManyTitle(confirmation.sessionIds.length),
      text: strings.confirmDeleteManyRunning(confirmation.running),
      keep: strings.keepSessions,
      act: strings.deleteSessions,
    };
  }
  if (confirmation.kind === 'cancel-many') {
    const count = confirmation.sessionIds.length;
    return {
      title: strings.confirmCancelManyTitle(count),
      text: strings.confirmCancelManyText,
      keep: strings.keepRunning,
      act: strings.cancelRuns(count),
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

/** Renders the dialog that names the object and the consequence. It is shown with `showModal()`. */
export function renderConfirmation(
  confirmation: Confirmation,
  strings: PanelStrings,
  onClose: (isConfirmed: boolean) => void,
): TemplateResult {
  const words = wordsOf(confirmation, strings);
  const close = (event: Event, isConfirmed: boolean) => {
    const dialog = event.currentTarget instanceof Element ? event.currentTarget.closest('dialog') : null;
    // Removing it without closing would not restore the focus.
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
