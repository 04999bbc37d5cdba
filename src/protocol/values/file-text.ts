import { isText, type JsonObject } from './json.js';

/** A text of this many characters or more without blanks is a file: no person types it. */
const FILE_CHARS = 10_000;

/** True for a schema of a text that holds a file: a `data:` URL, or its bytes as base64. */
export function isFileSchema({ format, contentEncoding }: JsonObject): boolean {
  return format === 'data-url' || (isText(contentEncoding) && contentEncoding.toLowerCase() === 'base64');
}

/** True for a text that holds a file, as far as the text itself shows it. */
export function isFileText(value: unknown): value is string {
  return typeof value === 'string' && value.length >= FILE_CHARS && !/\s/.test(value);
}

/** The base64 of a `data:` URL, or the text itself. */
export function base64Of(text: string): string {
  return text.startsWith('data:') ? text.slice(text.indexOf(',') + 1) : text;
}
