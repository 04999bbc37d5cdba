const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
/** Bytes that open a list or an object. */
const OPENING = [0x5b, 0x7b] as const;
const CLOSING = [0x5d, 0x7d] as const;
const SPACE = 0x20;

/**
 * Counts the values of a JSON text while its bytes arrive: every scalar, list and object, but not the names of members.
 * The time is linear, and the bytes need not be JSON. A text of many small values takes far longer to parse than to
 * read, and far more memory.
 */
export class JsonValueCount {
  #count = 1;
  #isInString = false;
  #isEscaped = false;
  /** True directly after a bracket that opens: its first value is not separated by a comma. */
  #isOpened = false;

  /** The number of values so far. */
  get count(): number {
    return this.#count;
  }

  add(bytes: Uint8Array): void {
    let count = this.#count;
    let isInString = this.#isInString;
    let isEscaped = this.#isEscaped;
    let isOpened = this.#isOpened;
    for (const byte of bytes) {
      if (isInString) {
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) isInString = false;
        continue;
      }
      if (byte <= SPACE) continue;
      if (isOpened) {
        isOpened = false;
        if (byte !== CLOSING[0] && byte !== CLOSING[1]) count += 1;
      }
      if (byte === QUOTE) isInString = true;
      else if (byte === COMMA) count += 1;
      else if (byte === OPENING[0] || byte === OPENING[1]) isOpened = true;
    }
    this.#count = count;
    this.#isInString = isInString;
    this.#isEscaped = isEscaped;
    this.#isOpened = isOpened;
  }
}
