import { contentText, isLLMContent, textContent, type LLMContent } from '../content.js';
import type { Interaction } from './interactions.js';
import { isJsonObject, isText, type JsonObject } from '../values/json.js';
import { hasSecrets } from '../schema/secrets.js';

/**
 * Returns the input (`CreateSessionRequest.inputs`) that answers a question as it was answered before; undefined for an
 * answer that must be given again: one with secrets, a review of actions, a confirmation, and a choice that an input
 * cannot express.
 */
export function inputOfAnswer(interaction: Interaction, response: JsonObject): LLMContent | undefined {
  switch (interaction.kind) {
    case 'text': {
      const { input } = response;
      return isLLMContent(input) ? input : undefined;
    }
    case 'choice':
      return choiceInput(response);
    case 'consent':
      return textContent(response['consent'] === true ? 'yes' : 'no');
    case 'form':
      return hasSecrets(interaction.schema) ? undefined : { parts: [{ json: response }] };
    // It allowed these actions, and another run may want to do others.
    case 'review':
    // It was about this place of this run.
    case 'confirm':
      return undefined;
    case 'unknown':
      return { parts: [{ json: response }] };
  }
}

function choiceInput({ selected }: JsonObject): LLMContent | undefined {
  const ids = isJsonObject(selected) && Array.isArray(selected['ids']) ? selected['ids'].filter(isText) : [];
  const isApart = ids.length === 1 || ids.every((id) => !/[,;\n]/.test(id) && id.trim() === id);
  return ids.length > 0 && isApart ? textContent(ids.join('\n')) : undefined;
}

/** The text of an input that is nothing but text; undefined for one with files or JSON. */
export function plainInput(input: LLMContent): string | undefined {
  return input.parts.every(({ text }) => text !== undefined) ? contentText(input) : undefined;
}
