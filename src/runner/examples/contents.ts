import { contentJson, contentText, outputContents, type LLMContent } from '../../protocol/content.js';
import type { Outputs } from '../../protocol/events.js';
import { DEFAULT_PORT } from '../../protocol/graph.js';
import type { JsonValue } from '../../protocol/values/json.js';
import type { NodeContext } from '../node-handler.js';

/** Makes outputs with one port, `context`. */
export function contextOutputs(contents: readonly LLMContent[]): Outputs {
  return { [DEFAULT_PORT]: contents.map(contentJson) };
}

/** Passes the node's inputs on as its outputs, port by port. */
export function passedOn(context: NodeContext): Outputs {
  return Object.fromEntries(
    Object.entries(context.inputs).map(([port, contents]): [string, JsonValue] => [
      port,
      contents.map(contentJson),
    ]),
  );
}

/** All contents of a node's inputs, port by port. */
export function allInputs(context: NodeContext): readonly LLMContent[] {
  return Object.values(context.inputs).flat();
}

/** The text of contents, one paragraph each; a JSON part contributes its JSON. */
export function readableText(contents: readonly LLMContent[]): string {
  return contents
    .map((content) => {
      const json = content.parts.filter((part) => part.json !== undefined);
      return [contentText(content), ...json.map((part) => JSON.stringify(part.json))].join(' ').trim();
    })
    .filter((text) => text !== '')
    .join('\n\n');
}

/**
 * Replaces each `{{nodeId}}` by the text of that node's outputs. An id that is not upstream is left in place,
 * so that the mistake is visible.
 */
export function fillTemplate(template: string, context: NodeContext): string {
  return template.replace(/\{\{([^{}]+)\}\}/g, (placeholder, nodeId: string) => {
    const outputs = context.upstreamOutputs(nodeId.trim());
    return outputs === undefined ? placeholder : readableText(outputContents(outputs));
  });
}
