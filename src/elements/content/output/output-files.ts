import type { LLMContent } from '../../../protocol/content.js';
import { plainName } from '../../../protocol/values/plain-name.js';
import { saveBlob } from '../../base/save-blob.js';
import { bareType, decodeBase64, mediaKind } from '../media/safe-media.js';

/** A file within contents, as it can be downloaded. */
export interface OutputFile {
  /** Its title, otherwise “output” with the ending of its type. */
  readonly name: string;
  readonly base64: string;
}

/** Lists the pictures, audio, video and pages within contents; other files have a link of their own. */
export function outputFiles(contents: readonly LLMContent[]): readonly OutputFile[] {
  return contents.flatMap(({ parts }) =>
    parts.flatMap(({ inlineData }) => {
      if (inlineData === undefined || inlineData.data === '') return [];
      const { mimeType, data, title = '' } = inlineData;
      const kind = mediaKind(mimeType);
      if (kind === 'file' || kind === 'text' || kind === 'json') return [];
      return [{ name: plainName(title) || `output.${endingOf(mimeType)}`, base64: data }];
    }),
  );
}

/** `png` of `image/png`, `svg` of `image/svg+xml`. */
function endingOf(mimeType: string): string {
  return (bareType(mimeType).split('/')[1] ?? '').replace(/\+.*$/, '').replace(/[^a-z0-9]/g, '') || 'bin';
}

/**
 * Downloads a file. Its type is neutral, so that a browser that opens it shows nothing of it. Returns false for data
 * that are not base64.
 */
export function downloadFile({ name, base64 }: OutputFile): boolean {
  const bytes = decodeBase64(base64);
  if (bytes === undefined) return false;
  saveBlob(new Blob([bytes], { type: 'application/octet-stream' }), name);
  return true;
}
