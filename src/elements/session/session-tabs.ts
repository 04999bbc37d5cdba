import { html, nothing, type TemplateResult } from 'lit';
import type { PanelStrings } from '../strings/english.js';
import { SESSION_TABS, type SessionTab } from '../base/commands.js';
import { pressedKey } from '../base/pressed-key.js';

/** Props of the tabs. */
export interface SessionTabsView {
  readonly selected: SessionTab;
  /** Number shown on each tab; a missing or zero count is not shown. */
  readonly counts: Readonly<Partial<Record<SessionTab, number>>>;
  readonly strings: PanelStrings;
  readonly onSelect: (tab: SessionTab) => void;
}

/** The row of tabs. The Tab key reaches the selected one; arrows, Home and End select another. */
export function renderTabs({ selected, counts, strings, onSelect }: SessionTabsView): TemplateResult {
  const names: Readonly<Record<SessionTab, string>> = {
    activity: strings.tabActivity,
    timeline: strings.tabTimeline,
    events: strings.tabEvents,
  };
  return html`<div
    class="tabs"
    part="tabs"
    role="tablist"
    aria-label=${strings.tabsLabel}
    @keydown=${(event: KeyboardEvent) => selectByKey(event, selected, onSelect)}
  >
    ${SESSION_TABS.map((tab) => {
      const count = counts[tab];
      return html`<button
        type="button"
        class="tab"
        part="tab"
        role="tab"
        id="tab-${tab}"
        aria-selected=${tab === selected}
        aria-controls="panel"
        tabindex=${tab === selected ? 0 : -1}
        @click=${() => onSelect(tab)}
      >
        ${names[tab]}${
          count === undefined || count === 0
            ? nothing
            : html` <span class="count">${count.toLocaleString(strings.locale)}</span>`
        }
      </button>`;
    })}
  </div>`;
}

function selectByKey(event: KeyboardEvent, selected: SessionTab, onSelect: (tab: SessionTab) => void): void {
  const list = event.currentTarget;
  if (!(list instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.altKey) return;
  const forwards = list.matches(':dir(rtl)') ? 'ArrowLeft' : 'ArrowRight';
  const backwards = forwards === 'ArrowLeft' ? 'ArrowRight' : 'ArrowLeft';
  const position = SESSION_TABS.indexOf(selected);
  const moves: Readonly<Record<string, number>> = {
    [forwards]: (position + 1) % SESSION_TABS.length,
    [backwards]: (position + SESSION_TABS.length - 1) % SESSION_TABS.length,
    Home: 0,
    End: SESSION_TABS.length - 1,
  };
  const key = pressedKey(event);
  const tab = Object.hasOwn(moves, key) ? SESSION_TABS[moves[key] ?? 0] : undefined;
  if (tab === undefined) return;
  event.preventDefault();
  onSelect(tab);
  list.querySelector<HTMLElement>(`#tab-${tab}`)?.focus();
}
