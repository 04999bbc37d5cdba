import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import {
  change,
  describedBy,
  isInvalid,
  isRequired,
  renderFields,
  renderHint,
  renderMarks,
  renderProblem,
  type FormView,
  type RenderField,
} from './field-parts.js';
import { renderProse } from '../content/text-view.js';
import type { Field, FieldVariant, VariantField } from './model/fields.js';
import { renderPairs } from './pairs-field.js';
import { chooseVariant, chosenVariant } from './model/form-draft.js';
import { isDecided } from './model/form-values.js';

/** Renders a drop-down list of the variants of a value and the fields of the chosen one, as a group. */
export function renderVariant(field: VariantField, view: FormView, renderField: RenderField): TemplateResult {
  return html`<fieldset class="group variant" aria-describedby=${describedBy(field, view)}>
    <legend class="label">${field.label}${renderMarks(field, view)}</legend>
    ${renderHint(field, view)} ${renderVariantChoice(field, view, renderField)}
    ${isGroup(chosenField(field, view)) ? renderProblem(field, view) : nothing}
  </fieldset>`;
}

function chosenField(field: VariantField, { draft }: FormView): Field | undefined {
  return field.variants[chosenVariant(field, draft) ?? -1]?.field;
}

/** False for a single field, which shows its problem itself. */
function isGroup(chosen: Field | undefined): boolean {
  return chosen === undefined || chosen.kind === 'object';
}

/** Renders the same without a group around it. */
export function renderVariantChoice(
  field: VariantField,
  view: FormView,
  renderField: RenderField,
): TemplateResult {
  const index = chosenVariant(field, view.draft);
  const chosen = chosenField(field, view);
  const onChange = ({ target }: Event) => {
    const picked = target instanceof HTMLSelectElement ? Number(target.value) : -1;
    const next = chooseVariant(view.form, view.draft, field, picked < 0 ? undefined : picked);
    change(view, field, next);
  };
  return html`<select
      class="input"
      aria-label=${field.label}
      aria-invalid=${isGroup(chosen) ? isInvalid(field, view) : nothing}
      aria-required=${isRequired(field)}
      ?disabled=${field.isReadOnly}
      @change=${onChange}
    >
      ${
        field.isRequired && !field.isNullable && index !== undefined
          ? nothing
          : html`<option value="-1" .selected=${live(index === undefined)}>
              ${field.isRequired && !field.isNullable ? view.strings.chooseValue : view.strings.noAnswer}
            </option>`
      }
      ${field.variants.map(
        ({ label }, position) =>
          html`<option value=${position} .selected=${live(position === index)}>${label}</option>`,
      )}
    </select>
    ${
      chosen === undefined
        ? nothing
        : html`${renderMeaning(field.variants[index ?? -1], view)}
            <div class="fields">
              ${renderFields(partsOf(chosen), view, renderField)}
              ${chosen.kind === 'object' ? renderPairs(chosen, view, renderField) : nothing}
            </div>`
    }`;
}

/** Renders what the chosen variant means, where it is a group: a single field says it itself. */
function renderMeaning(variant: FieldVariant | undefined, view: FormView): TemplateResult | typeof nothing {
  if (variant?.field.kind !== 'object') return nothing;
  const { label, description } = variant.field;
  // Without a title, the description is the label of the group, which the list does not show.
  const meaning = description === '' && label !== variant.label ? label : description;
  return meaning === '' ? nothing : html`<div class="hint">${renderProse(meaning, view)}</div>`;
}

/** The fields to fill in. A member with one possible value is already decided by the list above. */
function partsOf(field: Field): readonly Field[] {
  if (field.kind !== 'object') return [field];
  return field.fields.filter((child) => !isDecided(child));
}
