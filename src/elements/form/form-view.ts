import { html, nothing, type TemplateResult } from 'lit';
import { renderBoolean, renderControl, type ControlField } from './controls.js';
import {
  describedBy,
  fieldId,
  isOnlyField,
  renderFields,
  renderHint,
  renderMarks,
  renderProblem,
  type FormView,
} from './field-parts.js';
import { renderFileField } from './file-field.js';
import type { ArrayField, Field, ObjectField } from './model/fields.js';
import { renderItems } from './list-items.js';
import { renderOptions, renderYesOrNo } from './options-field.js';
import { renderPairs } from './pairs-field.js';
import { renderVariant, renderVariantChoice } from './variant.js';

/** Renders the fields of a form, without a frame around them. Use with `formStyles`. */
export function renderForm(view: FormView): TemplateResult {
  const { form } = view;
  // The card already says what the form is about.
  if (form.kind === 'variant') {
    return html`${renderLegend(view)}
      <div class="variant">${renderVariantChoice(form, view, renderField)}</div>`;
  }
  const { fields, isPartial } = form;
  const { emptyForm, partialForm, unanswerableForm } = view.strings;
  if (form.isUnanswerable === true) return html`<p class="hint">${unanswerableForm}</p>`;
  if (fields.length === 0 && form.pairs === undefined)
    return html`<p class="hint">${isPartial ? partialForm : emptyForm}</p>`;
  return html`${renderLegend(view)}
    <div class=${isOnlyField(view) ? 'fields is-single' : 'fields'}>
      ${renderFields(fields, view, renderField)} ${renderPairs(form, view, renderField)}
      ${isPartial ? html`<p class="hint">${partialForm}</p>` : nothing}
    </div>`;
}

/** Explains the `*`; the styles show it while there is one. */
function renderLegend(view: FormView): TemplateResult | typeof nothing {
  if (isOnlyField(view)) return nothing;
  const { strings } = view;
  return html`<p class="hint required-mark" aria-hidden="true">${strings.requiredMark}</p>`;
}

function renderField(field: Field, view: FormView): TemplateResult {
  switch (field.kind) {
    case 'boolean':
      return field.isNullable ? renderYesOrNo(field, view) : renderBoolean(field, view);
    case 'options':
      return renderOptions(field, view);
    case 'variant':
      return renderVariant(field, view, renderField);
    case 'file':
      return renderFileField(field, view);
    case 'object':
      return renderGroup(
        field,
        view,
        'group',
        html`${renderFields(field.fields, view, renderField)}${renderPairs(field, view, renderField)}`,
      );
    case 'array':
      return renderGroup(field, view, 'list', renderItems(field, view, renderField));
    default:
      return renderLabelled(field, view);
  }
}

function renderLabelled(field: ControlField, view: FormView): TemplateResult {
  return html`<div class="field">
    <label class="label" for=${fieldId(field)}>${field.label}${renderMarks(field, view)}</label>
    ${renderHint(field, view)} ${renderControl(field, view)} ${renderProblem(field, view)}
  </div>`;
}

function renderGroup(
  field: ObjectField | ArrayField,
  view: FormView,
  className: string,
  content: TemplateResult,
): TemplateResult {
  return html`<fieldset class=${className} aria-describedby=${describedBy(field, view)}>
    <legend class="label">${field.label}${renderMarks(field, view)}</legend>
    ${renderHint(field, view)}
    <div class="fields">${content}</div>
    ${renderProblem(field, view)}
  </fieldset>`;
}
