import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import { ROOT_POINTER, valueAt } from '../../protocol/schema/json-pointer.js';
import { icon } from '../theme/icons.js';
import { enteredText } from './content-input.js';
import {
  afterUpdate,
  change,
  describedBy,
  fieldId,
  isInvalid,
  renderHint,
  renderProblem,
  type FormView,
  type RenderField,
} from './field-parts.js';
import type { ObjectField } from './model/fields.js';
import { addPair, removePair, renamePair } from './model/pair-draft.js';
import { pairsIn, type Pair } from './model/pair-names.js';

/** Renders the members of a group that a person names, and a button to add one; nothing for a group without. */
export function renderPairs(
  field: ObjectField,
  view: FormView,
  renderField: RenderField,
): TemplateResult | typeof nothing {
  if (field.pairs === undefined) return nothing;
  const pairs = pairsIn(field, valueAt(view.draft.values, field.pointer), view.draft.names);
  const count = memberCount(field, pairs.length, view);
  const isFull = field.pairs.maxProperties !== undefined && count >= field.pairs.maxProperties;
  const addId = `${fieldId(field)}-add`;
  const add = (event: Event) => {
    const added = addPair(view.form, view.draft, field);
    change(view, field, added.draft);
    const name = field.pairs?.nameField(added.key);
    if (name !== undefined) focusAfterUpdate(event, fieldId(name));
  };
  return html`${repeat(
    pairs,
    ({ key }) => key,
    (pair, index) => renderPair(field, pair, index, view, renderField),
  )}
  ${
    field.isReadOnly
      ? nothing
      : html`<button
          type="button"
          class="button add-item"
          id=${addId}
          aria-label=${field.pointer === ROOT_POINTER ? nothing : `${view.strings.addPair}: ${field.label}`}
          aria-disabled=${isFull ? 'true' : nothing}
          title=${isFull ? view.strings.fieldTooManyMembers(field.pairs.maxProperties ?? 0) : nothing}
          @click=${isFull ? nothing : add}
        >
          ${icon('plus')} ${view.strings.addPair}
        </button>`
  }`;
}

/** The number of members of a group that are sent: named ones, and fields with a value. */
function memberCount(field: ObjectField, pairCount: number, { draft }: FormView): number {
  return (
    pairCount + field.fields.filter(({ pointer }) => valueAt(draft.values, pointer) !== undefined).length
  );
}

function renderPair(
  field: ObjectField,
  { key, name }: Pair,
  index: number,
  view: FormView,
  renderField: RenderField,
): TemplateResult {
  const { strings } = view;
  const valueField = field.pairs?.valueField(key, name);
  const title = `${field.label} ${index + 1}`.trim();
  const remove = (event: Event) => {
    const row = event.currentTarget instanceof Element ? event.currentTarget.closest('.pair') : null;
    const next = row?.nextElementSibling ?? row?.previousElementSibling;
    // The button disappears with its row, and focus must not get lost.
    const target = next?.querySelector<HTMLElement>('.remove-item') ?? next;
    if (target instanceof HTMLElement) target.focus();
    change(view, field, removePair(view.form, view.draft, field, key));
  };
  return html`<div class="item pair" role="group" aria-label=${title}>
    <div class="pair-fields">
      ${renderName(field, key, name, view)}
      ${
        valueField === undefined
          ? nothing
          : renderField(
              {
                ...valueField,
                isItem: true,
                label: valueField.label === name ? strings.pairValue : valueField.label,
              },
              view,
            )
      }
    </div>
    ${
      field.isReadOnly
        ? nothing
        : html`<span class="item-buttons"
            ><button
              type="button"
              class="icon-button remove-item"
              aria-label=${strings.removeItem(name || title)}
              @click=${remove}
            >
              ${icon('close')}
            </button></span
          >`
    }
  </div>`;
}

function renderName(
  group: ObjectField,
  key: string,
  name: string,
  view: FormView,
): TemplateResult | typeof nothing {
  const field = group.pairs?.nameField(key);
  if (field === undefined) return nothing;
  const listId = `${fieldId(field)}-examples`;
  const rename = (event: Event) =>
    change(view, field, renamePair(view.form, view.draft, group, key, enteredText(event)));
  return html`<div class="field">
    <label class="label" for=${fieldId(field)}>${view.strings.pairName}</label>
    ${renderHint(field, view)}
    <input
      class="input"
      id=${fieldId(field)}
      dir="auto"
      autocomplete="off"
      spellcheck="false"
      list=${field.allowed === undefined ? nothing : listId}
      aria-describedby=${describedBy(field, view)}
      aria-invalid=${isInvalid(field, view)}
      aria-required="true"
      ?readonly=${field.isReadOnly}
      .value=${live(name)}
      @input=${rename}
    />
    ${
      field.allowed === undefined
        ? nothing
        : html`<datalist id=${listId}>
            ${field.allowed.map((allowed) => html`<option value=${allowed}></option>`)}
          </datalist>`
    }
    ${renderProblem(field, view)}
  </div>`;
}

/** Moves focus to the element with an id, once it is rendered. */
function focusAfterUpdate({ currentTarget }: Event, id: string): void {
  if (!(currentTarget instanceof Element)) return;
  const root = currentTarget.getRootNode();
  afterUpdate(currentTarget, () => {
    if (root instanceof ShadowRoot) root.getElementById(id)?.focus();
  });
}
