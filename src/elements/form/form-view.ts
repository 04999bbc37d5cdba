import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../theme/icons.js';
import { renderBoolean, renderControl, type ControlField } from './controls.js';
import {
  afterUpdate,
  change,
  describedBy,
  fieldId,
  renderHint,
  renderMarks,
  renderProblem,
  type FormView,
} from './field-parts.js';
import type { ArrayField, Field, ObjectField } from './model/fields.js';
import { addItem, itemsAt, moveItem, removeItem } from './model/form-draft.js';
import { renderOptions, renderYesOrNo } from './options-field.js';
import { renderVariant, renderVariantChoice } from './variant.js';

/** Renders the fields of a form, without a frame around them. Use with `formStyles`. */
export function renderForm(view: FormView): TemplateResult {
  const { form } = view;
  // The card already says what the form is about.
  if (form.kind === 'variant') {
    return html`<div class="variant">${renderVariantChoice(form, view, renderField)}</div>`;
  }
  const { fields, isPartial } = form;
  const { emptyForm, partialForm } = view.strings;
  if (fields.length === 0) return html`<p class="hint">${isPartial ? partialForm : emptyForm}</p>`;
  return html`<div class=${fields.length === 1 ? 'fields is-single' : 'fields'}>
    ${fields.map((field) => renderField(field, view))}
    ${isPartial ? html`<p class="hint">${partialForm}</p>` : nothing}
  </div>`;
}

function renderField(field: Field, view: FormView): TemplateResult {
  switch (field.kind) {
    case 'boolean':
      return field.isNullable ? renderYesOrNo(field, view) : renderBoolean(field, view);
    case 'options':
      return renderOptions(field, view);
    case 'variant':
      return renderVariant(field, view, renderField);
    case 'object':
      return renderGroup(
        field,
        view,
        'group',
        html`${field.fields.map((child) => renderField(child, view))}`,
      );
    case 'array':
      return renderGroup(field, view, 'list', renderItems(field, view));
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

function renderItems(field: ArrayField, view: FormView): TemplateResult {
  const items = itemsAt(view.draft, field.pointer);
  return html`
    ${items.map((_item, index) => renderItem(field, index, items.length, view))}
    ${field.isReadOnly ? nothing : renderAdd(field, items.length, view)}
  `;
}

function renderAdd(field: ArrayField, count: number, view: FormView): TemplateResult {
  const isFull = field.maxItems !== undefined && count >= field.maxItems;
  const add = (event: Event) => {
    const list = listOf(event);
    change(view, field, addItem(view.form, view.draft, field.pointer));
    // The next input belongs to the new item.
    focusInItem(list, count, 'input:not([hidden]), textarea, select, button');
  };
  return html`<button
    type="button"
    class="button add-item"
    id="${fieldId(field)}-add"
    aria-label="${view.strings.addItem}: ${field.label}"
    aria-disabled=${isFull ? 'true' : nothing}
    title=${isFull ? view.strings.fieldTooMany(field.maxItems ?? 0) : nothing}
    @click=${isFull ? nothing : add}
  >
    ${icon('plus')} ${view.strings.addItem}
  </button>`;
}

function renderItem(field: ArrayField, index: number, count: number, view: FormView): TemplateResult {
  const item = field.itemAt(index);
  const remove = (event: Event) => {
    const list = listOf(event);
    // The last button disappears with its item, and focus must not get lost.
    list?.querySelector<HTMLElement>(':scope > .fields > .add-item')?.focus();
    change(view, field, removeItem(view.form, view.draft, field.pointer, index));
    focusInItem(list, index, ':scope > .item-buttons > .remove-item');
  };
  return html`<div class="item ${item.kind}">
    ${renderField(item, view)}
    ${
      field.isReadOnly
        ? nothing
        : html`<span class="item-buttons">
            ${count < 2 ? nothing : renderMoves(field, item, index, count, view)}
            <button
              type="button"
              class="icon-button remove-item"
              aria-label=${view.strings.removeItem(item.label)}
              @click=${remove}
            >
              ${icon('close')}
            </button>
          </span>`
    }
  </div>`;
}

/**
 * Renders the move buttons, which stay in place at both ends of the list, so that they can be pressed
 * repeatedly.
 */
function renderMoves(
  field: ArrayField,
  item: Field,
  index: number,
  count: number,
  view: FormView,
): TemplateResult {
  const button = (name: 'up' | 'down', to: number, label: string) => {
    const isOff = to < 0 || to >= count;
    const move = (event: Event) => {
      const list = listOf(event);
      change(view, field, moveItem(view.form, view.draft, field.pointer, index, to));
      focusInItem(list, to, `:scope > .item-buttons > .move-${name}`);
    };
    return html`<button
      type="button"
      class="icon-button move-${name}"
      aria-label=${label}
      aria-disabled=${isOff ? 'true' : nothing}
      @click=${isOff ? nothing : move}
    >
      ${icon(name)}
    </button>`;
  };
  return html`${button('up', index - 1, view.strings.moveItemUp(item.label))}
  ${button('down', index + 1, view.strings.moveItemDown(item.label))}`;
}

/** The list that a pressed button belongs to. */
function listOf({ currentTarget }: Event): Element | null {
  return currentTarget instanceof Element ? currentTarget.closest('fieldset') : null;
}

/**
 * Moves focus into the item at a position, counted from 0, once it is rendered; does nothing if there is
 * none.
 */
function focusInItem(list: Element | null, index: number, selector: string): void {
  if (list === null) return;
  afterUpdate(list, () => {
    const item = list.querySelector(`:scope > .fields > .item:nth-child(${index + 1})`);
    item?.querySelector<HTMLElement>(selector)?.focus();
  });
}
