import {
  isFiniteNumber,
  isJsonObject,
  isText,
  parseJson,
  pickMembers,
  type JsonObject,
} from '../values/json.js';
import { GraphRunError } from '../problems.js';
import type { SseItem } from './sse.js';

/** A message of a stream. */
export type SseMessage = Extract<SseItem, { kind: 'message' }>;

/**
 * The data of a frame.
 *
 * @throws GraphRunError `protocol-error` when it is not a JSON object.
 */
export function objectOf(message: SseMessage): JsonObject {
  const data = parseJson(message.data);
  if (isJsonObject(data)) return data;
  throw new GraphRunError('protocol-error', `A frame “${message.event}” is not a JSON object.`);
}

/** The optional parts of the protocol that a first frame lists. */
export function featuresOf({ features }: JsonObject): { features?: readonly string[] } {
  return Array.isArray(features) ? { features: features.filter(isText) } : {};
}

/** The members of a frame that are texts. */
export function texts<Key extends string>(data: JsonObject, keys: readonly Key[]) {
  return pickMembers(data, keys, isText);
}

/** The members of a frame that are numbers. */
export function numbers<Key extends string>(data: JsonObject, keys: readonly Key[]) {
  return pickMembers(data, keys, isFiniteNumber);
}
