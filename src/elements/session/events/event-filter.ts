import { html, nothing, type TemplateResult } from 'lit';
import type { EventFilter } from './event-index.js';
import type { PanelStrings } from '../../strings/english.js';

/** Maximum number of choices in a menu; the text search finds the rest. */
const MAX_CHOICES = 500;

/** Props of the controls above the events. */
export interface EventFilterView {
  readonly filter: EventFilter;
  readonly types: ReadonlyMap<string, number>;
  readonly nodes: ReadonlyMap<string, number>;
  readonly failures: number;
  readonly nodeTitle: (nodeId: string) => string;
  readonly countText: string;
  readonly strings: PanelStrings;
  readonly onChange: (change: Partial<EventFilter>) => void;
}

/** The search field, the menus of types and nodes, the button for failures, and the number of matches. */
export function renderEventFilter(view: EventFilterView): TemplateResult {
  const { filter, strings, failures, onChange: change } = view;
  return html`<div class="filter" role="search" aria-label=${strings.filterEvents}>
    <input
      class="input text"
      type="search"
      placeholder=${strings.searchEvents}
      aria-label=${strings.searchEvents}
      .value=${filter.text}
      @input=${({ currentTarget }: Event) => change({ text: valueOf(currentTarget) })}
    />
    ${renderSelect(
      strings,
      strings.eventType,
      strings.allTypes,
      view.types,
      filter.type,
      (type) => type,
      (type) => change({ type }),
    )}
    ${renderSelect(
      strings,
      strings.eventNode,
      strings.allNodes,
      view.nodes,
      filter.nodeId,
      view.nodeTitle,
      (nodeId) => change({ nodeId }),
    )}
    ${
      failures === 0 && !filter.isFailedOnly
        ? nothing
        : html`<button
            type="button"
            class="button failures"
            aria-pressed=${filter.isFailedOnly}
            @click=${() => change({ isFailedOnly: !filter.isFailedOnly })}
          >
            ${strings.failedEvents} <span class="count">${failures.toLocaleString(strings.locale)}</span>
          </button>`
    }
    <span class="total" role="status">${view.countText}</span>
  </div>`;
}

function renderSelect(
  strings: PanelStrings,
  label: string,
  all: string,
  counts: ReadonlyMap<string, number>,
  selected: string,
  titleOf: (value: string) => string,
  onSelect: (value: string) => void,
): TemplateResult {
  const choices = [...counts].slice(0, MAX_CHOICES);
  return html`<select
    class="input"
    aria-label=${label}
    @change=${({ currentTarget }: Event) => onSelect(valueOf(currentTarget))}
  >
    <option value="" .selected=${selected === ''}>${all}</option>
    ${choices.map(
      ([value, count]) =>
        html`<option value=${value} .selected=${value === selected}>
          ${strings.choiceCount(titleOf(value), count)}
        </option>`,
    )}
  </select>`;
}

function valueOf(target: EventTarget | null): string {
  return target instanceof HTMLInputElement || target instanceof HTMLSelectElement ? target.value : '';
}
