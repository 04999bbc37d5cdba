import { plainName } from '../../protocol/values/plain-name.js';
import { html, nothing, type TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import { live } from 'lit/directives/live.js';
import { contentText, textContent } from '../../protocol/content.js';
import {
  NONE_OF_THE_ABOVE,
  type Choice,
  type ChoiceInteraction,
} from '../../protocol/questions/interactions.js';
import { renderContent } from '../content/content-view.js';
import { type ContentOptions } from '../content/text-view.js';
import { icon } from '../theme/icons.js';
import { pressedDigit, pressedKey } from '../base/pressed-key.js';

/** Props of the choices. */
export interface ChoiceView {
  readonly interaction: ChoiceInteraction;
  readonly selectedIds: readonly string[];
  readonly isInvalid: boolean;
  readonly options: ContentOptions;
  /** Ids of the elements that name the group. */
  readonly labelledBy: string;
  /** Ids of the elements that describe the group. */
  readonly describedBy: string | typeof nothing;
  readonly onSelect: (selectedIds: readonly string[]) => void;
  /** Number of choices to show; those up to a selected one are shown in any case. */
  readonly shown: number;
  readonly onMore: () => void;
}

/** Number of choices shown at first, and added with each request: drawing thousands would block the page. */
export const SHOWN_CHOICES = 100;

/** Number of choices that have a digit key. */
const DIGITS = 9;

/** Renders the choices as cards: radio buttons or checkboxes, whatever they look like. */
export function renderChoices(view: ChoiceView): TemplateResult {
  const { interaction, options } = view;
  const isMultiple = interaction.selectionMode === 'multiple';
  const { choices } = interaction;
  const selected = new Set(view.selectedIds);
  const lastSelected = choices.reduce((last, { id }, index) => (selected.has(id) ? index : last), -1);
  const shown = Math.max(view.shown, lastSelected + 1);
  const shownChoices = allChoices({ ...interaction, choices: choices.slice(0, shown) });
  return html`
    ${isMultiple ? html`<p class="hint" id="choose-any">${options.strings.chooseAny}</p>` : nothing}
    <div
      class="choices ${interaction.layout}"
      role=${isMultiple ? 'group' : 'radiogroup'}
      aria-labelledby=${view.labelledBy}
      aria-describedby=${view.describedBy}
      aria-invalid=${view.isInvalid && !isMultiple ? 'true' : nothing}
      data-invalid=${view.isInvalid ? 'true' : nothing}
    >
      ${shownChoices.map((choice, index) => renderChoice(choice, index, view))}
    </div>
    ${
      choices.length <= shown
        ? nothing
        : html`<button type="button" class="button more" @click=${view.onMore}>
            ${options.strings.showMoreChoices(choices.length - shown)}
          </button>`
    }
  `;
}

/** The choices as shown: followed by “none of the above” when that is offered. */
function allChoices(interaction: ChoiceInteraction): readonly Choice[] {
  const { choices, noneOfTheAboveLabel } = interaction;
  if (noneOfTheAboveLabel === undefined) return choices;
  return [...choices, { id: NONE_OF_THE_ABOVE, content: textContent(noneOfTheAboveLabel) }];
}

function renderChoice(choice: Choice, index: number, view: ChoiceView): TemplateResult {
  const { interaction, selectedIds, options } = view;
  const isMultiple = interaction.selectionMode === 'multiple';
  const digit = index < DIGITS ? String(index + 1) : undefined;
  const isNone = choice.id === NONE_OF_THE_ABOVE;
  return html`<label class=${classMap({ choice: true, none: isNone })} part="choice">
    <input
      class="visually-hidden"
      type=${isMultiple ? 'checkbox' : 'radio'}
      name="choice"
      value=${choice.id}
      aria-label=${contentText(choice.content) === '' ? nameOf(choice, index, options) : nothing}
      aria-keyshortcuts=${digit ?? nothing}
      .checked=${live(selectedIds.includes(choice.id))}
      @change=${() => view.onSelect(withToggled(interaction, selectedIds, choice.id))}
    />
    <span class="marker ${isMultiple ? 'tick' : 'dot'}" aria-hidden="true">
      ${digit === undefined ? nothing : html`<kbd>${digit}</kbd>`} ${icon('check')}
    </span>
    ${renderContent(choice.content, { ...options, isBare: true })}
  </label>`;
}

function nameOf(choice: Choice, index: number, { strings }: ContentOptions): string {
  const title = choice.content.parts.find((part) => part.inlineData?.title !== undefined)?.inlineData?.title;
  return plainName(title ?? '') || strings.choiceLabel(index + 1);
}

/**
 * The selection after a person toggled a choice: a single choice and “none of the above” exclude all others.
 */
function withToggled(
  interaction: ChoiceInteraction,
  selectedIds: readonly string[],
  id: string,
): readonly string[] {
  if (interaction.selectionMode === 'single') return [id];
  if (selectedIds.includes(id)) return selectedIds.filter((selected) => selected !== id);
  if (id === NONE_OF_THE_ABOVE) return [id];
  const chosen = new Set([...selectedIds, id]);
  // In the order in which they were offered.
  return interaction.choices.map((choice) => choice.id).filter((choiceId) => chosen.has(choiceId));
}

/** The effect of a key: it sends, or changes the selection and moves focus to the choice at a position. */
export type ChoiceKeyEffect = 'send' | { readonly selectedIds: readonly string[]; readonly position: number };

/**
 * Finds the effect of a key; undefined for keys that are left to the browser. Digits choose; the same digit
 * again, or Enter, sends a single choice.
 */
export function choiceKeyEffect(
  interaction: ChoiceInteraction,
  selectedIds: readonly string[],
  event: KeyboardEvent,
): ChoiceKeyEffect | undefined {
  const isSingle = interaction.selectionMode === 'single';
  if (pressedKey(event) === 'Enter')
    return isSingle && event.target instanceof HTMLInputElement ? 'send' : undefined;
  const digit = pressedDigit(event);
  if (digit === undefined) return undefined;
  const position = digit - 1;
  const id = allChoices(interaction)[position]?.id;
  if (id === undefined) return undefined;
  if (isSingle && selectedIds.includes(id)) return 'send';
  return { selectedIds: withToggled(interaction, selectedIds, id), position };
}
