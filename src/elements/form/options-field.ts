import { withoutDirection } from '../../protocol/values/plain-name.js';
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { JsonValue } from '../../protocol/values/json.js';
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
import type { BooleanField, OptionsField } from './model/fields.js';
import type { FieldOption } from './schema/schema-alternatives.js';
import { isSelected, setValue } from './model/form-draft.js';
import { offersNull } from './model/form-values.js';
import { icon } from '../theme/icons.js';
import { selectOptions } from './select-options.js';
import { valueAt } from '../../protocol/schema/json-pointer.js';

/** More options than this are shown as a drop-down list. */
const MAX_RADIOS = 4;

/** Renders yes, no and no answer: a box that is not ticked could mean either of the last two. */
export function renderYesOrNo(field: BooleanField, view: FormView): TemplateResult {
  const { yes, no } = view.strings;
  const options = [
    { label: yes, value: true },
    { label: no, value: false },
  ];
  return renderRadios({ ...field, kind: 'options', isMultiple: false, options }, view);
}

/** Renders a choice among options: segments in a row, a drop-down list, or checkboxes. */
export function renderOptions(field: OptionsField, view: FormView): TemplateResult {
  if (field.isMultiple) return renderTicks(field, view);
  return field.options.length > MAX_RADIOS ? renderSelect(field, view) : renderRadios(field, view);
}

/** Renders what an option means, below its name. */
function renderMeaning({ description }: FieldOption): TemplateResult | typeof nothing {
  return description === undefined
    ? nothing
    : html`<span class="hint meaning" dir="auto">${withoutDirection(description)}</span>`;
}

function nameOf({ label }: FieldOption, { strings }: FormView): string {
  return label === '' ? strings.emptyOption : withoutDirection(label);
}

function renderSelect(field: OptionsField, view: FormView): TemplateResult {
  const { options, pointer } = field;
  const selected = options.findIndex((option) => isSelected(view.draft, field, option.value));
  const none = hasNoAnswer(field) ? view.strings.noAnswer : view.strings.chooseValue;
  const labels = [none, ...options.map((option) => nameOf(option, view))];
  const onChange = ({ target }: Event) => {
    const index = target instanceof HTMLSelectElement ? Number(target.value) : -1;
    change(view, field, setValue(view.form, view.draft, pointer, options[index]?.value));
  };
  return html`<div class="field">
    <label class="label" for=${fieldId(field)}>${field.label}${renderMarks(field, view)}</label>
    ${renderHint(field, view)}
    <select
      class="input"
      id=${fieldId(field)}
      aria-describedby=${describedBy(field, view)}
      aria-invalid=${isInvalid(field, view)}
      aria-required=${isRequired(field)}
      ?disabled=${field.isReadOnly}
      @change=${onChange}
      ${selectOptions(labels, selected)}
    ></select>
    ${options[selected] === undefined ? nothing : renderMeaning(options[selected])}
    ${renderProblem(field, view)}
  </div>`;
}

function renderRadios(field: OptionsField, view: FormView): TemplateResult {
  const isEmpty = (valueAt(view.draft.values, field.pointer) ?? null) === null;
  const set = (value: JsonValue | undefined) =>
    change(view, field, setValue(view.form, view.draft, field.pointer, value));
  const isDescribed = field.options.some(({ description }) => description !== undefined);
  return renderSet(
    field,
    view,
    'radiogroup',
    html`<div class=${isDescribed ? 'checks described' : 'segments'}>
      ${field.options.map((option) => {
        const props = {
          isChecked: isSelected(view.draft, field, option.value),
          onChange: () => set(option.value),
        };
        return isDescribed
          ? renderDescribed(field, option, props, view)
          : renderSegment(field, nameOf(option, view), props);
      })}
      ${hasNoAnswer(field) && !isEmpty && !field.isReadOnly ? renderClear(field, view, () => set(undefined)) : nothing}
    </div>`,
  );
}

/** Renders the button that empties the field: it vanishes, so the first option takes the focus. */
function renderClear({ label }: OptionsField, { strings }: FormView, clear: () => void): TemplateResult {
  const name = strings.clearField(label);
  const onClick = ({ currentTarget }: Event) => {
    const segments = currentTarget instanceof Element ? currentTarget.parentElement : null;
    segments?.querySelector<HTMLElement>('input')?.focus();
    clear();
  };
  return html`<button
    type="button"
    class="icon-button clear"
    aria-label=${name}
    title=${name}
    @click=${onClick}
  >
    ${icon('close')}
  </button>`;
}

/** True when a person may choose nothing: it is left out, or null is sent, where null is no option of its own. */
function hasNoAnswer(field: OptionsField): boolean {
  return (!field.isRequired || field.isNullable) && !offersNull(field);
}

/** Whether an option is selected, and what selects it. */
interface OptionProps {
  readonly isChecked: boolean;
  readonly onChange: () => void;
}

function renderDescribed(
  field: OptionsField,
  option: FieldOption,
  { isChecked, onChange }: OptionProps,
  view: FormView,
): TemplateResult {
  return html`<label class="check">
    <input
      type="radio"
      ?disabled=${field.isReadOnly}
      name=${fieldId(field)}
      .checked=${live(isChecked)}
      @change=${onChange}
    />
    <span>${nameOf(option, view)} ${renderMeaning(option)}</span>
  </label>`;
}

function renderSegment(
  field: OptionsField,
  label: string,
  { isChecked, onChange }: OptionProps,
): TemplateResult {
  return html`<label class="segment">
    <input
      class="visually-hidden"
      type="radio"
      ?disabled=${field.isReadOnly}
      name=${fieldId(field)}
      .checked=${live(isChecked)}
      @change=${onChange}
    />
    <span>${label}</span>
  </label>`;
}

function renderTicks(field: OptionsField, view: FormView): TemplateResult {
  const toggle = (option: FieldOption, isTicked: boolean) => {
    // In the order of the options; the first change drops values that are not among them.
    const values = field.options
      .filter((other) => (other === option ? isTicked : isSelected(view.draft, field, other.value)))
      .map(({ value }) => value);
    const isNone = values.length === 0 && !field.isRequired;
    change(view, field, setValue(view.form, view.draft, field.pointer, isNone ? undefined : values));
  };
  return renderSet(
    field,
    view,
    'group',
    html`<div
      class=${field.options.some(({ description }) => description !== undefined) ? 'checks described' : 'checks'}
    >
      ${field.options.map(
        (option) =>
          html`<label class="check">
            <input
              type="checkbox"
              ?disabled=${field.isReadOnly}
              .checked=${live(isSelected(view.draft, field, option.value))}
              @change=${({ target }: Event) =>
                toggle(option, target instanceof HTMLInputElement && target.checked)}
            />
            <span>${nameOf(option, view)} ${renderMeaning(option)}</span>
          </label>`,
      )}
    </div>`,
  );
}

function renderSet(
  field: OptionsField,
  view: FormView,
  role: 'group' | 'radiogroup',
  content: TemplateResult,
): TemplateResult {
  return html`<fieldset
    class="options"
    role=${role}
    aria-describedby=${describedBy(field, view)}
    aria-invalid=${role === 'radiogroup' ? isInvalid(field, view) : nothing}
    data-invalid=${isInvalid(field, view)}
    aria-required=${role === 'radiogroup' ? isRequired(field) : nothing}
  >
    <legend class="label">${field.label}${renderMarks(field, view)}</legend>
    ${renderHint(field, view)} ${content} ${renderProblem(field, view)}
  </fieldset>`;
}
