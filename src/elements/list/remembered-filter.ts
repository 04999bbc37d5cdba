import type { SessionFilter } from '../../controller/session-filter.js';
import { isJsonObject, parseJson } from '../../protocol/json.js';

/** The filter that was remembered; undefined when there is none, or when something else stands there. */
export function parseFilter(text: string | undefined): SessionFilter | undefined {
  const value = text === undefined ? undefined : parseJson(text);
  if (!isJsonObject(value)) return undefined;
  const { status, text: words } = value;
  return typeof status === 'string' && typeof words === 'string' ? { status, text: words } : undefined;
}
