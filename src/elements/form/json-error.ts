const SPACE = /[ \t\n\r]*/y;
/** Brackets, strings (without the control characters), numbers and words. */
const TOKEN =
  /[{}[\],:]|"[ !#-[\]-\uffff]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[ !#-[\]-\uffff]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** The tokens that are allowed next. */
type Expected = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'comma or end' | 'nothing';

/**
 * Finds the offset of the first character at which a text stops being JSON; undefined when it is JSON. The
 * messages of `JSON.parse` differ between browsers, and often lack the position.
 */
export function jsonErrorOffset(text: string): number | undefined {
  /** The closing brackets of all open ones, innermost last. */
  const open: string[] = [];
  let expected: Expected | undefined = 'value';
  let offset = endOf(SPACE, text, 0) ?? 0;
  while (offset < text.length) {
    const end = endOf(TOKEN, text, offset);
    if (end === undefined) return offset;
    expected = next(text.slice(offset, end), expected, open);
    if (expected === undefined) return offset;
    offset = endOf(SPACE, text, end) ?? end;
  }
  return expected === 'nothing' ? undefined : offset;
}

function endOf(pattern: RegExp, text: string, offset: number): number | undefined {
  pattern.lastIndex = offset;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

/** The tokens allowed after this one; undefined when this one is not allowed. */
function next(token: string, expected: Expected, open: string[]): Expected | undefined {
  switch (token) {
    case '{':
    case '[':
      if (expected !== 'value' && expected !== 'value or end') return undefined;
      open.push(token === '{' ? '}' : ']');
      return token === '{' ? 'key or end' : 'value or end';
    case '}':
    case ']':
      if (!expected.endsWith('or end') || open.pop() !== token) return undefined;
      return afterValue(open);
    case ',':
      if (expected !== 'comma or end') return undefined;
      return open.at(-1) === '}' ? 'key' : 'value';
    case ':':
      return expected === 'colon' ? 'value' : undefined;
  }
  if (expected.startsWith('key')) return token.startsWith('"') ? 'colon' : undefined;
  return expected.startsWith('value') ? afterValue(open) : undefined;
}

function afterValue(open: readonly string[]): Expected {
  return open.length === 0 ? 'nothing' : 'comma or end';
}
