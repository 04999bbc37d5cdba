import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../theme/icons.js';
import { afterUpdate, change, fieldId, type FormView, type RenderField } from './field-parts.js';
import type { ArrayField, Field } from './model/fields.js';
import { addItem, itemsAt, moveItem, removeItem } from './model/form-draft.js';
import { placesFrom } from './model/form-values.js';

/** Renders the places of a list, its other items with buttons to move and remove them, and a button to add one. */
export function renderItems(field: ArrayField, view: FormView, renderField: RenderField): TemplateResult {
  const items = itemsAt(view.draft, field.pointer);
  const others = Array.from(items.slice(field.placeCount), (_item, offset) => field.placeCount + offset);
  return html`
    ${placesFrom(field, 0).map((index) => html`<div class="item">${renderField(field.itemAt(index), view)}</div>`)}
    ${others.map((index) => renderItem(field, index, items.length, view, renderField))}
    ${field.isReadOnly || !field.isExtensible ? nothing : renderAdd(field, items.length, view)}
  `;
}

function renderAdd(field: ArrayField, count: number, view: FormView): TemplateResult {
  const isFull = field.maxItems !== undefined && count >= field.maxItems;
  const add = (event: Event) => {
    const list = listOf(event);
    change(view, field, addItem(view.form, view.draft, field));
    // The next input belongs to the new item.
    focusInItem(list, Math.max(count, field.placeCount), 'input:not([hidden]), textarea, select, button');
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

function renderItem(
  field: ArrayField,
  index: number,
  count: number,
  view: FormView,
  renderField: RenderField,
): TemplateResult {
  const item = { ...field.itemAt(index), isItem: true };
  const remove = (event: Event) => {
    const list = listOf(event);
    // The last button disappears with its item, and focus must not get lost.
    list?.querySelector<HTMLElement>(':scope > .fields > .add-item')?.focus();
    change(view, field, removeItem(view.form, view.draft, field, index));
    focusInItem(list, index, ':scope > .item-buttons > .remove-item');
  };
  return html`<div class="item ${item.kind}">
    ${renderField(item, view)}
    ${
      field.isReadOnly
        ? nothing
        : html`<span class="item-buttons">
            ${count - field.placeCount < 2 ? nothing : renderMoves(field, item, index, count, view)}
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
    const isOff = to < field.placeCount || to >= count;
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
