import { contentText, outputContents, type LLMContent } from '../../protocol/content.js';
import type { Outputs } from '../../protocol/events.js';
import { DEFAULT_PORT } from '../../protocol/graph.js';
import type { JsonObject, JsonValue } from '../../protocol/json.js';
import type { NodeContext } from '../node-handler.js';

/** Content as a JSON value. It is JSON by construction; its interface only lacks the index signature. */
export function contentValue(content: LLMContent): JsonObject {
  return content as unknown as JsonObject;
}

/** Outputs of a node with one port, `context`. */
export function contextOutputs(contents: readonly LLMContent[]): Outputs {
  return { [DEFAULT_PORT]: contents.map(contentValue) };
}

/** The node's inputs, handed on port by port. */
export function passedOn(context: NodeContext): Outputs {
  return Object.fromEntries(
    Object.entries(context.inputs).map(([port, contents]): [string, JsonValue] => [
      port,
      contents.map(contentValue),
    ]),
  );
}

/** All content that came into a node, port by port. */
export function allInputs(context: NodeContext): readonly LLMContent[] {
  return Object.values(context.inputs).flat();
}

/** The text of contents, one paragraph each; JSON pieces count as their JSON. */
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
 * Replaces each `{{nodeId}}` by the text that this node gave. An id that is not upstream stays as it
 * stands, so that the mistake can be seen.
 */
export function fillTemplate(template: string, context: NodeContext): string {
  return template.replace(/\{\{\s*([^{}]+?)\s*\}\}/g, (placeholder, nodeId: string) => {
    const outputs = context.upstreamOutputs(nodeId);
    return outputs === undefined ? placeholder : readableText(outputContents(outputs));
  });
}
