import { html, nothing, type TemplateResult } from 'lit';
import type { DraftDurability } from '../../controller/drafts-controller.js';
import type { Answer, Interaction } from '../../protocol/questions/interactions.js';
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
  /** True if the note stands at the top of the card. */
  readonly isOneLine: boolean;
  /** True if the key that goes to the next question is shown. */
  readonly isNextHinted: boolean;
  /** Number of fields with problems. */
  readonly wrongFields: number;
  readonly onSend: () => void;
  /** Fills in how the same question was answered in an earlier run; undefined without such an answer. */
  readonly onLastAnswer: (() => void) | undefined;
  /** Called with answers that need no control: consent, and a skip. */
  readonly onAnswer: (answer: Answer) => void;
}

/**
 * Renders the card's footer: a note, and the buttons that answer. The buttons stay focusable while an answer
 * is being sent, so that keyboard users do not lose their place.
 */
export function renderActions(view: ActionsView): TemplateResult {
  return html`<div class="actions">
    ${view.isOneLine ? nothing : renderNote(view)}
    ${view.interaction.kind === 'consent' ? renderConsent(view) : renderSend(view)}
  </div>`;
}

/** Renders the note: what is sent, what is wrong, where the draft is stored, or the key to the next question. */
export function renderNote(view: ActionsView): TemplateResult | typeof nothing {
  const { interaction, strings, isBusy, durability, wrongFields } = view;
  if (isBusy) {
    // Next to a button with the same text, this is only for people who do not see the button.
    const className = interaction.kind === 'consent' ? 'note' : 'visually-hidden';
    return html`<p class=${className} role="status">${strings.sending}</p>`;
  }
  if (wrongFields > 0) {
    return html`<p class="note problem" role="alert">${strings.fieldsWrong(wrongFields)}</p>`;
  }
  if (durability !== undefined) return html`<p class="note">${draftText(durability, strings)}</p>`;
  return view.isNextHinted ? renderNextKey(view) : nothing;
}

/** Renders the key that goes to the next question from the control of this one: in a text, `n` is a letter. */
function renderNextKey({ interaction, strings }: ActionsView): TemplateResult {
  const hasKeys =
    interaction.kind === 'choice' || interaction.kind === 'consent' || interaction.kind === 'confirm';
  const key = hasKeys ? 'n' : onMac() ? strings.nextKeysMac : strings.nextKeys;
  return html`<p class="note next-key" aria-hidden="true"><kbd>${key}</kbd> ${strings.nextKeyHint}</p>`;
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
      aria-describedby="prompt scope"
      aria-disabled=${disabled}
      @click=${() => onAnswer({ kind: 'consent', isGranted: false })}
    >
      ${strings.doNotAllow}
    </button>
    <button
      type="button"
      class="button primary"
      part="send"
      aria-describedby="prompt scope"
      aria-disabled=${disabled}
      @click=${() => onAnswer({ kind: 'consent', isGranted: true })}
    >
      ${strings.allow}
    </button>
  `;
}

function renderSend(view: ActionsView): TemplateResult {
  const { strings, isBusy, isRefused, interaction } = view;
  const send = interaction.kind === 'confirm' ? strings.continueRun : strings.send;
  const label = isBusy ? strings.sending : isRefused ? strings.sendAgain : send;
  return html`
    ${renderLastAnswer(view)} ${renderSkip(view)}
    <button
      type="button"
      class="button primary"
      id="send"
      part="send"
      aria-describedby=${interaction.kind === 'confirm' ? 'prompt' : nothing}
      aria-disabled=${isBusy || view.isReading ? 'true' : nothing}
      aria-keyshortcuts="Control+Enter Meta+Enter"
      @click=${view.onSend}
    >
      ${label} ${isBusy ? nothing : html`<kbd aria-hidden="true">${shortcutHint(strings)}</kbd>`}
    </button>
  `;
}

function renderLastAnswer({ strings, isBusy, onLastAnswer }: ActionsView): TemplateResult | typeof nothing {
  if (onLastAnswer === undefined || isBusy) return nothing;
  return html`<button
    type="button"
    class="button quiet"
    title=${strings.useLastAnswerHint}
    @click=${onLastAnswer}
  >
    ${strings.useLastAnswer}
  </button>`;
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
  return onMac() ? strings.sendKeysMac : strings.sendKeys;
}

function onMac(): boolean {
  return /Mac|iP(hone|ad|od)/.test(globalThis.navigator?.platform ?? '');
}
