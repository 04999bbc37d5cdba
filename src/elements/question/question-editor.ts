import type { ContentPart } from '../../protocol/content.js';
import type { Answer, Interaction } from '../../protocol/questions/interactions.js';
import type { GraphRunError } from '../../protocol/problems.js';
import { FileIntake, filesBytes, MAX_FILES_BYTES, type FileStatus } from '../form/files.js';
import { hasConditions } from '../form/schema/conditions.js';
import { dueForm, plainForm, settleDraft, type FormSource } from '../form/model/due-form.js';
import { explainAll } from '../form/schema/explain-problem.js';
import type { Form } from '../form/model/fields.js';
import { setValue, type FormDraft } from '../form/model/form-draft.js';
import type { VariantName } from '../form/schema/schema-alternatives.js';
import { loadSchemaCheck, type SchemaCheck } from '../form/schema/schema-check.js';
import { draftPointer } from '../form/model/pair-names.js';
import { fieldAt, problemsAtFields } from '../form/model/schema-problems.js';
import type { FieldProblem, FieldProblems } from '../form/schema/field-problem.js';
import {
  checkDraft,
  draftAnswer,
  draftToStore,
  emptyDraft,
  parseDraft,
  switchView,
  withPart,
  type QuestionDraft,
} from './question-draft.js';
import { serverProblems } from './server-problems.js';

/** The callbacks of a `QuestionEditor`. */
export interface EditorCallbacks {
  /** Called when something changed that the card shows. */
  readonly onChange: () => void;
  /**
   * Called with each draft that a person enters, without its secrets; `overridesOther`: a person chose it over the
   * one of another tab.
   */
  readonly onDraft: (draft: QuestionDraft, overridesOther: boolean) => void;
  /** Returns the places of the fields in which something stands that is no value yet, and that only the browser knows. */
  readonly unfinished: () => readonly string[];
}

/** The draft of a question card: editing it, checking it, and the answer that it gives. Draws nothing. */
export class QuestionEditor {
  #interaction: Interaction | undefined;
  #source: FormSource | undefined;
  #form: Form | undefined;
  #draft: QuestionDraft = { kind: 'consent' };
  #storedDraft: QuestionDraft | undefined;
  #isTouched = false;
  #isStored = false;
  /** True once an answer with problems was about to be sent: from then on problems are shown while typing. */
  #isChecked = false;
  #schemaCheck: SchemaCheck | undefined;
  #serverProblems = new Map<string, FieldProblem>();
  readonly #callbacks: EditorCallbacks;
  readonly #intake: FileIntake;

  constructor(callbacks: EditorCallbacks) {
    this.#callbacks = callbacks;
    this.#intake = new FileIntake(callbacks.onChange);
  }

  /** The fields, when the question is a form. */
  get form(): Form | undefined {
    return this.#form;
  }

  get draft(): QuestionDraft {
    return this.#draft;
  }

  /** The draft as the host has it from here: without secrets. */
  get storedDraft(): QuestionDraft | undefined {
    return this.#storedDraft;
  }

  /** True when the host has the draft. */
  get isStored(): boolean {
    return this.#isStored;
  }

  /** True while any file is being read. */
  get isReading(): boolean {
    return this.#intake.isReading;
  }

  /** The files being read for a field, and those that were not added. */
  fileStatusOf(pointer: string): FileStatus {
    return this.#intake.fileStatusOf(pointer);
  }

  /** The problems to show: those that the server reported, and the draft's own once it was checked. */
  get problems(): FieldProblems {
    const own = this.#isChecked ? this.#check() : new Map<string, FieldProblem>();
    return new Map([...this.#serverProblems, ...own]);
  }

  /**
   * The answer that the draft gives; undefined for JSON that is not an object, and for consent, which needs
   * no draft.
   */
  get answer(): Answer | undefined {
    return draftAnswer(this.#draft, this.#form);
  }

  /** Starts over with another question. Call `describe` and `adoptDraft` next. */
  open(interaction: Interaction): void {
    this.#storedDraft = undefined;
    this.#isTouched = false;
    this.#isChecked = false;
    this.#serverProblems = new Map();
    this.#intake.reset();
    if (interaction.kind === 'form' && this.#schemaCheck === undefined) void this.#loadSchemaCheck();
  }

  /** Makes the form of the question, with the labels of the reader's language. Keeps the draft. */
  describe(interaction: Interaction, nodeTitle: string, variantName: VariantName): void {
    this.#interaction = interaction;
    this.#source =
      interaction.kind === 'form'
        ? { schema: interaction.schema, title: nodeTitle, variantName, check: this.#schemaCheck }
        : undefined;
    this.#form = this.#source && plainForm(this.#source);
    this.#showDue();
  }

  /** Shows a draft of the host. Local input is replaced only by another draft, never by none. */
  adoptDraft(value: unknown, interaction: Interaction): void {
    const stored = parseDraft(interaction, value);
    if (stored === undefined && this.#isTouched) return;
    this.#isStored = stored !== undefined;
    this.#isTouched = false;
    this.#form = this.#source && plainForm(this.#source);
    if (stored === undefined) {
      this.#draft = this.#settled(emptyDraft(interaction, this.#form));
    } else {
      this.#draft = stored;
      this.#showDue();
    }
  }

  /** Replaces the draft by the input of a person. */
  setDraft(draft: QuestionDraft, overridesOther = false): void {
    const settled = this.#settled(draft);
    this.#draft = settled;
    this.#isTouched = true;
    this.#isStored = true;
    this.#storedDraft =
      this.#interaction === undefined ? settled : draftToStore(settled, this.#interaction, this.#form);
    this.#callbacks.onDraft(this.#storedDraft, overridesOther);
    this.#callbacks.onChange();
  }

  /** Replaces the draft of the form after a person changed the field at a pointer. */
  setForm(form: FormDraft, pointer: string): void {
    this.#serverProblems.delete(pointer);
    this.setDraft({ kind: 'form', form });
  }

  /** Reads files, and adds them to the answer or to the field at a pointer. */
  async addFiles(files: readonly File[], pointer: string): Promise<void> {
    const usedBytes = this.#usedBytes(pointer);
    await this.#intake.add(pointer, files, usedBytes, (part) => this.#addPart(part, pointer));
  }

  /**
   * Switches between form and JSON. False when the JSON cannot be shown as a form; then its problem is shown.
   */
  switchView(): boolean {
    if (this.#draft.kind !== 'form' || this.#form === undefined) return true;
    const switched = switchView(this.#draft, this.#form);
    this.#isChecked = switched === undefined;
    if (switched !== undefined) {
      // What a person left out of the JSON does not start again.
      this.#draft = switched;
      this.#showDue();
      this.setDraft(switched);
    }
    return switched !== undefined;
  }

  /** Checks the draft before it is sent. False when it has problems, which are shown from then on. */
  validate(): boolean {
    const isValid = this.#check().size === 0;
    if (!isValid) this.#isChecked = true;
    return isValid;
  }

  /** Shows the problems that the server found in the answer. */
  refuse(error: GraphRunError): void {
    const names = this.#draft.kind === 'form' ? this.#draft.form.names : undefined;
    this.#serverProblems = new Map(
      [...serverProblems(error)].map(([pointer, problem]) => [draftPointer(pointer, names), problem]),
    );
  }

  /** Checks the fields first, which know best what was typed, and then the schema as a whole. */
  #check(): FieldProblems {
    const draft = this.#draft;
    const own = new Map([...checkDraft(draft, this.#form), ...this.#unfinishedProblems()]);
    if (own.size > 0 || this.#interaction?.kind !== 'form' || draft.kind !== 'form') return own;
    const { answer } = this;
    if (this.#schemaCheck === undefined || this.#form === undefined || answer?.kind !== 'form') return own;
    const found = this.#schemaCheck.problems(this.#interaction.schema, answer.values);
    return draft.json === undefined ? problemsAtFields(found, this.#form, draft.form) : explainAll(found);
  }

  /** Left unsaid, they would be sent as if they were empty. */
  #unfinishedProblems(): FieldProblems {
    if (this.#draft.kind !== 'form' || this.#draft.json !== undefined || this.#form === undefined)
      return new Map();
    const { form } = this.#draft;
    const shown = this.#form;
    return new Map(
      this.#callbacks.unfinished().flatMap((pointer) => {
        const field = fieldAt(shown, form, pointer);
        return field?.kind === 'text' ? [[pointer, { kind: 'format', format: field.entry } as const]] : [];
      }),
    );
  }

  async #loadSchemaCheck(): Promise<void> {
    const check = await loadSchemaCheck();
    this.#schemaCheck = check;
    if (check === undefined || this.#source === undefined) return;
    this.#source = { ...this.#source, check };
    if (this.#isStored) this.#showDue();
    else this.#draft = this.#settled(this.#draft);
    if (this.#isChecked || hasConditions(this.#source.schema)) this.#callbacks.onChange();
  }

  /** Shows the fields that are due for the draft. */
  #showDue(): void {
    if (this.#source === undefined || this.#draft.kind !== 'form') return;
    if (!hasConditions(this.#source.schema)) return;
    this.#form = dueForm(this.#source, this.#draft.form);
  }

  /** Shows the fields that are due for a draft, and returns it with the start values of those that were not. */
  #settled(draft: QuestionDraft): QuestionDraft {
    if (this.#source === undefined || this.#form === undefined) return draft;
    if (draft.kind !== 'form' || draft.json !== undefined) return draft;
    const settled = settleDraft(this.#source, this.#form, draft.form);
    this.#form = settled.form;
    return settled.draft === draft.form ? draft : { ...draft, form: settled.draft };
  }

  /** The size of the files so far, with what a field for one file leaves unused; its own file is replaced. */
  #usedBytes(pointer: string): number {
    const draft = this.#draft;
    const form = this.#form;
    const field =
      draft.kind === 'form' && form !== undefined ? fieldAt(form, draft.form, pointer) : undefined;
    if (draft.kind !== 'form' || form === undefined || field?.kind !== 'file') return filesBytes(draft);
    const others = filesBytes(setValue(form, draft.form, pointer, undefined));
    return Math.max(others, MAX_FILES_BYTES - (field.maxBytes ?? MAX_FILES_BYTES));
  }

  #addPart(part: ContentPart, pointer: string): void {
    const { kind } = this.#draft;
    this.#serverProblems.delete(pointer);
    if (kind === 'text' || kind === 'form') this.setDraft(withPart(this.#draft, this.#form, pointer, part));
  }
}
