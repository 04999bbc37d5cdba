const UNSTORABLE = /[\p{Cc}\p{Cs}]/u;

/** True for a text without control characters and lone surrogates: not every database stores those unchanged. */
export function isStorable(text: string): boolean {
  return !UNSTORABLE.test(text);
}
