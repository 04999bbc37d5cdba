import { html, nothing, type TemplateResult } from 'lit';
import type { NodeRun } from '../../../controller/run/run-controller.js';
import { toContents, type LLMContent } from '../../../protocol/content.js';
import type { JsonValue } from '../../../protocol/values/json.js';
import { plainName } from '../../../protocol/values/plain-name.js';
import { EXPORTED_PARTS } from '../../base/part-names.js';
import { renderContent } from '../../content/content-view.js';
import type { ContentOptions } from '../../content/text-view.js';
import { isAnswer } from './node-answer.js';

/** An output, by the name of its port. */
export type Output = readonly [port: string, value: JsonValue];

/** The outputs of a node that are shown: not those that are empty, or only repeat an answer. */
export function shownOutputs(node: NodeRun): readonly Output[] {
  return Object.entries(node.outputs ?? {}).filter(
    ([, value]) => toContents(value).some(hasContent) && !isAnswer(node, value),
  );
}

function hasContent({ parts }: LLMContent): boolean {
  return parts.some(({ text }) => text !== '');
}

/** Outputs of a node, a block each; several are named by their ports. */
export function renderOutputs(
  outputs: readonly Output[],
  nodeTitle: string,
  options: ContentOptions,
): readonly TemplateResult[] {
  return outputs.map(([port, value]) =>
    renderBlock(
      toContents(value),
      nodeTitle,
      options,
      outputs.length > 1 ? { caption: plainName(port) } : {},
    ),
  );
}

/** Contents of a node as a block that can have the focus, with the buttons for it. */
export function renderBlock(
  contents: readonly LLMContent[],
  nodeTitle: string,
  options: ContentOptions,
  { caption, isStreamed = false }: { readonly caption?: string; readonly isStreamed?: boolean } = {},
): TemplateResult {
  const { strings } = options;
  return html`<sessions-panel-output
    class=${isStreamed ? 'output streaming' : 'output'}
    part="output"
    exportparts=${EXPORTED_PARTS.text}
    role="group"
    tabindex="0"
    aria-label=${strings.outputOf(nodeTitle)}
    .contents=${contents}
    .strings=${strings}
  >
    ${caption === undefined ? nothing : html`<span class="caption">${caption}</span>`}
    ${contents.map((content) => renderContent(content, { ...options, isCopied: true }))}
  </sessions-panel-output>`;
}
