import type { ContentPart, LLMContent } from '../../../protocol/content.js';
import { decodeText, mediaKind } from '../media/safe-media.js';
import { jsonText } from '../json-text.js';

/**
 * The text of contents as it came, to be copied: text without formatting, JSON indented, code, text files. Thoughts and
 * media have none. Contents are separated by an empty line, and so are the parts that are not text.
 */
export function outputText(contents: readonly LLMContent[]): string {
  const blocks: string[] = [];
  for (const { parts } of contents) {
    let text = '';
    for (const part of parts) {
      if (part.thought === true) continue;
      // The pieces of one text came one after the other.
      if (part.text !== undefined) text += part.text;
      else {
        blocks.push(text, textOfPart(part));
        text = '';
      }
    }
    blocks.push(text);
  }
  return blocks.filter((block) => block !== '').join('\n\n');
}

/** True for contents of which there is text to copy; reads no more of them than the first such part. */
export function hasOutputText(contents: readonly LLMContent[]): boolean {
  return contents.some(({ parts }) =>
    parts.some((part) => part.thought !== true && (part.text ?? textOfPart(part)) !== ''),
  );
}

function textOfPart(part: ContentPart): string {
  if (part.json !== undefined) return jsonText(part.json);
  if (part.executableCode !== undefined) return part.executableCode.code;
  if (part.codeExecutionResult !== undefined) return part.codeExecutionResult.output;
  if (part.functionCall !== undefined) return jsonText(part.functionCall.args);
  if (part.functionResponse !== undefined) return jsonText(part.functionResponse.response);
  if (part.fileData !== undefined) return part.fileData.fileUri;
  if (part.inlineData === undefined) return '';
  const { mimeType, data } = part.inlineData;
  const kind = mediaKind(mimeType);
  return kind === 'text' || kind === 'json' || kind === 'html' ? (decodeText(data) ?? '') : '';
}
