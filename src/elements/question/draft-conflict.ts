import { html, nothing, type TemplateResult } from 'lit';
import type { PanelStrings } from '../strings/english.js';

/** What the note about a draft of another tab is drawn from, and whom it tells. */
export interface OtherDraftView {
  /** What is in it, to be read; empty when nothing is. */
  readonly text: string;
  readonly strings: PanelStrings;
  readonly onTake: () => void;
  readonly onKeep: () => void;
}

/** What another tab has, where the two were typed at the same time. */
export function renderOtherDraft({ text, strings, onTake, onKeep }: OtherDraftView): TemplateResult {
  return html`<div class="other" role="status">
    <p>${text === '' ? strings.otherDraftEmpty : strings.otherDraft}</p>
    ${text === '' ? nothing : html`<pre class="unsent" dir="auto" tabindex="0">${text}</pre>`}
    <div class="other-buttons">
      <button type="button" class="button" @click=${onTake}>${strings.takeOtherDraft}</button>
      <button type="button" class="button" @click=${onKeep}>${strings.keepOwnDraft}</button>
    </div>
  </div>`;
}
