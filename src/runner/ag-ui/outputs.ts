import { contentJson, isLLMContent, textContent } from '../../protocol/content.js';
import type { Outputs } from '../../protocol/events.js';
import { DEFAULT_PORT } from '../../protocol/graph.js';
import { isText, type JsonObject, type JsonValue } from '../../protocol/values/json.js';

/** Outputs of a node with a text; undefined for an empty one. */
export function textOutputs(text: string): Outputs | undefined {
  return text === '' ? undefined : { [DEFAULT_PORT]: [contentJson(textContent(text, 'model'))] };
}

/** Outputs of a node with a result of any kind. */
export function resultOutputs(result: JsonValue): Outputs | undefined {
  if (isText(result)) return textOutputs(result);
  const content: JsonObject = isLLMContent(result) ? result : { role: 'model', parts: [{ json: result }] };
  return { [DEFAULT_PORT]: [content] };
}
