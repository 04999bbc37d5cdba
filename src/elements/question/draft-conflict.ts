import { html, nothing, type TemplateResult } from 'lit';
import type { PanelStrings } from '../strings/english.js';

/** Props of the notice about a draft of another tab. */
export interface DraftConflictView {
  /** The readable text of that draft; empty when it is empty. */
  readonly text: string;
  readonly strings: PanelStrings;
  readonly onTake: () => void;
  readonly onKeep: () => void;
}

/** Shows the draft of another tab when both were typed at the same time, with the buttons to choose one. */
export function renderDraftConflict({ text, strings, onTake, onKeep }: DraftConflictView): TemplateResult {
  return html`<div class="other" role="status">
    <p>${text === '' ? strings.otherDraftEmpty : strings.otherDraft}</p>
    ${text === '' ? nothing : html`<pre class="unsent" dir="auto" tabindex="0">${text}</pre>`}
    <div class="other-buttons">
      <button type="button" class="button" @click=${onTake}>${strings.takeOtherDraft}</button>
      <button type="button" class="button" @click=${onKeep}>${strings.keepOwnDraft}</button>
    </div>
  </div>`;
}
