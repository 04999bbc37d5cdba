import { html, nothing, type TemplateResult } from 'lit';
import type { SessionCounts } from '../../controller/session-counts.js';
import type { StatusFilter } from '../../controller/session-filter.js';
import { SESSION_STATUSES, type SessionStatus } from '../../protocol/session-summary.js';
import { icon, statusIcon } from '../theme/icons.js';
import { statusWord } from '../strings/session-text.js';
import type { FirstStrings } from '../strings/first-english.js';
import { pressedKey } from '../base/pressed-key.js';

/** A filter of the list, as a chip. */
export interface FilterChip {
  readonly filter: StatusFilter;
  readonly label: string;
  readonly count: number;
  /** Status whose icon stands for the label while it is not chosen; undefined when no icon is known for it. */
  readonly icon?: SessionStatus;
}

/**
 * Returns the chips to offer: all, those that need input, then the statuses that occur. `suspended` is left out, because
 * “needs input” includes it. The chosen chip stays, also when its count is 0.
 */
export function filterChips(
  { total, needsInput, byStatus }: SessionCounts,
  chosen: StatusFilter,
  strings: FirstStrings,
): readonly FilterChip[] {
  const known: readonly SessionStatus[] = SESSION_STATUSES.filter((status) => status !== 'suspended');
  const unknown = Object.keys(byStatus).filter((status) => !isProtocolStatus(status));
  const statuses = [...known, ...unknown].map((status) => ({
    filter: status,
    label: statusWord(status, strings),
    count: byStatus[status] ?? 0,
    ...(isProtocolStatus(status) ? { icon: status } : {}),
  }));
  const chips: readonly FilterChip[] = [
    { filter: 'needs-input', label: strings.statusSuspended, count: needsInput, icon: 'suspended' },
    ...statuses,
  ];
  return [
    { filter: 'all', label: strings.filterAll, count: total },
    ...chips.filter((chip) => chip.count > 0 || chip.filter === chosen),
  ];
}

function isProtocolStatus(status: string): boolean {
  return SESSION_STATUSES.some((known) => known === status);
}

/** Renders the chips as a group of toggles of which one is pressed: icon and number, and the word of the pressed one. */
export function renderFilter(
  chips: readonly FilterChip[],
  chosen: StatusFilter,
  strings: FirstStrings,
  onChoose: (filter: StatusFilter) => void,
): TemplateResult | typeof nothing {
  // Where all sessions have one status, chips would only be noise.
  if (chips.length < 3 && chosen === 'all') return nothing;
  return html`<div class="chips" part="filter" role="group" aria-label=${strings.filterLabel}>
    ${chips.map((chip) => renderChip(chip, chip.filter === chosen, strings, () => onChoose(chip.filter)))}
  </div>`;
}

function renderChip(
  { filter, label, count, icon: status }: FilterChip,
  isChosen: boolean,
  strings: FirstStrings,
  onChoose: () => void,
): TemplateResult {
  const number = count.toLocaleString(strings.locale);
  return html`<button
    type="button"
    class="chip ${filter === 'needs-input' ? 'asks' : ''}"
    part="chip"
    aria-pressed=${isChosen ? 'true' : 'false'}
    title=${label}
    @click=${onChoose}
  >
    ${status === undefined ? nothing : statusIcon(status)}<span
      class=${isChosen || status === undefined ? 'word' : 'visually-hidden'}
      >${label}</span
    >
    <b>${number}</b>
  </button>`;
}

/** Props of the search field. */
export interface SearchView {
  readonly text: string;
  readonly strings: FirstStrings;
  readonly onInput: (text: string) => void;
  /** Moves to the first session found. */
  readonly onLeave: () => void;
}

/** Renders the search field of the list. Escape clears it; the arrow down moves to the sessions found. */
export function renderSearch({ text, strings, onInput, onLeave }: SearchView): TemplateResult {
  return html`<div class="search ${text === '' ? '' : 'has-text'}" part="search">
    ${icon('search')}
    <input
      type="search"
      class="input"
      part="search-input"
      aria-label=${strings.searchSessions}
      placeholder=${strings.searchShort}
      aria-keyshortcuts="/"
      autocomplete="off"
      spellcheck="false"
      .value=${text}
      @input=${(event: Event) => {
        if (event.target instanceof HTMLInputElement) onInput(event.target.value);
      }}
      @keydown=${(event: KeyboardEvent) => {
        const key = pressedKey(event);
        if (key === 'Escape' && text !== '') onInput('');
        else if (key === 'ArrowDown') onLeave();
        else return;
        event.preventDefault();
      }}
    />
    ${
      text === ''
        ? html`<kbd aria-hidden="true">/</kbd>`
        : html`<button
            type="button"
            class="icon-button"
            aria-label=${strings.clearSearch}
            title=${strings.clearSearch}
            @click=${() => onInput('')}
          >
            ${icon('close')}
          </button>`
    }
  </div>`;
}
