import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { enteredText } from '../form/content-input.js';

/** Props of a text area for JSON. */
export interface JsonInputView {
  readonly text: string;
  readonly label: string;
  readonly describedBy: string | typeof nothing;
  readonly isInvalid: boolean;
  readonly onChange: (text: string) => void;
}

/** Renders a text area for a JSON object. */
export function renderJsonInput({
  text,
  label,
  describedBy,
  isInvalid,
  onChange,
}: JsonInputView): TemplateResult {
  return html`<div class="field">
    <label class="label" for="json">${label}</label>
    <textarea
      class="input grows mono"
      id="json"
      rows=${Math.min(16, Math.max(3, text.split('\n').length))}
      dir="ltr"
      spellcheck="false"
      autocapitalize="off"
      placeholder="{ }"
      aria-describedby=${describedBy}
      aria-invalid=${isInvalid ? 'true' : nothing}
      .value=${live(text)}
      @input=${(event: Event) => onChange(enteredText(event))}
    ></textarea>
  </div>`;
}
