import {
  contentText,
  isLLMContent,
  textContent,
  toContents,
  type LLMContent,
} from '../../protocol/content.js';
import type { GraphNode } from '../../protocol/graph.js';
import { propertiesOf, SKIPPED } from '../../protocol/questions/interactions.js';
import type { JsonObject, JsonValue } from '../../protocol/values/json.js';
import type { NodeHandler } from '../node-handler.js';
import { isSet, objectSetting, settingsCheck, textSetting } from './configuration.js';
import { contextOutputs } from './contents.js';

/** `input`: asks for a form. Its outputs are the values of the response, in order; none when skipped. */
export const inputHandler: NodeHandler = {
  isIdempotent: true,
  check: settingsCheck({ description: 'text', schema: 'object', required: 'switch' }),
  async run({ node, ask }) {
    const response = await ask({ inputNode: { schema: schemaOf(node) } });
    return contextOutputs(Object.values(response).flatMap(valueContents));
  },
};

/** The schema of the form: the configured one, else one property that accepts any content. */
function schemaOf(node: GraphNode): JsonObject {
  const isRequired = isSet(node, 'required');
  const schema = objectSetting(node, 'schema');
  if (schema !== undefined) {
    return isRequired && schema['required'] === undefined
      ? { ...schema, required: Object.keys(propertiesOf(schema)) }
      : schema;
  }
  const title = textSetting(node, 'description') ?? node.metadata?.description ?? '';
  return {
    type: 'object',
    properties: {
      request: {
        type: 'object',
        title,
        behavior: ['transient', 'llm-content', ...(isRequired ? ['hint-required'] : [])],
        examples: ['{"parts":[{"text":""}],"role":"user"}'],
        format: 'edit_note',
      },
    },
  };
}

/** Converts plain values to text, so that prompts can quote them; a skipped or empty value gives nothing. */
function valueContents(value: JsonValue): readonly LLMContent[] {
  if (typeof value === 'number' || typeof value === 'boolean') return [textContent(String(value))];
  if (isLLMContent(value)) return isNothing(value) ? [] : [value];
  return toContents(value).filter((content) => !isNothing(content));
}

/** True for empty content, and for the mark of a skipped question. */
export function isNothing(content: LLMContent): boolean {
  if (content.parts.some((part) => part.text === undefined)) return false;
  const text = contentText(content);
  return text === '' || text === SKIPPED;
}
