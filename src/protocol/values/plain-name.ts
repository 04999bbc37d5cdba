/**
 * Characters that turn or order the text around them and are not drawn: with U+202E `fdp.exe` reads `exe.pdf`. A
 * name needs none of them; the direction of its letters is enough.
 */
const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Something to see: neither space nor a character that is drawn as nothing. */
const VISIBLE = /[^\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Printable ASCII, as most names are: all of it is seen, and none of it turns text. A replay may have a name per event. */
const ASCII_NAME = /^[!-~][ -~]*$/;

/** The text without the characters that change its direction. */
export function withoutDirection(text: string): string {
  return text.replaceAll(DIRECTION, '');
}

/**
 * A name (of a file, a session, a node) as it may be shown: without characters that change its direction; empty when
 * there is nothing to see in it.
 */
export function plainName(name: string): string {
  if (name === '' || ASCII_NAME.test(name)) return name;
  return VISIBLE.test(name) ? withoutDirection(name) : '';
}
