import { shortText } from './content.js';
import { isFilledText } from './values/json.js';
import { plainName } from './values/plain-name.js';

/** The name of a person as it is written and shown: plain, in one line, short; undefined for anything without one. */
export function personName(name: unknown): string | undefined {
  return isFilledText(name) ? shortText(plainName(name)) : undefined;
}
