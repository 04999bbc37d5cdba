import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { AlikeController, AlikeTarget } from '../../controller/inbox/alike-controller.js';
import type { SessionHistoryController } from '../../controller/session-history-controller.js';
import { answerText, questionText } from '../../protocol/questions/interaction-text.js';
import { toResponse } from '../../protocol/questions/interactions.js';
import { refusalText } from '../strings/refusal-text.js';
import type { PanelStrings } from '../strings/english.js';
import { plainLine } from '../strings/plain-line.js';
import { sessionTitle } from '../strings/session-text.js';
import { icon, statusIcon } from '../theme/icons.js';

/** Props of the dialog. */
export interface AlikeDialogView {
  readonly state: AlikeController;
  readonly history: SessionHistoryController;
  readonly strings: PanelStrings;
  readonly onSend: () => void;
  readonly onClose: () => void;
}

/**
 * Renders the dialog in which a person confirms one answer for several sessions, and then sees the outcome of each. It
 * is shown with `showModal()` after the update that draws it.
 */
export function renderAlikeDialog(view: AlikeDialogView): TemplateResult | typeof nothing {
  const { state, strings, onClose } = view;
  const { proposal, targets } = state;
  if (proposal === undefined) return nothing;
  const { interaction, answer } = proposal;
  const text = plainLine(answerText(interaction, toResponse(interaction, answer), strings));
  const count = (...phases: readonly AlikeTarget['phase'][]) =>
    targets.filter(({ phase }) => phases.includes(phase)).length;
  const sent = count('sent');
  const failed = count('failed');
  const isOver = sent + failed > 0 && count('sending') === 0;
  return html`<dialog
    part="dialog"
    class="alike"
    aria-labelledby="alike-title"
    aria-describedby="alike-text"
    @close=${onClose}
    @keydown=${(event: Event) => event.stopPropagation()}
  >
    <h2 id="alike-title">${strings.alikeTitle(count('same', 'sending', 'sent', 'failed'))}</h2>
    <p id="alike-text">${strings.alikeText(plainLine(questionText(interaction)), text)}</p>
    <ul class="targets" role="list">
      ${repeat(
        targets,
        ({ sessionId }) => sessionId,
        (target) => renderTarget(target, view),
      )}
    </ul>
    <p class="alike-report" role="status">${isOver ? strings.alikeReport(sent, failed) : nothing}</p>
    ${renderButtons(view, count('checking'), count('same'), count('sending'), failed, sent)}
  </dialog>`;
}

function renderButtons(
  { strings, onSend }: AlikeDialogView,
  checking: number,
  same: number,
  sending: number,
  failed: number,
  sent: number,
): TemplateResult {
  const hasBegun = sending + failed + sent > 0;
  const close = html`<button type="button" class="button" autofocus @click=${closeDialogOf}>
    ${hasBegun ? strings.close : strings.doNotSend}
  </button>`;
  if (sending > 0) return html`<div class="choices">${close}</div>`;
  if (hasBegun) {
    return html`<div class="choices">
      ${close}
      ${
        failed === 0
          ? nothing
          : html`<button type="button" class="button primary" @click=${onSend}>${strings.tryAgain}</button>`
      }
    </div>`;
  }
  return html`<div class="choices">
    ${close}
    <button
      type="button"
      class="button primary"
      aria-disabled=${checking > 0 ? 'true' : nothing}
      @click=${() => {
        if (checking === 0) onSend();
      }}
    >
      ${checking > 0 ? strings.alikeChecking : strings.sendAnswers(same)}
    </button>
  </div>`;
}

function renderTarget(target: AlikeTarget, { history, strings }: AlikeDialogView): TemplateResult {
  const session = history.getSession(target.sessionId);
  const title = session === undefined ? strings.untitled : sessionTitle(session, strings);
  const isLeftOut = target.phase === 'different' || target.phase === 'unreachable';
  return html`<li class=${isLeftOut ? 'left-out' : target.phase}>
    ${iconOf(target)} <span class="target-title" dir="auto" title=${title}>${title}</span>
    <span class="target-phase">${phaseText(target, strings)}</span>
  </li>`;
}

function iconOf({ phase }: AlikeTarget): TemplateResult {
  switch (phase) {
    case 'checking':
    case 'sending':
      return statusIcon('running');
    case 'same':
      return statusIcon('suspended');
    case 'sent':
      return icon('check');
    case 'failed':
      return statusIcon('failed');
    case 'different':
    case 'unreachable':
      return statusIcon('skipped');
  }
}

function phaseText({ phase, error }: AlikeTarget, strings: PanelStrings): string {
  switch (phase) {
    case 'checking':
      return strings.alikeChecking;
    case 'same':
      return '';
    case 'different':
      return strings.alikeDifferent;
    case 'unreachable':
      return strings.alikeUnreachable;
    case 'sending':
      return strings.sending;
    case 'sent':
      return strings.alikeSent;
    case 'failed':
      return error === undefined ? '' : refusalText(error, strings);
  }
}

/** Closes the dialog around a button. Removing it without closing would not restore the focus. */
function closeDialogOf(event: Event): void {
  if (event.currentTarget instanceof Element) event.currentTarget.closest('dialog')?.close();
}
