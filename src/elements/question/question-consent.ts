import { html, nothing, type TemplateResult } from 'lit';
import { contentText } from '../../protocol/content.js';
import { consentName } from '../../protocol/questions/consent-name.js';
import { questionText } from '../../protocol/questions/interaction-text.js';
import type {
  ConfirmInteraction,
  ConsentInteraction,
  Interaction,
} from '../../protocol/questions/interactions.js';
import { isText, type JsonValue } from '../../protocol/values/json.js';
import { isolateText } from '../strings/bidi.js';
import type { PanelStrings } from '../strings/english.js';

/** Words a request for consent as a question. */
export function consentText(interaction: ConsentInteraction, node: string, strings: PanelStrings): string {
  const { consentType } = interaction;
  const name = Object.hasOwn(strings.consentNames, consentType)
    ? strings.consentNames[consentType]
    : undefined;
  const urls = urlsOf(interaction);
  const what = urls === undefined ? undefined : strings.consentReadPages(urls.map(isolateText));
  return strings.consentQuestion(node, what ?? name ?? consentName(consentType));
}

/** Words a confirmation that has no text of its own. */
export function confirmText({ before }: ConfirmInteraction, strings: PanelStrings): string {
  return strings.confirmQuestion(before.map(isolateText));
}

/** The pages that are to be read, when the request names some and limits nothing else. */
function urlsOf({ consentType, scope }: ConsentInteraction): readonly string[] | undefined {
  const { url, ...others } = scope;
  if (consentType !== 'GET_ANY_WEBPAGE' || url === undefined || Object.keys(others).length > 0)
    return undefined;
  const urls = Array.isArray(url) ? url : [url];
  return urls.length > 0 && urls.every(isText) ? urls : undefined;
}

/** Words any question in one line, as its card asks it. */
export function questionLine(interaction: Interaction, node: string, strings: PanelStrings): string {
  if (interaction.kind === 'consent') return consentText(interaction, node, strings);
  if (interaction.kind === 'confirm' && contentText(interaction.prompt) === '') {
    return confirmText(interaction, strings);
  }
  const text = strings.sentence(questionText(interaction));
  if (interaction.kind !== 'review') return text;
  return `${strings.reviewQuestion(node, interaction.actions.length)} ${text}`;
}

/** Renders the limits of a consent as a sentence; nothing where the question itself has them. */
export function renderScope(
  interaction: ConsentInteraction,
  strings: PanelStrings,
): TemplateResult | typeof nothing {
  const entries = Object.entries(interaction.scope);
  if (entries.length === 0) return html`<p class="hint" id="scope">${strings.consentNoScope}</p>`;
  if (urlsOf(interaction) !== undefined) return nothing;
  const parts = entries.map(([name, value]) => isolateText(`${name}: ${scopeText(value)}`));
  return html`<p class="scope" id="scope" dir="auto">${strings.consentLimits(parts)}</p>`;
}

function scopeText(value: JsonValue): string {
  if (isText(value)) return value;
  if (Array.isArray(value)) return value.map(scopeText).join(', ');
  return JSON.stringify(value);
}
