import { plainName } from '../../../protocol/values/plain-name.js';
import { html, nothing, type TemplateResult } from 'lit';
import type { NodeRun } from '../../../controller/run/run-controller.js';
import { repeat } from 'lit/directives/repeat.js';
import { contentsText, toContents } from '../../../protocol/content.js';

import { groupActivity, summariseActivity, type ActivityGroup } from './activity-groups.js';
import { renderContent } from '../../content/content-view.js';
import { type ContentOptions, renderJson, renderProse } from '../../content/text-view.js';
import { icon } from '../../theme/icons.js';
import { plainLine } from '../../strings/plain-line.js';
import type { PanelStrings } from '../../strings/english.js';
import { renderAnswer, renderUnanswered } from './answer-body.js';
import { type Output, renderBlock, renderOutputs, shownOutputs } from './node-outputs.js';

type Rendered = TemplateResult | typeof nothing;

/** Number of groups, and of thoughts within a group, that are drawn at first. */
export const SHOWN_ENTRIES = 60;
/** Maximum number of entries that are added while a person reads. */
const READ_ENTRIES = 600;

/** Props of the body of a node. */
export interface NodeBodyView extends ContentOptions {
  readonly nodeTitle: string;
  /** True if the outputs of the ended node are shown elsewhere, as the result of the run. */
  readonly isInResult: boolean;
  /** Maximum number of entries to draw; if there are more, the newest are drawn. */
  readonly shownEntries: number;
  readonly onEarlier: () => void;
  /**
   * Index of the newest entry when a person began to read: the entries up to it stay where they are. Undefined while no
   * one reads.
   */
  readonly readSince: number | undefined;
  /** True for a part that a person has unfolded: only the inside of such a part is drawn. */
  readonly isUnfolded: (key: string) => boolean;
  readonly onFold: (key: string, isUnfolded: boolean) => void;
}

/**
 * The activity of a running node, or of one that has ended while someone reads it: all entries in their order, and then
 * the outputs that did not grow before.
 */
export function renderLiveActivity(node: NodeRun, view: NodeBodyView): TemplateResult {
  const growing = { ...view, isGrowing: true, isRead: view.readSince !== undefined };
  return html`${renderOmitted(node, view.strings)}
  ${renderNewest(groupActivity(node.entries, view.readSince), view, (group) => renderGroup(group, growing))}
  ${renderOutputs(newOutputs(node), view.nodeTitle, view)}`;
}

/** The outputs whose text has not been streamed. */
function newOutputs(node: NodeRun): readonly Output[] {
  const outputs = shownOutputs(node);
  // Most running nodes have none yet, and joining what was streamed takes long.
  if (outputs.length === 0) return outputs;
  const streamed = node.entries
    .flatMap((entry) => (entry.kind === 'content' ? [contentsText([entry.content])] : []))
    .join('\n');
  return outputs.filter(([, value]) => !streamed.includes(contentsText(toContents(value))));
}

/** The newest items, and a button that shows earlier ones. */
function renderNewest<Item extends { readonly kind: string; readonly index: number }>(
  items: readonly Item[],
  { shownEntries, onEarlier, readSince, strings }: NodeBodyView,
  draw: (item: Item) => unknown,
): TemplateResult {
  const counted =
    readSince === undefined ? items.length : items.filter(({ index }) => index <= readSince).length;
  const earlier = Math.max(0, counted - shownEntries);
  const shown = items.slice(earlier, counted + READ_ENTRIES);
  return html`${
    earlier === 0
      ? nothing
      : html`<button type="button" class="button earlier" @click=${onEarlier}>
          ${strings.showEarlierEntries(earlier)}
        </button>`
  }
  ${repeat(shown, ({ kind, index }) => `${kind} ${index}`, draw)}
  ${
    earlier + shown.length === items.length
      ? nothing
      : html`<p class="quiet">${strings.omittedEntries(items.length - earlier - shown.length)}</p>`
  }`;
}

/** A part that a person can unfold. Its inside is drawn only then: most parts are never unfolded. */
function renderDetails(
  key: string,
  className: string,
  summary: unknown,
  view: NodeBodyView,
  inside: () => unknown,
): TemplateResult {
  const isUnfolded = view.isUnfolded(key);
  return html`<details
    class=${className}
    ?open=${isUnfolded}
    @toggle=${({ currentTarget }: Event) => {
      if (currentTarget instanceof HTMLDetailsElement) view.onFold(key, currentTarget.open);
    }}
  >
    <summary>${icon('chevron')}${summary}</summary>
    <div class="inside">${isUnfolded ? inside() : nothing}</div>
  </details>`;
}

/**
 * The activity of a node that has ended: its thoughts and calls folded, then answers and errors, then its
 * outputs.
 */
export function renderFinishedActivity(node: NodeRun, view: NodeBodyView): TemplateResult {
  const { strings } = view;
  const outputs = shownOutputs(node);
  const hasOutputs = outputs.length > 0;
  const groups = groupActivity(node.entries);
  const isResult = (group: ActivityGroup) =>
    group.kind === 'answer' ||
    group.kind === 'unanswered' ||
    group.kind === 'error' ||
    (group.kind === 'content' && !hasOutputs);
  const folded = groups.filter((group) => !isResult(group));
  const results = groups.filter(isResult);
  const hasSteps = folded.some(
    (group) => group.kind === 'thoughts' || group.kind === 'call' || group.kind === 'other',
  );
  return html`${hasSteps ? renderFolded(node, folded, view) : nothing}
  ${renderNewest(results, view, (group) => renderGroup(group, view))}
  ${
    view.isInResult && hasOutputs
      ? html`<p class="quiet">${strings.outputInResult}</p>`
      : renderOutputs(outputs, view.nodeTitle, view)
  }
  ${
    node.status === 'completed' && !hasOutputs && results.length === 0
      ? html`<p class="quiet">${strings.noOutput}</p>`
      : nothing
  }`;
}

function renderFolded(node: NodeRun, groups: readonly ActivityGroup[], view: NodeBodyView): TemplateResult {
  const { strings } = view;
  const { thoughts, calls, last } = summariseActivity(node);
  const counts = [
    thoughts > 0 ? strings.thoughts(thoughts) : '',
    calls > 0 ? strings.calls(calls) : '',
  ].filter((text) => text !== '');
  return renderDetails(
    'steps',
    'steps',
    html`<span class="last" dir="auto">${last === undefined ? strings.steps : plainLine(last)}</span>
      <span class="counts">${counts.join(', ')}</span>`,
    view,
    () =>
      html`${renderOmitted(node, strings)} ${renderNewest(groups, view, (group) => renderStep(group, view))}`,
  );
}

function renderGroup(group: ActivityGroup, view: NodeBodyView): Rendered {
  if (group.kind !== 'thoughts') return renderStep(group, view);
  const { strings } = view;
  const last = group.thoughts.at(-1);
  if (last === undefined) return nothing;
  if (group.thoughts.length === 1) return html`<div class="thought">${renderProse(last.text, view)}</div>`;
  return renderDetails(
    `thoughts ${group.index}`,
    'steps',
    html`<span class="last" dir="auto">${plainLine(last.text)}</span>
      <span class="counts">${strings.thoughts(group.thoughts.length)}</span>`,
    view,
    () => renderStep(group, view),
  );
}

function renderStep(group: ActivityGroup, view: NodeBodyView): Rendered {
  const { strings } = view;
  switch (group.kind) {
    case 'thoughts':
      return renderNewest(
        group.thoughts,
        view,
        ({ text }) => html`<div class="thought">${renderProse(text, view)}</div>`,
      );
    case 'call':
      return renderCall(group, view);
    case 'content':
      return renderBlock([group.content], view.nodeTitle, view, { isStreamed: true });
    case 'answer':
      return renderAnswer(group, view);
    case 'unanswered':
      return html`${group.questions.map((question) => renderUnanswered(question, view))}`;
    case 'error':
      return html`<p class="error" part="error" dir="auto">${strings.sentence(group.message)}</p>`;
    case 'other': {
      const name = plainName(group.name) || strings.json;
      return renderDetails(
        `other ${group.index}`,
        'steps',
        html`<span class="last" dir="auto">${name}</span>`,
        view,
        () => renderJson(group.payload, name, strings),
      );
    }
  }
}

function renderCall(call: Extract<ActivityGroup, { kind: 'call' }>, view: NodeBodyView): TemplateResult {
  const { strings } = view;
  const { result } = call;
  const state = result === undefined ? (call.progress ?? strings.callRunning) : strings.callDone;
  return renderDetails(
    `call ${call.index}`,
    'steps call',
    html`${icon('tool')}<span class="last" dir="auto">${call.title}</span>
      <span class="counts ${result === undefined ? 'is-running' : ''}">${state}</span>`,
    view,
    () =>
      html`<span class="caption">${strings.callArguments}</span
        >${renderJson(call.args, strings.callArguments, strings)}
        ${(call.contents ?? []).map(
          ({ title, content }) =>
            html`${title === undefined ? nothing : html`<span class="caption" dir="auto">${title}</span>`}${renderContent(
              content,
              view,
            )}`,
        )}
        ${
          result === undefined
            ? nothing
            : html`<span class="caption">${strings.callResult}</span
                >${renderJson(result, strings.callResult, strings)}`
        }`,
  );
}

function renderOmitted({ omitted }: NodeRun, strings: PanelStrings): Rendered {
  return omitted === 0 ? nothing : html`<p class="quiet">${strings.omittedEntries(omitted)}</p>`;
}
