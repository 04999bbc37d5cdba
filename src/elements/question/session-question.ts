import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { DraftDurability } from '../../controller/drafts-controller.js';
import type { AnswerState } from '../../controller/run/run-controller.js';
import type { Answer, Interaction } from '../../protocol/questions/interactions.js';
import type { JsonObject } from '../../protocol/values/json.js';
import { isFinalRefusal } from '../../protocol/problems.js';
import { contentStyles } from '../content/content.styles.js';
import { unfinishedPlaces } from '../form/field-parts.js';
import { dropOnCard } from '../form/file-drop.js';
import { ROOT_POINTER } from '../../protocol/schema/json-pointer.js';
import type { FieldProblems } from '../form/schema/field-problem.js';
import { englishStrings, type PanelStrings } from '../strings/english.js';
import { theme } from '../theme/theme.js';
import { renderDraftConflict } from './draft-conflict.js';
import { renderActions, renderNote, type ActionsView } from './question-actions.js';
import { renderHead } from './question-head.js';
import { renderBody } from './question-body.js';
import { choiceKeyEffect, SHOWN_CHOICES } from './question-choice.js';
import { draftOfResponse, isBlank, parseDraft, type QuestionDraft } from './question-draft.js';
import { QuestionEditor } from './question-editor.js';
import { questionStyles } from './question.styles.js';
import { refusalText } from '../strings/refusal-text.js';
import { isOneLine } from './one-line.js';
import { draftText } from './unsent-text.js';
import { pressedDigit, pressedKey } from '../base/pressed-key.js';

/**
 * One open question of a node: the node that asks, the question, the control to answer it with, and the state
 * of the answer. It sends nothing itself: it calls `onAnswer`, and its owner sets `answerState`.
 *
 * @csspart question - The card around the question
 * @csspart prompt - The question
 * @csspart choice - One of the choices
 * @csspart content - Content of the question
 * @csspart send - The button that sends
 * @csspart skip - The button that skips
 */
export class SessionQuestion extends LitElement {
  static override properties = {
    interaction: { attribute: false },
    answerState: { attribute: false },
    nodeTitle: { attribute: false },
    position: { type: Number },
    total: { type: Number },
    isNextHinted: { attribute: false },
    strings: { attribute: false },
    onAnswer: { attribute: false },
    onDigitAnswer: { attribute: false },
    draft: { attribute: false },
    conflictingDraft: { attribute: false },
    lastAnswer: { attribute: false },
    draftDurability: { attribute: false },
    onDraft: { attribute: false },
    resolveHandle: { attribute: false },
    frameUrl: { attribute: false },
    fileUrlPrefix: { attribute: false },
    shownChoices: { state: true },
  };

  static override styles = [theme, contentStyles, questionStyles];

  /** The question. Another `interactionId` starts another draft; the same one keeps it. */
  declare interaction: Interaction | undefined;
  /** The state of the answer; undefined before one was given. */
  declare answerState: AnswerState | undefined;
  /** Title of the node that asks. */
  declare nodeTitle: string;
  /** Position among the open questions of the session, from 1, and their number; default: the only one. */
  declare position: number;
  declare total: number;
  /** True: it shows the key that goes to the next question. */
  declare isNextHinted: boolean;
  declare strings: PanelStrings;
  /** Called with a complete answer. */
  declare onAnswer: ((answer: Answer) => void) | undefined;
  /** Called when a digit answers a single choice; without it a digit only chooses. */
  declare onDigitAnswer: ((answer: Answer) => void) | undefined;
  /**
   * The stored draft of this question, as `onDraft` was called with it; anything else counts as none. One
   * that differs from the card's own draft comes from another tab, and replaces it.
   */
  declare draft: unknown;
  /** A draft typed in another tab at the same time; the person is asked which one to keep. */
  declare conflictingDraft: unknown;
  /** How the same question was answered in an earlier run; offered while nothing is entered. */
  declare lastAnswer: JsonObject | undefined;
  /** How durably the host stores the draft; default: in full. */
  declare draftDurability: DraftDurability | undefined;
  /**
   * Called with plain JSON whenever a person changes something; `overridesOther`: chosen over
   * `conflictingDraft`.
   */
  declare onDraft: ((draft: QuestionDraft, overridesOther?: boolean) => void) | undefined;
  /** Returns the URL of bytes that the server stores, from their handle. */
  declare resolveHandle: ((handle: string) => string | undefined) | undefined;
  /** URL at which the host serves `html-frame.html`. */
  declare frameUrl: string | undefined;
  /** URL below which files of a run are loaded from their own addresses; undefined: they are links. */
  declare fileUrlPrefix: string | undefined;
  /** @internal Number of choices to show. */
  declare shownChoices: number;

  #focusNext: 'problem' | 'error' | 'send' | undefined;
  readonly #editor = new QuestionEditor({
    onChange: () => this.requestUpdate(),
    onDraft: (draft, overridesOther) => this.onDraft?.(draft, overridesOther),
    unfinished: () => unfinishedPlaces(this.renderRoot),
  });

  constructor() {
    super();
    this.addEventListener('focusin', this.#onFocusIn);
    this.interaction = undefined;
    this.answerState = undefined;
    this.nodeTitle = '';
    this.position = 1;
    this.total = 1;
    this.isNextHinted = false;
    this.strings = englishStrings;
    this.onAnswer = undefined;
    this.onDigitAnswer = undefined;
    this.draft = undefined;
    this.conflictingDraft = undefined;
    this.lastAnswer = undefined;
    this.draftDurability = undefined;
    this.onDraft = undefined;
    this.resolveHandle = undefined;
    this.frameUrl = undefined;
    this.fileUrlPrefix = undefined;
    this.shownChoices = SHOWN_CHOICES;
  }

  /** Moves focus to the control. */
  override focus(options?: FocusOptions): void {
    const { renderRoot } = this;
    const control =
      renderRoot.querySelector<HTMLElement>('.choice input:checked') ??
      renderRoot.querySelector<HTMLElement>('.body :is(input:not([hidden]), textarea, select)') ??
      renderRoot.querySelector<HTMLElement>('.actions button');
    control?.focus(options);
  }

  /** The buttons of the card do not cover what has the focus. WebKit does not heed `scroll-padding` when it moves it. */
  readonly #onFocusIn = (event: FocusEvent): void => {
    const [target] = event.composedPath();
    // A press must hit what it began on.
    if (target instanceof Element && !this.matches(':active')) target.scrollIntoView({ block: 'nearest' });
  };

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { interaction } = this;
    if (interaction === undefined) return;
    const before = changed.get('interaction');
    const isOther = changed.has('interaction') && before?.interactionId !== interaction.interactionId;
    if (isOther) {
      this.#editor.open(interaction);
      this.shownChoices = SHOWN_CHOICES;
    }
    if (isOther || (['interaction', 'nodeTitle', 'strings'] as const).some((name) => changed.has(name))) {
      this.#editor.describe(interaction, this.nodeTitle, this.strings.variantName);
    }
    if (isOther || (changed.has('draft') && this.draft !== this.#editor.storedDraft)) {
      this.#editor.adoptDraft(this.draft, interaction);
    }
    if (changed.has('answerState')) this.#onAnswerState();
  }

  protected override updated(): void {
    const target = this.#focusNext;
    this.#focusNext = undefined;
    if (target === 'problem') this.#focusProblem();
    else if (target !== undefined) this.renderRoot.querySelector<HTMLElement>(`#${target}`)?.focus();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { interaction, strings, nodeTitle } = this;
    if (interaction === undefined) return nothing;
    const { problems, draft, form } = this.#editor;
    const actions = this.#actionsView(interaction, problems);
    return html`<div
      class=${actions.isOneLine ? 'card one-line' : 'card'}
      part="question"
      role="group"
      aria-labelledby="who"
      @keydown=${this.#onKey}
      @focusout=${this.#onFocusOut}
      @dragover=${dropOnCard}
      @dragleave=${dropOnCard}
      @drop=${dropOnCard}
    >
      ${renderHead({
        position: this.position,
        total: this.total,
        nodeTitle,
        strings,
        note: actions.isOneLine ? renderNote(actions) : nothing,
        shown: draft.kind !== 'form' ? undefined : draft.json === undefined ? 'form' : 'json',
        isBusy: this.#isBusy,
        onSwitch: this.#onSwitch,
      })}
      <fieldset
        class="body"
        role="none"
        ?disabled=${this.#isBusy || (this.#isFinal && interaction.kind === 'choice')}
      >
        ${renderBody({
          interaction,
          form,
          draft,
          problems,
          nodeTitle,
          options: {
            strings,
            resolveHandle: this.resolveHandle,
            frameUrl: this.frameUrl,
            fileUrlPrefix: this.fileUrlPrefix,
          },
          fileStatusOf: (pointer) => this.#editor.fileStatusOf(pointer),
          shownChoices: this.shownChoices,
          onMoreChoices: () => {
            this.shownChoices += SHOWN_CHOICES;
          },
          onDraft: (draft) => this.#editor.setDraft(draft),
          onForm: (form, pointer) => this.#editor.setForm(form, pointer),
          onFiles: (files, pointer) => void this.#addFiles(files, pointer),
        })}
      </fieldset>
      ${this.#renderConflict(interaction)} ${this.#renderRefusal()}
      ${this.#isFinal ? nothing : renderActions(actions)}
    </div>`;
  }

  #actionsView(interaction: Interaction, problems: FieldProblems): ActionsView {
    const { draft, form, isStored, isReading } = this.#editor;
    return {
      interaction,
      strings: this.strings,
      isBusy: this.#isBusy,
      isReading,
      isRefused: this.answerState?.phase === 'refused',
      durability: isStored && this.onDraft !== undefined ? (this.draftDurability ?? 'kept') : undefined,
      isOneLine: isOneLine(interaction, draft, form),
      isNextHinted: this.isNextHinted,
      // A problem of the answer as a whole is shown at its only control.
      wrongFields: problems.has(ROOT_POINTER) ? 0 : problems.size,
      onSend: this.#send,
      onLastAnswer: this.#lastAnswerOf(interaction),
      onAnswer: (answer) => this.#answer(answer),
    };
  }

  #renderConflict(interaction: Interaction): TemplateResult | typeof nothing {
    const other = parseDraft(interaction, this.conflictingDraft);
    if (other === undefined || this.#isBusy) return nothing;
    return renderDraftConflict({
      text: draftText(interaction, other, this.strings),
      strings: this.strings,
      onTake: () => this.#decide(other),
      onKeep: () => this.#decide(this.#editor.draft),
    });
  }

  /** Fills in the answer of an earlier run, for the person to send; undefined once something is entered. */
  #lastAnswerOf(interaction: Interaction): (() => void) | undefined {
    const { draft, form } = this.#editor;
    const last = this.lastAnswer === undefined ? undefined : draftOfResponse(interaction, this.lastAnswer);
    if (last === undefined || !isBlank(draft, form)) return undefined;
    return () => {
      this.#editor.setDraft(last);
      // The button is removed with the next update.
      this.focus();
    };
  }

  #decide(draft: QuestionDraft): void {
    this.#editor.setDraft(draft, true);
    this.focus();
  }

  #renderRefusal(): TemplateResult | typeof nothing {
    if (this.answerState?.phase !== 'refused') return nothing;
    const text = refusalText(this.answerState.error, this.strings);
    return html`<p class="refusal" id="error" role="alert" tabindex="-1">${text}</p>`;
  }

  get #isBusy(): boolean {
    return this.answerState?.phase === 'sending' || this.answerState?.phase === 'sent';
  }

  get #isFinal(): boolean {
    return this.answerState?.phase === 'refused' && isFinalRefusal(this.answerState.error);
  }

  /** Moves focus only for a person who is still at this card. */
  #onAnswerState(): void {
    const { answerState } = this;
    const isHere = this.matches(':focus-within');
    if (this.#isBusy && isHere) this.#focusNext = 'send';
    if (answerState?.phase !== 'refused') return;
    this.#editor.refuse(answerState.error);
    if (isHere) this.#focusNext = 'error';
  }

  #showProblem(): void {
    this.#focusNext = 'problem';
    this.requestUpdate();
  }

  #focusProblem(): void {
    const invalid = this.renderRoot.querySelector<HTMLElement>(
      '[aria-invalid="true"], [data-invalid="true"]',
    );
    const isControl = invalid?.matches('input, textarea, select') === true;
    (isControl ? invalid : invalid?.querySelector<HTMLElement>('input:not([hidden]), button'))?.focus();
  }

  async #addFiles(files: readonly File[], pointer: string): Promise<void> {
    // The file picker may have been opened before the answer was sent, and confirmed after.
    if (!this.#isBusy) await this.#editor.addFiles(files, pointer);
  }

  readonly #onSwitch = (): void => {
    if (!this.#isBusy && !this.#editor.switchView()) this.#showProblem();
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.repeat) return;
    if (pressedKey(event) === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.#send();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { draft } = this.#editor;
    if (draft.kind === 'choice') this.#onChoiceKey(event, draft.selectedIds);
  };

  /** A date that a person has completed, or emptied, without a change of its value is no longer a problem. */
  readonly #onFocusOut = ({ target }: FocusEvent): void => {
    if (!(target instanceof HTMLInputElement) || target.value !== '' || target.type === 'text') return;
    // A control also loses the focus when an update removes it.
    void this.updateComplete.then(() => this.requestUpdate());
  };

  #onChoiceKey(event: KeyboardEvent, selectedIds: readonly string[]): void {
    if (this.interaction?.kind !== 'choice' || this.#isBusy) return;
    const effect = choiceKeyEffect(this.interaction, selectedIds, event);
    if (effect === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (effect !== 'send') {
      this.#editor.setDraft({ kind: 'choice', selectedIds: effect.selectedIds });
      this.renderRoot.querySelectorAll<HTMLElement>('.choice input')[effect.position]?.focus();
    }
    const isSingle = this.interaction.selectionMode === 'single';
    const { answer } = this.#editor;
    if (
      this.onDigitAnswer !== undefined &&
      isSingle &&
      answer !== undefined &&
      pressedDigit(event) !== undefined
    )
      this.onDigitAnswer(answer);
    else if (effect === 'send') this.#send();
  }

  readonly #send = (): void => {
    if (this.#isBusy || this.#isFinal || this.#editor.isReading) return;
    if (!this.#editor.validate()) {
      this.#showProblem();
      return;
    }
    const { answer } = this.#editor;
    if (answer !== undefined) this.#answer(answer);
  };

  #answer(answer: Answer): void {
    if (!this.#isBusy) this.onAnswer?.(answer);
  }
}
