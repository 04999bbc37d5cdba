import { html, type TemplateResult } from 'lit';
import { questionText, consentName } from '../../protocol/interaction-text.js';
import type { ConsentInteraction, Interaction } from '../../protocol/interactions.js';
import { isText, type JsonValue } from '../../protocol/json.js';
import type { PanelStrings } from '../strings/english.js';

/** Words a request for consent as a question. */
export function consentText(interaction: ConsentInteraction, node: string, strings: PanelStrings): string {
  const { consentType } = interaction;
  const name = Object.hasOwn(strings.consentNames, consentType)
    ? strings.consentNames[consentType]
    : undefined;
  return strings.consentQuestion(node, name ?? consentName(consentType));
}

/** Words any question in one line, as its card asks it. */
export function questionLine(interaction: Interaction, node: string, strings: PanelStrings): string {
  return interaction.kind === 'consent' ? consentText(interaction, node, strings) : questionText(interaction);
}

/** Renders the scope of a consent, as the request states it. */
export function renderScope({ scope }: ConsentInteraction, strings: PanelStrings): TemplateResult {
  const entries = Object.entries(scope);
  if (entries.length === 0) return html`<p class="hint" id="scope">${strings.consentNoScope}</p>`;
  return html`<dl class="scope" id="scope" aria-label=${strings.consentScope}>
    ${entries.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd dir="auto">${scopeText(value)}</dd>
        </div>`,
    )}
  </dl>`;
}

function scopeText(value: JsonValue): string {
  if (isText(value)) return value;
  if (Array.isArray(value)) return value.map(scopeText).join(', ');
  return JSON.stringify(value, null, 1);
}
