import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { isLLMContent, type LLMContent } from '../../protocol/content.js';
import type { JsonValue } from '../../protocol/values/json.js';
import type { PanelStrings } from '../strings/english.js';
import { perLocale } from '../strings/time-format.js';
import { isZoneless, toFullTime, toLocalDateTime, toLocalTime, toMoment } from './date-time.js';
import { enteredText, renderContentInput } from './content-input.js';
import {
  change,
  describedBy,
  fieldId,
  isInvalid,
  isRequired,
  renderHint,
  renderMarks,
  renderProblem,
  type FormView,
} from './field-parts.js';
import type {
  BooleanField,
  ContentField,
  Form,
  JsonField,
  NumberField,
  TextEntry,
  TextField,
} from './model/fields.js';
import { isDay } from './model/formats.js';
import { setText, setValue, textOf, type FormDraft } from './model/form-draft.js';
import { steppedNumber } from './model/number-step.js';
import { lineOrLines } from './line-or-lines.js';
import { suggestionsOf } from './model/suggestions.js';
import { valueAt } from '../../protocol/schema/json-pointer.js';
import type { DecimalMark } from './model/typed-text.js';
import { pressedKey } from '../base/pressed-key.js';

/** A field that has a single control, labelled by a `<label>`. */
export type ControlField = TextField | NumberField | ContentField | JsonField;

/** Renders the control of a field, without its label. */
export function renderControl(field: ControlField, view: FormView): TemplateResult {
  switch (field.kind) {
    case 'content':
      return renderContentField(field, view);
    case 'number':
      return field.isSecret ? renderSecret(field, view) : renderNumber(field, view);
    case 'json':
      return renderTextArea(field, view, field.shape === 'any' ? 'input grows' : 'input grows mono');
    case 'text':
      if (field.isSecret) return renderSecret(field, view);
      return field.entry === 'multiline'
        ? renderTextArea(field, view, 'input grows')
        : renderText(field, view);
  }
}

function renderText(field: TextField, view: FormView): TemplateResult {
  return html`${lineOrLines(
    textOf(field, view.draft),
    () => renderLine(field, view),
    () => renderTextArea(field, view, 'input grows'),
  )}`;
}

const INPUT_TYPES = {
  line: 'text',
  multiline: 'text',
  email: 'email',
  uri: 'url',
  date: 'date',
  time: 'time',
  'date-time': 'datetime-local',
} as const;

function renderLine(field: TextField, view: FormView): TemplateResult {
  const text = textOf(field, view.draft);
  const suggestions = suggestionsOf(field);
  const entry = isShownBy(field.entry, text) ? field.entry : 'line';
  const onInput = (event: Event) => {
    const entered = valueOfControl({ ...field, entry }, enteredText(event));
    change(view, field, setText(view.form, view.draft, field, entered));
  };
  return html`<input
      class="input ${entry}"
      id=${fieldId(field)}
      type=${INPUT_TYPES[entry]}
      dir=${entry === 'line' ? 'auto' : nothing}
      aria-describedby=${describedBy(field, view)}
      aria-invalid=${isInvalid(field, view)}
      aria-required=${isRequired(field)}
      ?readonly=${field.isReadOnly}
      list=${suggestions.length === 0 ? nothing : `${fieldId(field)}-examples`}
      .value=${live(textInControl(entry, text))}
      @input=${onInput}
    />${suggestions.length === 0 ? nothing : renderSuggestions(field, suggestions)}`;
}

/** Renders the suggestions of a field, which the browser shows while a person types. */
function renderSuggestions(field: TextField, suggestions: readonly string[]): TemplateResult {
  return html`<datalist id="${fieldId(field)}-examples">
    ${suggestions.map((example) => html`<option value=${example}></option>`)}
  </datalist>`;
}

/** False for a text that the browser's own control would show as another one, or not at all. */
function isShownBy(entry: TextEntry, text: string): boolean {
  if (text === '') return true;
  switch (entry) {
    case 'date':
      return isDay(text);
    case 'time':
    case 'date-time':
      return textInControl(entry, text) !== '';
    case 'email':
    case 'uri':
      return text.trim() === text;
    case 'line':
    case 'multiline':
      return true;
  }
}

function textInControl(entry: TextEntry, text: string): string {
  if (entry === 'date-time') return toLocalDateTime(text);
  return entry === 'time' ? toLocalTime(text) : text;
}

function valueOfControl({ entry, defaultValue }: TextField, entered: string): string {
  if (entry === 'date-time') return toMoment(entered);
  return entry === 'time' && !isZoneless(defaultValue) ? toFullTime(entered) : entered;
}

/** Renders a text or a number that cannot be read while it is typed. */
function renderSecret(field: TextField | NumberField, view: FormView): TemplateResult {
  const mark = decimalMark(view.strings.locale);
  return html`<input
    class="input"
    id=${fieldId(field)}
    type="password"
    autocomplete="off"
    aria-describedby=${describedBy(field, view)}
    aria-invalid=${isInvalid(field, view)}
    aria-required=${isRequired(field)}
    ?readonly=${field.isReadOnly}
    .value=${live(textOf(field, view.draft, mark))}
    @input=${(event: Event) =>
      change(view, field, setText(view.form, view.draft, field, enteredText(event), mark))}
  />`;
}

/**
 * Renders a text input rather than one of type `number`, which hides text that it cannot read, drops digits,
 * and changes its value when the page is scrolled.
 */
function renderNumber(field: NumberField, view: FormView): TemplateResult {
  const value = valueAt(view.draft.values, field.pointer);
  const mark = decimalMark(view.strings.locale);
  const shown = textOf(field, view.draft, mark);
  const enter = (text: string) => change(view, field, setText(view.form, view.draft, field, text, mark));
  const step = (event: KeyboardEvent) => {
    const key = pressedKey(event);
    const direction = key === 'ArrowUp' ? 1 : key === 'ArrowDown' ? -1 : 0;
    if (direction === 0 || field.isReadOnly) return;
    event.preventDefault();
    const next = steppedNumber(field, typeof value === 'number' ? value : undefined, direction);
    enter(String(next).replace('.', mark));
  };
  return html`<input
    class="input number"
    id=${fieldId(field)}
    type="text"
    role="spinbutton"
    inputmode=${field.isInteger && (field.minimum ?? -1) >= 0 ? 'numeric' : 'decimal'}
    autocomplete="off"
    aria-valuemin=${field.minimum ?? nothing}
    aria-valuemax=${field.maximum ?? nothing}
    aria-valuenow=${typeof value === 'number' ? value : nothing}
    aria-describedby=${describedBy(field, view)}
    aria-invalid=${isInvalid(field, view)}
    aria-required=${isRequired(field)}
    ?readonly=${field.isReadOnly}
    .value=${live(shown)}
    @input=${(event: Event) => enter(enteredText(event))}
    @keydown=${step}
  />`;
}

/** The character before the decimals in a locale. */
const decimalMark = perLocale((locale): DecimalMark => {
  const parts = new Intl.NumberFormat(locale).formatToParts(0.5);
  return parts.find(({ type }) => type === 'decimal')?.value === ',' ? ',' : '.';
});

function jsonPlaceholder({ shape }: JsonField, strings: PanelStrings): string {
  return { object: '{ }', array: '[ ]', any: strings.textOrJson }[shape];
}

function renderTextArea(field: TextField | JsonField, view: FormView, className: string): TemplateResult {
  return html`<textarea
    class=${className}
    id=${fieldId(field)}
    rows="3"
    placeholder=${field.kind === 'json' ? jsonPlaceholder(field, view.strings) : nothing}
    dir=${field.kind === 'text' || field.shape === 'any' ? 'auto' : 'ltr'}
    spellcheck=${field.kind === 'text' ? nothing : 'false'}
    aria-describedby=${describedBy(field, view)}
    aria-invalid=${isInvalid(field, view)}
    aria-required=${isRequired(field)}
    ?readonly=${field.isReadOnly}
    .value=${live(textOf(field, view.draft))}
    @input=${(event: Event) => change(view, field, setText(view.form, view.draft, field, enteredText(event)))}
  ></textarea>`;
}

function renderContentField(field: ContentField, view: FormView): TemplateResult {
  const value = valueAt(view.draft.values, field.pointer);
  return renderContentInput({
    id: fieldId(field),
    inputKind: field.inputKind,
    accept: field.accept,
    content: isLLMContent(value) ? value : { parts: [] },
    fileStatus: view.fileStatusOf(field.pointer),
    label: nothing,
    fieldLabel: field.label,
    describedBy: describedBy(field, view),
    isInvalid: view.problems.has(field.pointer),
    isRequired: field.isRequired,
    isReadOnly: field.isReadOnly,
    strings: view.strings,
    onChange: (content) => change(view, field, withContent(view.form, view.draft, field.pointer, content)),
    onFiles: (files) => view.onFiles(field, files),
  });
}

/** The draft with another content at a field; content without any part empties the field. */
function withContent(form: Form, draft: FormDraft, pointer: string, content: LLMContent): FormDraft {
  const value = content.parts.length === 0 ? undefined : (content as unknown as JsonValue);
  return setValue(form, draft, pointer, value);
}

/** Renders a checkbox with its label. */
export function renderBoolean(field: BooleanField, view: FormView): TemplateResult {
  const onChange = ({ target }: Event) => {
    const isChecked = target instanceof HTMLInputElement && target.checked;
    change(view, field, setValue(view.form, view.draft, field.pointer, isChecked));
  };
  return html`<div class="field">
    <label class="check">
      <input
        type="checkbox"
        id=${fieldId(field)}
        aria-describedby=${describedBy(field, view)}
        aria-invalid=${isInvalid(field, view)}
        ?disabled=${field.isReadOnly}
        .checked=${live(valueAt(view.draft.values, field.pointer) === true)}
        @change=${onChange}
      />
      <span>${field.label}${renderMarks(field, view)}</span>
    </label>
    ${renderHint(field, view)} ${renderProblem(field, view)}
  </div>`;
}
