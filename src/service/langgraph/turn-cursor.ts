import { isFiniteNumber, isJsonObject, isText, parseJson } from '../../protocol/json.js';
import type { Cursor } from '../../protocol/messages.js';

/** A position in a turn. */
export interface TurnCursor {
  /**
   * Where the events came from, a letter per run: `s` its stream, `h` its history. A `?` at the end: the history of a run
   * that had not ended, whose order may change.
   */
  readonly from: string;
  /** Number of delivered events. */
  readonly count: number;
}

/** The beginning of every turn. */
export const NO_CURSOR: TurnCursor = { from: '', count: 0 };

/** Writes a position as text. */
export function writeCursor({ from, count }: TurnCursor): Cursor {
  return JSON.stringify({ v: 1, from, count });
}

/** Reads a position; that of another service means the beginning. */
export function parseCursor(cursor: Cursor | undefined): TurnCursor {
  const value = parseJson(cursor ?? '');
  if (!isJsonObject(value) || value['v'] !== 1) return NO_CURSOR;
  const { from, count } = value;
  return isText(from) && isFiniteNumber(count) && Number.isSafeInteger(count) && count > 0
    ? { from, count }
    : NO_CURSOR;
}

/** True when the first `count` events are the same although runs were added. */
export function isSameLog(cursor: TurnCursor, from: string): boolean {
  return !cursor.from.endsWith('?') && from.startsWith(cursor.from);
}
