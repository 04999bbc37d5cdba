import { plainName } from '../../protocol/values/plain-name.js';
import { html, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { ContentPart, LLMContent } from '../../protocol/content.js';
import type { JsonValue } from '../../protocol/values/json.js';
import {
  type ContentOptions,
  renderCode,
  type Rendered,
  renderJson,
  renderNamed,
  renderText,
} from './text-view.js';
import { renderInline, renderRemote, renderStored } from './file-view.js';

/**
 * Content in readable form: Markdown formatted, text with its line breaks, JSON as a tree, images, audio,
 * video, files to download, HTML in a frame without any rights. Nothing in it can run script in the page or
 * navigate it. Use with `contentStyles`.
 */
export function renderContent(content: LLMContent, options: ContentOptions): TemplateResult {
  const { parts } = content;
  return html`<div class="content" part="content">
    ${
      parts.length <= SHOWN_PARTS
        ? renderParts(parts, options)
        : html`<sessions-panel-parts
            class="content"
            .parts=${parts}
            .options=${options}
          ></sessions-panel-parts>`
    }
  </div>`;
}

/** Number of parts drawn at first; a run may emit thousands. */
export const SHOWN_PARTS = 60;

/** The parts of a content, in their order. */
export function renderParts(parts: readonly ContentPart[], options: ContentOptions): readonly unknown[] {
  return parts.map((part) =>
    // Decode and parse once per part, not once per update of the element around it.
    guard(
      [
        part,
        options.resolveHandle,
        options.frameUrl,
        options.fileUrlPrefix,
        options.strings,
        options.isGrowing,
        options.isRead,
        options.isWhole,
      ],
      () => renderPart(part, options),
    ),
  );
}

function renderPart(part: ContentPart, options: ContentOptions): Rendered {
  const { strings } = options;
  if (part.text !== undefined) return renderText(part.text, part.thought === true, options);
  if (part.inlineData !== undefined) {
    const { mimeType, data, title } = part.inlineData;
    return renderInline(mimeType, data, plainName(title ?? '') || undefined, options);
  }
  if (part.storedData !== undefined) return renderStored(part.storedData, options);
  if (part.fileData !== undefined) return renderRemote(part.fileData, options);
  if (part.json !== undefined) return renderJson(part.json, strings.json, strings, options.isCopied !== true);
  if (part.functionCall !== undefined) {
    return renderNamed(`${plainName(part.functionCall.name)}()`, part.functionCall.args, strings);
  }
  if (part.functionResponse !== undefined) {
    return renderNamed(
      `${plainName(part.functionResponse.name)}() →`,
      part.functionResponse.response,
      strings,
    );
  }
  if (part.executableCode !== undefined) {
    return renderCode(strings.code(part.executableCode.language), part.executableCode.code, strings);
  }
  if (part.codeExecutionResult !== undefined) {
    return renderCode(strings.codeOutput, part.codeExecutionResult.output, strings);
  }
  return renderJson(part as unknown as JsonValue, strings.json, strings);
}
