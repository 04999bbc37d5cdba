import { isJsonObject, parseJson } from '../../protocol/values/json.js';
import type { LoggedEvent } from '../store/session-store.js';

/**
 * Makes the tag of an append: 48 random bits. After a log was restored from a backup, other events are appended at
 * indexes that readers have seen already; their tags are different.
 */
export function uniqueTag(): string {
  return crypto.randomUUID().slice(-12);
}

/** The last member of an event, where this server writes it: a large event is not parsed for its tag. */
const TAG_AT_END = /"tag":"([\da-f]{12})"\}$/;

/** Returns the tag of a logged event; empty for one that was logged before events had tags. */
export function tagOf({ json }: LoggedEvent): string {
  const atEnd = TAG_AT_END.exec(json.slice(-30))?.[1];
  if (atEnd !== undefined) return atEnd;
  const event = parseJson(json);
  const tag = isJsonObject(event) ? event['tag'] : undefined;
  return typeof tag === 'string' ? tag : '';
}
