import { html, nothing, type TemplateResult } from 'lit';
import type { SessionSummary } from '../../../protocol/session-summary.js';
import { renderConfirmation, type Confirmation } from './confirm-dialog.js';
import type { KeptAnswers } from '../../rerun/kept-answers.js';
import type { AnswerInputs } from '../../rerun/rerun-dialog.js';
import { RERUN_PART } from '../../rerun/rerun-part.js';
import { sessionTitle, usualTitle } from '../../strings/session-text.js';
import type { PanelStrings } from '../../strings/english.js';
import { shortcutGroups } from '../shortcuts.js';

/** The dialog that is open; there is one at a time. */
export type PanelDialog =
  | Confirmation
  | { readonly kind: 'rename'; readonly session: SessionSummary }
  | { readonly kind: 'rerun'; readonly session: SessionSummary; readonly kept: KeptAnswers }
  /** Asks for the date from which the list shows sessions. */
  | { readonly kind: 'since' }
  | { readonly kind: 'shortcuts' };

/** Props of the open dialog: callbacks for when it closes. */
export interface DialogsView {
  readonly onConfirm: (isConfirmed: boolean) => void;
  /** Called with the new title, or undefined to keep the old one. */
  readonly onRename: (title: string | undefined) => void;
  /** Called with the inputs of the new run, or undefined when none is to start. */
  /** Called with the date, as `2026-11-29`, or undefined to keep what is shown. */
  readonly onSince: (date: string | undefined) => void;
  readonly onRerun: (inputs: AnswerInputs | undefined) => void;
}

/** Renders the open dialog. It is shown with `showModal()` after the update that draws it. */
export function renderDialog(
  dialog: PanelDialog | undefined,
  strings: PanelStrings,
  { onConfirm, onRename, onRerun, onSince }: DialogsView,
): TemplateResult | typeof nothing {
  if (dialog === undefined) return nothing;
  switch (dialog.kind) {
    case 'shortcuts':
      return renderShortcuts(strings, () => onConfirm(false));
    case 'rerun': {
      const { session, kept } = dialog;
      const title = sessionTitle(session, strings);
      return RERUN_PART.module?.renderRerunDialog({ ...kept, title, strings, onClose: onRerun }) ?? nothing;
    }
    case 'since':
      return renderSince(strings, onSince);
    case 'rename':
      return renderRename(dialog.session, strings, onRename);
    default:
      return renderConfirmation(dialog, strings, onConfirm);
  }
}

/** Closes the dialog around a button. Removing it without closing would not restore the focus. */
function closeDialogOf(event: Event): void {
  if (event.currentTarget instanceof Element) event.currentTarget.closest('dialog')?.close();
}

/** Renders the dialog for a new title. */
function renderRename(
  session: SessionSummary,
  strings: PanelStrings,
  onClose: (title: string | undefined) => void,
): TemplateResult {
  const isDefault = session.graphTitle === undefined && session.title !== undefined;
  return html`<dialog
    part="dialog"
    aria-labelledby="rename-title"
    @close=${(event: Event) => {
      const dialog = event.target instanceof HTMLDialogElement ? event.target : undefined;
      const title = dialog?.querySelector('input')?.value;
      onClose(dialog?.returnValue === 'rename' ? title : undefined);
    }}
  >
    <form method="dialog">
      <h2 id="rename-title">${strings.renameTitle(sessionTitle(session, strings))}</h2>
      <input
        class="input"
        autofocus
        maxlength="200"
        aria-label=${strings.newTitle}
        placeholder=${usualTitle(session, strings)}
        .value=${isDefault ? '' : (session.title ?? '')}
      />
      <p class="hint">${strings.renameHint}</p>
      <div class="choices">
        <button type="button" class="button" @click=${closeDialogOf}>${strings.keepTitle}</button>
        <button class="button primary" value="rename">${strings.rename}</button>
      </div>
    </form>
  </dialog>`;
}

/** Renders the dialog for a date. */
function renderSince(strings: PanelStrings, onClose: (date: string | undefined) => void): TemplateResult {
  return html`<dialog
    part="dialog"
    aria-labelledby="since-title"
    @close=${(event: Event) => {
      const dialog = event.target instanceof HTMLDialogElement ? event.target : undefined;
      const date = dialog?.querySelector('input')?.value ?? '';
      onClose(dialog?.returnValue === 'show' && date !== '' ? date : undefined);
    }}
  >
    <form method="dialog">
      <h2 id="since-title">${strings.sinceTitle}</h2>
      <input type="date" class="input" autofocus required aria-labelledby="since-title" />
      <div class="choices">
        <button type="button" class="button" @click=${closeDialogOf}>${strings.close}</button>
        <button class="button primary" value="show">${strings.sinceShow}</button>
      </div>
    </form>
  </dialog>`;
}

/** Renders the dialog that lists the keyboard shortcuts. */
function renderShortcuts(strings: PanelStrings, onClose: () => void): TemplateResult {
  return html`<dialog part="dialog" class="wide" aria-labelledby="shortcuts-title" @close=${onClose}>
    <h2 id="shortcuts-title">${strings.shortcuts}</h2>
    <div class="key-groups">
      ${shortcutGroups(strings).map(
        ({ title, shortcuts }) =>
          html`<section aria-label=${title}>
            <h3>${title}</h3>
            <dl class="keys">
              ${shortcuts.map(
                ({ keys, text }) =>
                  html`<dt>${keys.map((key) => (key === '…' ? '… ' : html`<kbd>${key}</kbd> `))}</dt>
                    <dd>${text}</dd>`,
              )}
            </dl>
          </section>`,
      )}
    </div>
    <div class="choices">
      <button type="button" class="button" autofocus @click=${closeDialogOf}>${strings.close}</button>
    </div>
  </dialog>`;
}
