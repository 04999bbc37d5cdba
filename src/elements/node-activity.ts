import { html, nothing, type TemplateResult } from 'lit';
import type { NodeRun } from '../controller/run-controller.js';
import { contentsText, toContents } from '../protocol/content.js';
import type { JsonValue } from '../protocol/json.js';
import { groupActivity, summariseActivity, type ActivityGroup } from './activity.js';
import { renderContent, renderJson, renderProse, type ContentOptions } from './content-view.js';
import { icon } from './icons.js';
import { plainLine } from './markdown.js';
import type { PanelStrings } from './strings.js';

type Rendered = TemplateResult | typeof nothing;

/** What a node is doing, as it goes on: everything in its order. */
export function renderLiveActivity(node: NodeRun, options: ContentOptions): TemplateResult {
  return html`${renderOmitted(node, options.strings)}
  ${groupActivity(node.entries).map((group) => renderGroup(group, { ...options, isGrowing: true }))}`;
}

/** What a node did: its thoughts and calls folded away, then answers, then what came of it. */
export function renderFinishedActivity(node: NodeRun, options: ContentOptions): TemplateResult {
  const { strings } = options;
  const outputs = Object.entries(node.outputs ?? {}).filter(
    ([, value]) => toContents(value).length > 0 && !isAnswer(node, value),
  );
  const hasOutputs = outputs.length > 0;
  const groups = groupActivity(node.entries);
  const isResult = (group: ActivityGroup) =>
    group.kind === 'answer' || group.kind === 'error' || (group.kind === 'content' && !hasOutputs);
  const folded = groups.filter((group) => !isResult(group));
  const results = groups.filter(isResult);
  const hasSteps = folded.some(
    (group) => group.kind === 'thoughts' || group.kind === 'call' || group.kind === 'other',
  );
  return html`${hasSteps ? renderFolded(node, folded, options) : nothing}
  ${results.map((group) => renderGroup(group, options))}
  ${outputs.map(
    ([port, value]) =>
      html`<div class="output" part="output">
        ${outputs.length > 1 ? html`<span class="caption">${port}</span>` : nothing}
        ${toContents(value).map((content) => renderContent(content, options))}
      </div>`,
  )}
  ${
    node.status === 'completed' && !hasOutputs && results.length === 0
      ? html`<p class="quiet">${strings.noOutput}</p>`
      : nothing
  }`;
}

/** True for an output that only passes on what a person answered, which is shown already. */
function isAnswer({ entries }: NodeRun, output: JsonValue): boolean {
  const contents = toContents(output);
  const isText = contents.every(({ parts }) => parts.every((part) => part.text !== undefined));
  const text = contentsText(contents);
  return isText && entries.some((entry) => entry.kind === 'answer' && entry.text === text);
}

function renderFolded(
  node: NodeRun,
  groups: readonly ActivityGroup[],
  options: ContentOptions,
): TemplateResult {
  const { strings } = options;
  const { thoughts, calls, last } = summariseActivity(node);
  const counts = [
    thoughts > 0 ? strings.thoughts(thoughts) : '',
    calls > 0 ? strings.calls(calls) : '',
  ].filter((text) => text !== '');
  return html`<details class="steps">
    <summary>
      ${icon('chevron')}<span class="last" dir="auto"
        >${last === undefined ? strings.steps : plainLine(last)}</span
      >
      <span class="counts">${counts.join(', ')}</span>
    </summary>
    <div class="inside">
      ${renderOmitted(node, strings)} ${groups.map((group) => renderStep(group, options))}
    </div>
  </details>`;
}

function renderGroup(group: ActivityGroup, options: ContentOptions): Rendered {
  if (group.kind !== 'thoughts') return renderStep(group, options);
  const { strings } = options;
  const last = group.thoughts.at(-1);
  if (last === undefined) return nothing;
  if (group.thoughts.length === 1) return html`<div class="thought">${renderProse(last.text, options)}</div>`;
  return html`<details class="steps">
    <summary>
      ${icon('chevron')}<span class="last" dir="auto">${plainLine(last.text)}</span>
      <span class="counts">${strings.thoughts(group.thoughts.length)}</span>
    </summary>
    <div class="inside">${renderStep(group, options)}</div>
  </details>`;
}

function renderStep(group: ActivityGroup, options: ContentOptions): Rendered {
  const { strings } = options;
  switch (group.kind) {
    case 'thoughts':
      return html`${group.thoughts.map(({ text }) => html`<div class="thought">${renderProse(text, options)}</div>`)}`;
    case 'call':
      return renderCall(group, strings);
    case 'content':
      return html`<div class="output streaming" part="output">${renderContent(group.content, options)}</div>`;
    case 'answer':
      return html`<div class="answer" part="answer">
        ${group.question === '' ? nothing : html`<div class="quiet">${renderProse(group.question, options)}</div>`}
        <p dir="auto">${strings.answered(group.text)}</p>
      </div>`;
    case 'error':
      return html`<p class="error" part="error" dir="auto">${group.message}</p>`;
    case 'other':
      return html`<details class="steps">
        <summary>${icon('chevron')}<span class="last">${group.name}</span></summary>
        <div class="inside">${renderJson(group.payload, group.name, strings)}</div>
      </details>`;
  }
}

function renderCall(call: Extract<ActivityGroup, { kind: 'call' }>, strings: PanelStrings): TemplateResult {
  const isRunning = call.result === undefined;
  const state = isRunning ? (call.progress ?? strings.callRunning) : strings.callDone;
  return html`<details class="steps call">
    <summary>
      ${icon('chevron')}${icon('tool')}<span class="last" dir="auto">${call.title}</span>
      <span class="counts ${isRunning ? 'is-running' : ''}">${state}</span>
    </summary>
    <div class="inside">
      <span class="caption">${strings.callArguments}</span>${renderJson(
        call.args,
        strings.callArguments,
        strings,
      )}
      ${
        call.result === undefined
          ? nothing
          : html`<span class="caption">${strings.callResult}</span>${renderJson(
                call.result,
                strings.callResult,
                strings,
              )}`
      }
    </div>
  </details>`;
}

function renderOmitted({ omitted }: NodeRun, strings: PanelStrings): Rendered {
  return omitted === 0 ? nothing : html`<p class="quiet">${strings.omittedEntries(omitted)}</p>`;
}
