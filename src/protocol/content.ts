import { isJsonObject, type JsonObject, type JsonValue } from './values/json.js';

/** One part of content. Exactly one of the members is set; an unknown part is kept as it came. */
export interface ContentPart {
  readonly text?: string;
  /** Inline bytes: `data` is base64. */
  readonly inlineData?: { readonly mimeType: string; readonly data: string; readonly title?: string };
  /** Bytes kept by the server; a relative `handle` is relative to it. */
  readonly storedData?: { readonly handle: string; readonly mimeType: string };
  readonly fileData?: { readonly fileUri: string; readonly mimeType: string };
  readonly functionCall?: { readonly name: string; readonly args: JsonValue };
  readonly functionResponse?: { readonly name: string; readonly response: JsonValue };
  readonly json?: JsonValue;
  readonly executableCode?: { readonly language: string; readonly code: string };
  readonly codeExecutionResult?: { readonly outcome: string; readonly output: string };
  /** True when the part is a model's thought and does not belong to its answer. */
  readonly thought?: boolean;
}

/** Content as models exchange it: a role and its parts. */
export interface LLMContent {
  readonly role?: string;
  readonly parts: readonly ContentPart[];
}

/** Makes content of one text part. */
export function textContent(text: string, role = 'user'): LLMContent {
  return { role, parts: [{ text }] };
}

/** Content as JSON, which it is by construction; its interface only lacks the index signature. */
export function contentJson(content: LLMContent): JsonObject {
  return content as unknown as JsonObject;
}

/** True for an object with a list of parts, each an object. */
export function isLLMContent(value: unknown): value is LLMContent & JsonObject {
  return isJsonObject(value) && Array.isArray(value['parts']) && value['parts'].every(isJsonObject);
}

/**
 * Reads content in any form that a port of a node can hold: one content, a list, a plain string, or any
 * other JSON (which becomes a `json` part). Nothing is dropped.
 */
export function toContents(value: JsonValue | undefined): readonly LLMContent[] {
  const contents: LLMContent[] = [];
  // Without recursion: lists may be nested deeper than the stack allows. The last item is the next one.
  const rest: (JsonValue | undefined)[] = [value];
  while (rest.length > 0) {
    const item = rest.pop();
    if (item === undefined || item === null || item === '') continue;
    if (typeof item === 'string') contents.push({ parts: [{ text: item }] });
    else if (isLLMContent(item)) contents.push(item);
    else if (!Array.isArray(item)) contents.push({ parts: [{ json: item }] });
    else for (let position = item.length - 1; position >= 0; position -= 1) rest.push(item[position]);
  }
  return contents;
}

/** All content of a node's outputs, port by port. */
export function outputContents(
  outputs: Readonly<Record<string, JsonValue>> | undefined,
): readonly LLMContent[] {
  return Object.values(outputs ?? {}).flatMap((value) => toContents(value));
}

/** The text of a content without thoughts; parts that are not text add nothing. */
export function contentText(content: LLMContent): string {
  return content.parts
    .filter((part) => part.thought !== true && typeof part.text === 'string')
    .map((part) => part.text)
    .join('');
}

/** The text of several contents, one paragraph each. */
export function contentsText(contents: readonly LLMContent[]): string {
  return contents
    .map(contentText)
    .filter((text) => text !== '')
    .join('\n\n');
}

const SHORT_TEXT_LENGTH = 120;

/** Shortens a text to one line of at most 120 characters; undefined when there is nothing to show. */
export function shortText(text: string): string | undefined {
  return shorten(beginningOf(text).replace(/\s+/g, ' ').trim());
}

/** The same, but line breaks stay: one for any number of them. */
export function shortLines(text: string): string | undefined {
  const lines = beginningOf(text)
    .split(/[\n\r]+/)
    .map((line) => line.replace(/\s+/g, ' ').trim());
  return shorten(lines.filter((line) => line !== '').join('\n'));
}

/** Only the beginning is read, so that a huge output costs nothing. */
function beginningOf(text: string): string {
  return text.slice(0, 4 * SHORT_TEXT_LENGTH);
}

function shorten(line: string): string | undefined {
  if (line === '') return undefined;
  const characters = [...line];
  return characters.length <= SHORT_TEXT_LENGTH
    ? line
    : `${characters.slice(0, SHORT_TEXT_LENGTH - 1).join('')}…`;
}
