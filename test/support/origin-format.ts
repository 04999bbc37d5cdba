import type { JsonObject, JsonValue } from '../../src/protocol/values/json.js';

/** Writes JSON as the original server does: a space after each separator, nothing beyond ASCII. */
export function originJson(value: JsonValue): string {
  if (typeof value === 'string') {
    return JSON.stringify(value).replace(
      /[\u007f-\uffff]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  }
  if (Array.isArray(value)) return `[${value.map(originJson).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${originJson(key)}: ${originJson(member)}`);
  return `{${members.join(', ')}}`;
}

/** Writes a frame as the original server does: CRLF, `id` first. */
export function originFrame(event: string, data: JsonValue, id?: number): string {
  const lines = [...(id === undefined ? [] : [`id: ${id}`]), `event: ${event}`, `data: ${originJson(data)}`];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** Reads the messages of one recorded or emulated stream. */
export interface OriginFrame {
  readonly event: string;
  readonly data: JsonObject;
}

/** Splits a recorded stream into its frames. */
export function originFrames(text: string): readonly OriginFrame[] {
  return text
    .split('\r\n\r\n')
    .filter((block) => block !== '' && !block.startsWith(':'))
    .map((block) => {
      const field = (name: string) =>
        block
          .split('\r\n')
          .find((line) => line.startsWith(`${name}: `))
          ?.slice(name.length + 2) ?? '';
      return { event: field('event'), data: JSON.parse(field('data')) as JsonObject };
    });
}
