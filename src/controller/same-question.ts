import type { Interaction } from '../protocol/questions/interactions.js';
import { isSameJson, type JsonValue } from '../protocol/values/json.js';

/** True if two questions, of two sessions, are the same: of the same node, of the same kind, and with the same content. */
export function isSameQuestion(a: Interaction, b: Interaction): boolean {
  return isSameJson(contentOf(a), contentOf(b));
}

/** All that a question says, without what is its own in each session. */
function contentOf({
  interactionId: _id,
  index: _index,
  askedTs: _askedTs,
  ...content
}: Interaction): JsonValue {
  return content as unknown as JsonValue;
}
