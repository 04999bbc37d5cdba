import { isJsonObject, jsonDepth, type JsonObject } from '../../protocol/json.js';
import { GraphRunError } from '../../protocol/problems.js';

/** An answer as it was sent. */
export interface ParsedResume {
  readonly interactionId: string;
  readonly response: JsonObject;
}

/**
 * Reads the body of an answer.
 *
 * @throws GraphRunError `missing-interaction-id` or `invalid-response`.
 */
export function parseResume(body: JsonObject, maxDepth: number): ParsedResume {
  const { interactionId, response = {} } = body;
  if (typeof interactionId !== 'string' || interactionId === '') {
    throw new GraphRunError('missing-interaction-id', 'Missing “interactionId” in the body.', {
      status: 400,
    });
  }
  if (!isJsonObject(response)) {
    throw new GraphRunError('invalid-response', '“response” must be a JSON object.', { status: 400 });
  }
  if (jsonDepth(response, maxDepth) > maxDepth) {
    throw new GraphRunError('invalid-response', `“response” may be ${maxDepth} levels deep.`, {
      status: 400,
    });
  }
  return { interactionId, response };
}
