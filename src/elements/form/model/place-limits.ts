import type { FieldOption } from '../schema/schema-alternatives.js';
import type { Place } from './plain-fields.js';

/** A form shows up to this many fields at once; later groups open when a person chooses to fill them in. */
const MAX_FIELDS = 1000;

/** Options up to which they are listed: more are typed, and checked with the schema. */
export const MAX_OPTIONS = 1000;
/** Boxes to tick, likewise. */
export const MAX_TICKS = 200;
/** Options of all fields together up to which they are listed. */
const MAX_LISTED = 5000;

/** True for options that are few enough to be listed with the others of the form; counts them. */
export function isListed({ length }: readonly FieldOption[], { made }: Place, limit: number): boolean {
  if (length > limit || made.options + length > MAX_LISTED) return false;
  made.options += length;
  return true;
}

/**
 * True for a recursive part of a schema, and for any part once the form has enough fields: without this
 * limit, a schema of a few lines could have more fields than a page can show.
 */
export function isFolded(part: unknown, { within, made }: Place): boolean {
  return within.includes(part) || made.count > MAX_FIELDS;
}

/**
 * The place of a part that a person chooses to add: recursion and number of fields are counted from zero
 * there.
 */
export function opened(place: Place): Place {
  return { ...place, within: [], made: { count: 0, options: 0 } };
}
