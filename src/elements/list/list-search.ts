import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../theme/icons.js';
import type { PanelStrings } from '../strings/english.js';

/** What the search field shows and calls. */
export interface ListSearch {
  readonly text: string;
  readonly strings: PanelStrings;
  readonly onInput: (text: string) => void;
  /** Leaves the field for the first session that was found. */
  readonly onLeave: () => void;
}

/** The field that searches the list. Escape clears it; the arrow down leads to what was found. */
export function renderSearch({ text, strings, onInput, onLeave }: ListSearch): TemplateResult {
  return html`<div class="search" part="search">
    ${icon('search')}
    <input
      type="search"
      class="input"
      part="search-input"
      aria-label=${strings.searchSessions}
      placeholder=${strings.searchSessions}
      aria-keyshortcuts="/"
      autocomplete="off"
      spellcheck="false"
      .value=${text}
      @input=${(event: Event) => {
        if (event.target instanceof HTMLInputElement) onInput(event.target.value);
      }}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key === 'Escape' && text !== '') onInput('');
        else if (event.key === 'ArrowDown') onLeave();
        else return;
        event.preventDefault();
      }}
    />
    ${
      text === ''
        ? nothing
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
