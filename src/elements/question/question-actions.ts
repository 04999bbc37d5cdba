import { html, nothing, type TemplateResult } from 'lit';
import type { DraftDurability } from '../../controller/drafts-controller.js';
import type { Answer, Interaction } from '../../protocol/interactions.js';
import type { PanelStrings } from '../strings/english.js';

/** Props of the card's footer. */
export interface ActionsView {
  readonly interaction: Interaction;
  readonly strings: PanelStrings;
  /** True while an answer is being sent. */
  readonly isBusy: boolean;
  /** True while files are being read. */
  readonly isReading: boolean;
  /** True when an answer was refused and can be sent again. */
  readonly isRefused: boolean;
  /** How durably the host stores the input; undefined when it does not, or when there is none. */
  readonly durability: DraftDurability | undefined;
  /** Number of fields with problems. */
  readonly wrongFields: number;
  readonly onSend: () => void;
  /** Called with answers that need no control: consent, and a skip. */
  readonly onAnswer: (answer: Answer) => void;
}

/**
 * Renders the card's footer: a note, and the buttons that answer. The buttons stay focusable while an answer
 * is being sent, so that keyboard users do not lose their place.
 */
export function renderActions(view: ActionsView): TemplateResult {
  return html`<div class="actions">
    ${renderNote(view)} ${view.interaction.kind === 'consent' ? renderConsent(view) : renderSend(view)}
  </div>`;
}

function renderNote({
  interaction,
  strings,
  isBusy,
  durability,
  wrongFields,
}: ActionsView): TemplateResult | typeof nothing {
  if (isBusy) {
    // Next to a button with the same text, this is only for people who do not see the button.
    const className = interaction.kind === 'consent' ? 'note' : 'visually-hidden';
    return html`<p class=${className} role="status">${strings.sending}</p>`;
  }
  if (wrongFields > 0) {
    return html`<p class="note problem" role="alert">${strings.fieldsWrong(wrongFields)}</p>`;
  }
  return durability === undefined ? nothing : html`<p class="note">${draftText(durability, strings)}</p>`;
}

function draftText(durability: DraftDurability, strings: PanelStrings): string {
  switch (durability) {
    case 'kept':
      return strings.draftKept;
    case 'kept-without-files':
      return strings.draftKeptWithoutFiles;
    case 'in-memory':
      return strings.draftInMemory;
  }
}

function renderConsent({ strings, isBusy, onAnswer }: ActionsView): TemplateResult {
  const disabled = isBusy ? 'true' : nothing;
  return html`
    <button
      type="button"
      class="button"
      aria-describedby="prompt"
      aria-disabled=${disabled}
      @click=${() => onAnswer({ kind: 'consent', isGranted: false })}
    >
      ${strings.doNotAllow}
    </button>
    <button
      type="button"
      class="button primary"
      part="send"
      aria-describedby="prompt"
      aria-disabled=${disabled}
      @click=${() => onAnswer({ kind: 'consent', isGranted: true })}
    >
      ${strings.allow}
    </button>
  `;
}

function renderSend(view: ActionsView): TemplateResult {
  const { strings, isBusy, isRefused } = view;
  const label = isBusy ? strings.sending : isRefused ? strings.sendAgain : strings.send;
  return html`
    ${renderSkip(view)}
    <button
      type="button"
      class="button primary"
      id="send"
      part="send"
      aria-disabled=${isBusy || view.isReading ? 'true' : nothing}
      aria-keyshortcuts="Control+Enter Meta+Enter"
      @click=${view.onSend}
    >
      ${label} ${isBusy ? nothing : html`<kbd aria-hidden="true">${shortcutHint(strings)}</kbd>`}
    </button>
  `;
}

function renderSkip({
  interaction,
  strings,
  isBusy,
  onAnswer,
}: ActionsView): TemplateResult | typeof nothing {
  const label = skipLabelOf(interaction, strings);
  if (label === undefined) return nothing;
  return html`<button
    type="button"
    class="button"
    part="skip"
    aria-disabled=${isBusy ? 'true' : nothing}
    @click=${() => onAnswer({ kind: 'skip' })}
  >
    ${label}
  </button>`;
}

function skipLabelOf(interaction: Interaction, strings: PanelStrings): string | undefined {
  if (interaction.kind === 'text') return interaction.skipLabel;
  return interaction.kind === 'form' && interaction.isSkippable ? strings.skip : undefined;
}

/** The keys that send, as labelled on the reader's keyboard. */
function shortcutHint(strings: PanelStrings): string {
  return /Mac|iP(hone|ad|od)/.test(globalThis.navigator?.platform ?? '')
    ? strings.sendKeysMac
    : strings.sendKeys;
}
