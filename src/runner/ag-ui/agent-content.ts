import { contentText, type ContentPart, type LLMContent } from '../../protocol/content.js';
import { isJsonObject, isText, type JsonObject, type JsonValue } from '../../protocol/values/json.js';

/** Media types of parts that name none, by the type of the part. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  image: 'image/*',
  audio: 'audio/*',
  video: 'video/*',
  document: 'application/octet-stream',
};

/** Reads the content of an AG-UI message: a text, or parts. What is no part that we know is kept as JSON. */
export function fromAgentContent(value: JsonValue | undefined, role: string): LLMContent {
  if (isText(value)) return { role, parts: [{ text: value }] };
  if (!Array.isArray(value)) return { role, parts: value === undefined ? [] : [{ json: value }] };
  return { role, parts: value.map((part: JsonValue) => fromPart(part)) };
}

function fromPart(part: JsonValue): ContentPart {
  if (!isJsonObject(part)) return { json: part };
  const { type, text, source } = part;
  if (type === 'text' && isText(text)) return { text };
  if (!isJsonObject(source) || !isText(source['value'])) return { json: part };
  const named = source['mimeType'];
  const mimeType = isText(named) ? named : (MEDIA_TYPES[String(type)] ?? 'application/octet-stream');
  if (source['type'] === 'data') return { inlineData: { mimeType, data: source['value'] } };
  if (source['type'] === 'url') return { fileData: { fileUri: source['value'], mimeType } };
  return { json: part };
}

/** Writes content as that of an AG-UI message: a text, or parts where it has more than text. */
export function toAgentContent(content: LLMContent): JsonValue {
  if (content.parts.every(({ text }) => text !== undefined)) return contentText(content);
  return content.parts.flatMap((part): JsonObject[] => {
    if (part.text !== undefined) return [{ type: 'text', text: part.text }];
    if (part.json !== undefined) {
      return [isJsonObject(part.json) && isText(part.json['type']) ? part.json : asText(part.json)];
    }
    const { inlineData, fileData } = part;
    if (inlineData !== undefined) {
      const { mimeType, data: value } = inlineData;
      return [{ type: typeOf(mimeType), source: { type: 'data', value, mimeType } }];
    }
    if (fileData === undefined) return [];
    const { fileUri: value, mimeType } = fileData;
    return [{ type: typeOf(mimeType), source: { type: 'url', value, mimeType } }];
  });
}

function asText(json: JsonValue): JsonObject {
  return { type: 'text', text: JSON.stringify(json) };
}

function typeOf(mimeType: string): string {
  const [type = ''] = mimeType.split('/');
  return type === 'image' || type === 'audio' || type === 'video' ? type : 'document';
}
