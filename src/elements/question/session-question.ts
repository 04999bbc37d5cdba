import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { DraftDurability } from '../../controller/drafts-controller.js';
import type { AnswerState } from '../../controller/run-controller.js';
import type { ContentPart } from '../../protocol/content.js';
import type { Answer, Interaction } from '../../protocol/interactions.js';
import { contentStyles } from '../content/content.styles.js';
import { dropOnCard } from '../form/file-drop.js';
import type { Form } from '../form/model/fields.js';
import type { FormDraft } from '../form/model/form-draft.js';
import type { FieldProblem, FieldProblems } from '../form/model/validate.js';
import { renderActions } from './question-actions.js';
import { renderBody } from './question-body.js';
import { choiceKeyEffect } from './question-choice.js';
import {
  checkDraft,
  draftAnswer,
  emptyDraft,
  parseDraft,
  questionForm,
  switchView,
  withPart,
  type QuestionDraft,
} from './question-draft.js';
import { ROOT_POINTER } from '../form/model/json-pointer.js';
import { FileIntake, filesBytes } from '../form/files.js';
import { renderOtherDraft } from './draft-conflict.js';
import { isFinalRefusal } from '../../protocol/problems.js';
import { refusalText, serverProblems } from './refusal.js';
import { loadSchemaCheck, type SchemaCheck } from '../form/model/schema-check.js';
import { problemsAtFields } from '../form/model/schema-problems.js';
import { questionStyles } from './question.styles.js';
import { englishStrings, type PanelStrings } from '../strings/english.js';
import { theme } from '../theme/theme.js';
import { draftText } from './unsent-text.js';

/**
 * One open question of a node: who asks, what, the control to answer it with, and what became of the
 * answer. It sends nothing itself: `onAnswer` is called with the answer, and `answerState` comes back.
 *
 * @csspart question - The card around the question
 * @csspart prompt - The question
 * @csspart choice - One of the things to choose from
 * @csspart content - Content of the question
 * @csspart send - The button that sends
 * @csspart skip - The button that skips
 */
export class SessionQuestion extends LitElement {
  static override properties = {
    interaction: { attribute: false },
    answerState: { attribute: false },
    nodeTitle: { attribute: false },
    strings: { attribute: false },
    onAnswer: { attribute: false },
    draft: { attribute: false },
    otherDraft: { attribute: false },
    draftKeeping: { attribute: false },
    onDraft: { attribute: false },
    resolveHandle: { attribute: false },
    frameUrl: { attribute: false },
  };

  static override styles = [theme, contentStyles, questionStyles];

  /** The question. Another `interactionId` starts another draft; the same one keeps it. */
  declare interaction: Interaction | undefined;
  /** What becomes of the answer. */
  declare answerState: AnswerState | undefined;
  /** Who asks. */
  declare nodeTitle: string;
  declare strings: PanelStrings;
  /** Called with an answer that is complete. */
  declare onAnswer: ((answer: Answer) => void) | undefined;
  /**
   * A draft that `onDraft` was called with for this question; anything else is taken for none. Another one
   * than the card has itself is taken over: it comes from another tab.
   */
  declare draft: unknown;
  /** A draft that was typed in another tab at the same time; the person is asked which it shall be. */
  declare otherDraft: unknown;
  /** How safe the host keeps the draft; default: it does. */
  declare draftKeeping: DraftDurability | undefined;
  /** Called with plain JSON whenever a person changed something; `overridesOther`: it shall be this, and not `otherDraft`. */
  declare onDraft: ((draft: QuestionDraft, overridesOther?: boolean) => void) | undefined;
  /** The URL of bytes that the server keeps, from their handle. */
  declare resolveHandle: ((handle: string) => string | undefined) | undefined;
  /** Where the host serves `html-frame.html`. */
  declare frameUrl: string | undefined;

  #form: Form | undefined;
  #current: QuestionDraft = { kind: 'consent' };
  #isTouched = false;
  /** True when the draft is one that the host has. */
  #isKept = false;
  /** True once sending was tried: from then on what is wrong is said while typing. */
  #isChecked = false;
  #schemaCheck: SchemaCheck | undefined;
  #serverProblems = new Map<string, FieldProblem>();
  #focusNext: 'problem' | 'error' | 'send' | undefined;
  readonly #intake = new FileIntake(() => this.requestUpdate());

  constructor() {
    super();
    this.interaction = undefined;
    this.answerState = undefined;
    this.nodeTitle = '';
    this.strings = englishStrings;
    this.onAnswer = undefined;
    this.draft = undefined;
    this.otherDraft = undefined;
    this.draftKeeping = undefined;
    this.onDraft = undefined;
    this.resolveHandle = undefined;
    this.frameUrl = undefined;
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

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { interaction } = this;
    if (interaction === undefined) return;
    const before = changed.get('interaction');
    const isOther = changed.has('interaction') && before?.interactionId !== interaction.interactionId;
    if (isOther) this.#open();
    if (isOther || (['interaction', 'nodeTitle', 'strings'] as const).some((name) => changed.has(name))) {
      this.#form = questionForm(interaction, this.nodeTitle, this.strings.variantName);
    }
    if (isOther || (changed.has('draft') && this.draft !== this.#current)) {
      this.#takeUp(parseDraft(interaction, this.draft), interaction);
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
    const problems = this.#problems;
    const who = strings.nodeAsks(nodeTitle);
    return html`<div
      class="card"
      part="question"
      role="group"
      aria-labelledby="who"
      @keydown=${this.#onKey}
      @dragover=${dropOnCard}
      @dragleave=${dropOnCard}
      @drop=${dropOnCard}
    >
      <div class="head">
        <p class="who" id="who" title=${who}>${who}</p>
        ${this.#renderSwitch()}
      </div>
      <fieldset
        class="body"
        role="none"
        ?disabled=${this.#isBusy || (this.#isFinal && interaction.kind === 'choice')}
      >
        ${renderBody({
          interaction,
          form: this.#form,
          draft: this.#current,
          problems,
          nodeTitle,
          options: { strings, resolveHandle: this.resolveHandle, frameUrl: this.frameUrl },
          notesOf: (pointer) => this.#intake.notesOf(pointer),
          onDraft: (draft) => this.#setDraft(draft),
          onForm: (form, pointer) => this.#setForm(form, pointer),
          onFiles: (files, pointer) => void this.#addFiles(files, pointer),
        })}
      </fieldset>
      ${this.#renderOther(interaction)} ${this.#renderRefusal()}
      ${this.#isFinal ? nothing : this.#renderActions(interaction, problems)}
    </div>`;
  }

  #renderActions(interaction: Interaction, problems: FieldProblems): TemplateResult {
    return renderActions({
      interaction,
      strings: this.strings,
      isBusy: this.#isBusy,
      isReading: this.#intake.isReading,
      isRefused: this.answerState?.phase === 'refused',
      keeping: this.#isKept && this.onDraft !== undefined ? (this.draftKeeping ?? 'kept') : undefined,
      // What is wrong with the answer as a whole is said at its only control.
      wrongFields: problems.has(ROOT_POINTER) ? 0 : problems.size,
      onSend: this.#send,
      onAnswer: (answer) => this.#answer(answer),
    });
  }

  #renderSwitch(): TemplateResult | typeof nothing {
    if (this.#current.kind !== 'form') return nothing;
    const isJson = this.#current.json !== undefined;
    return html`<button
      type="button"
      class="switch"
      aria-disabled=${this.#isBusy ? 'true' : nothing}
      @click=${this.#onSwitch}
    >
      ${isJson ? this.strings.editAsForm : this.strings.editAsJson}
    </button>`;
  }

  #renderOther(interaction: Interaction): TemplateResult | typeof nothing {
    const other = parseDraft(interaction, this.otherDraft);
    if (other === undefined || this.#isBusy) return nothing;
    return renderOtherDraft({
      text: draftText(interaction, other, this.strings),
      strings: this.strings,
      onTake: () => this.#decide(other),
      onKeep: () => this.#decide(this.#current),
    });
  }

  #decide(draft: QuestionDraft): void {
    this.#setDraft(draft, true);
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

  get #problems(): FieldProblems {
    const own = this.#isChecked ? this.#check() : new Map<string, FieldProblem>();
    return new Map([...this.#serverProblems, ...own]);
  }

  /** The fields first: they know best what was typed. Then what only the whole schema says. */
  #check(): FieldProblems {
    const { interaction } = this;
    const own = checkDraft(this.#current, this.#form);
    if (own.size > 0 || interaction?.kind !== 'form' || this.#current.kind !== 'form') return own;
    if (this.#schemaCheck === undefined || this.#form === undefined) return own;
    const answer = draftAnswer(this.#current, this.#form);
    if (answer?.kind !== 'form') return own;
    const found = this.#schemaCheck(interaction.schema, answer.values);
    const isJson = this.#current.json !== undefined;
    return isJson ? found : problemsAtFields(found, this.#form, this.#current.form);
  }

  /** Shows a draft of the host. What was typed here goes only for another draft, and not for none. */
  #takeUp(kept: QuestionDraft | undefined, interaction: Interaction): void {
    if (kept === undefined && this.#isTouched) return;
    this.#isKept = kept !== undefined;
    this.#isTouched = false;
    this.#current = kept ?? emptyDraft(interaction, this.#form);
  }

  #open(): void {
    this.#isTouched = false;
    this.#isChecked = false;
    this.#serverProblems = new Map();
    this.#intake.reset();
    if (this.interaction?.kind === 'form' && this.#schemaCheck === undefined) void this.#loadSchemaCheck();
  }

  async #loadSchemaCheck(): Promise<void> {
    this.#schemaCheck = await loadSchemaCheck();
    if (this.#isChecked) this.requestUpdate();
  }

  /** Focus follows only a person who is still at this card. */
  #onAnswerState(): void {
    const { answerState } = this;
    const isHere = this.matches(':focus-within');
    if (this.#isBusy && isHere) this.#focusNext = 'send';
    if (answerState?.phase !== 'refused') return;
    this.#serverProblems = new Map(serverProblems(answerState.error));
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

  #setDraft(draft: QuestionDraft, overridesOther = false): void {
    this.#current = draft;
    this.#isTouched = true;
    this.#isKept = true;
    this.onDraft?.(draft, overridesOther);
    this.requestUpdate();
  }

  #setForm(form: FormDraft, pointer: string): void {
    this.#serverProblems.delete(pointer);
    this.#setDraft({ kind: 'form', form });
  }

  async #addFiles(files: readonly File[], pointer: string): Promise<void> {
    // Picked before the answer was sent, and confirmed after.
    if (this.#isBusy) return;
    const used = filesBytes(this.#current);
    await this.#intake.add(pointer, files, used, (part) => this.#addPart(part, pointer));
  }

  #addPart(part: ContentPart, pointer: string): void {
    const { kind } = this.#current;
    this.#serverProblems.delete(pointer);
    if (kind === 'text' || kind === 'form')
      this.#setDraft(withPart(this.#current, this.#form, pointer, part));
  }

  readonly #onSwitch = (): void => {
    if (this.#current.kind !== 'form' || this.#form === undefined || this.#isBusy) return;
    const switched = switchView(this.#current, this.#form);
    // JSON that is none has no form.
    this.#isChecked = switched === undefined;
    if (switched !== undefined) this.#setDraft(switched);
    else this.#showProblem();
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || event.repeat) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.#send();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.#current.kind === 'choice') this.#onChoiceKey(event, this.#current.selectedIds);
  };

  #onChoiceKey(event: KeyboardEvent, selectedIds: readonly string[]): void {
    if (this.interaction?.kind !== 'choice' || this.#isBusy) return;
    const effect = choiceKeyEffect(this.interaction, selectedIds, event);
    if (effect === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (effect === 'send') {
      this.#send();
      return;
    }
    this.#setDraft({ kind: 'choice', selectedIds: effect.selectedIds });
    this.renderRoot.querySelectorAll<HTMLElement>('.choice input')[effect.position]?.focus();
  }

  readonly #send = (): void => {
    if (this.#isBusy || this.#isFinal || this.#intake.isReading) return;
    if (this.#check().size > 0) {
      this.#isChecked = true;
      this.#showProblem();
      return;
    }
    const answer = draftAnswer(this.#current, this.#form);
    if (answer !== undefined) this.#answer(answer);
  };

  #answer(answer: Answer): void {
    if (!this.#isBusy) this.onAnswer?.(answer);
  }
}
