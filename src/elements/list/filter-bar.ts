import { html, nothing, type TemplateResult } from 'lit';
import type { StatusCounts } from '../../controller/session-history-controller.js';
import type { StatusFilter } from '../../controller/session-filter.js';
import { SESSION_STATUSES, type SessionStatus } from '../../protocol/session-summary.js';
import { statusWord } from '../strings/session-text.js';
import type { PanelStrings } from '../strings/english.js';

/** A filter as a chip. */
export interface FilterChip {
  readonly filter: StatusFilter;
  readonly label: string;
  readonly count: number;
}

/**
 * The chips to offer: all, what needs input, then the statuses that occur. `suspended` is not among
 * them, because “needs input” says the same and more. The chosen one stays, also when its count is 0.
 */
export function filterChips(
  total: number,
  needsInputCount: number,
  counts: StatusCounts,
  chosen: StatusFilter,
  strings: PanelStrings,
): readonly FilterChip[] {
  const known: readonly SessionStatus[] = SESSION_STATUSES.filter((status) => status !== 'suspended');
  const unknown = Object.keys(counts).filter((status) => !isProtocolStatus(status));
  const statuses = [...known, ...unknown].map((status) => ({
    filter: status,
    label: statusWord(status, strings),
    count: counts[status] ?? 0,
  }));
  const chips: readonly FilterChip[] = [
    { filter: 'needs-input', label: strings.statusSuspended, count: needsInputCount },
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

/** The chips, as a group of toggles of which one is pressed. */
export function renderFilter(
  chips: readonly FilterChip[],
  chosen: StatusFilter,
  strings: PanelStrings,
  onChoose: (filter: StatusFilter) => void,
): TemplateResult | typeof nothing {
  // With nothing to tell apart the chips would only be noise.
  if (chips.length < 3 && chosen === 'all') return nothing;
  return html`<div class="chips" part="filter" role="group" aria-label=${strings.filterLabel}>
    ${chips.map(
      ({ filter, label, count }) =>
        html`<button
          type="button"
          class="chip ${filter === 'needs-input' ? 'asks' : ''}"
          part="chip"
          aria-pressed=${filter === chosen ? 'true' : 'false'}
          @click=${() => onChoose(filter)}
        >
          ${label}<b>${count.toLocaleString(strings.locale)}</b>
        </button>`,
    )}
  </div>`;
}
