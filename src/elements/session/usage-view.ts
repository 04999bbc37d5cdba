import { html, nothing, type TemplateResult } from 'lit';
import type { ModelUsage } from '../../protocol/usage.js';
import type { PanelStrings } from '../strings/english.js';
import { usageLines, usageOfModels } from '../strings/usage-text.js';

/**
 * Renders what calls of models used: the sum, and its parts by model on hover, with the focus, and for screen readers.
 * Nothing when nothing was used. Use with `usageStyles`.
 */
export function renderUsage(
  usages: readonly ModelUsage[] | undefined,
  strings: PanelStrings,
): TemplateResult | typeof nothing {
  const text = usageOfModels(usages, strings);
  if (text === '') return nothing;
  const lines = usageLines(usages ?? [], strings);
  return html`<button type="button" class="usage">
    ${text}<span class="visually-hidden">. ${lines.join('. ')}</span
    ><span class="usage-parts" aria-hidden="true">${lines.map((line) => html`<span>${line}</span>`)}</span>
  </button>`;
}
