import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Field, VariantField } from './form-fields.js';
import { chooseVariant, chosenVariant } from './form-model.js';
import {
  change,
  describedBy,
  fieldId,
  isInvalid,
  isRequired,
  renderHint,
  renderOptional,
  renderProblem,
  type FormView,
} from './form-parts.js';

/** A list to choose the form of a value from, and the fields of the one that is chosen. */
export function renderVariant(
  field: VariantField,
  view: FormView,
  renderField: (field: Field, view: FormView) => TemplateResult,
): TemplateResult {
  const index = chosenVariant(field, view.draft);
  const chosen = index === undefined ? undefined : field.variants[index]?.field;
  const onChange = ({ target }: Event) => {
    const picked = target instanceof HTMLSelectElement ? Number(target.value) : -1;
    const next = chooseVariant(view.form, view.draft, field, picked < 0 ? undefined : picked);
    change(view, field, next);
  };
  const id = `${fieldId(field)}-variant`;
  // A field without parts says by itself what is wrong with it.
  const isGroup = chosen === undefined || chosen.kind === 'object';
  return html`<fieldset class="group variant" aria-describedby=${describedBy(field, view)}>
    <legend class="label">${field.label}${renderOptional(field, view)}</legend>
    ${renderHint(field, view)}
    <select
      class="input"
      id=${id}
      aria-label=${field.label}
      aria-invalid=${isGroup ? isInvalid(field, view) : nothing}
      aria-required=${isRequired(field)}
      @change=${onChange}
    >
      ${
        field.isRequired && index !== undefined
          ? nothing
          : html`<option value="-1" .selected=${live(index === undefined)}>${view.strings.noAnswer}</option>`
      }
      ${field.variants.map(
        ({ label }, position) =>
          html`<option value=${position} .selected=${live(position === index)}>${label}</option>`,
      )}
    </select>
    ${
      chosen === undefined
        ? nothing
        : html`<div class="fields">${partsOf(chosen).map((part) => renderField(part, view))}</div>`
    }
    ${isGroup ? renderProblem(field, view) : nothing}
  </fieldset>`;
}

/** The fields to fill in. A member with one possible value is what the list above it says. */
function partsOf(field: Field): readonly Field[] {
  if (field.kind !== 'object') return [field];
  return field.fields.filter(
    (child) => !(child.kind === 'options' && child.isRequired && child.options.length === 1),
  );
}
