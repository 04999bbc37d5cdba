import { html, nothing, type TemplateResult } from 'lit';
import type { NodeRun } from '../../../controller/run/run-controller.js';
import type { GraphOutline } from '../../../protocol/graph.js';
import { plainName } from '../../../protocol/values/plain-name.js';
import type { NodeState } from '../../../protocol/session-state.js';
import type { SessionSummary } from '../../../protocol/session-summary.js';
import type { ContentOptions } from '../../content/text-view.js';
import { duration } from '../../strings/duration.js';
import type { PanelStrings } from '../../strings/english.js';
import { icon, statusIcon } from '../../theme/icons.js';
import { comingNodes } from './coming-nodes.js';
import { renderOutputs, shownOutputs } from './node-outputs.js';

type Rendered = TemplateResult | typeof nothing;

/** Nodes named as the next ones; the others are counted. */
const NAMED_NODES = 2;
/** Nodes whose outputs are drawn as the result; a graph may end in hundreds. */
const RESULT_NODES = 12;

/** The outputs of the last nodes, and the heading of the steps that led to them; nothing without a result. */
export function renderResult(nodes: readonly NodeRun[], options: ContentOptions): Rendered {
  const { strings } = options;
  if (nodes.length === 0) return nothing;
  return html`<section class="result" aria-labelledby="result">
      <h4 class="section" id="result">${strings.result}</h4>
      ${nodes
        .slice(0, RESULT_NODES)
        .map(
          (node) => html`
            ${nodes.length > 1 ? html`<p class="caption" dir="auto">${node.title}</p>` : nothing}
            ${renderOutputs(shownOutputs(node), node.title, options)}
          `,
        )}
    </section>
    <h4 class="section">${strings.steps}</h4>`;
}

/** The nodes of the result that `renderResult` draws. */
export function drawnInResult(nodes: readonly NodeRun[]): ReadonlySet<string> {
  return new Set(nodes.slice(0, RESULT_NODES).map(({ nodeId }) => nodeId));
}

/** “Finished in 52 s · Show result”, as a button over the end of the activity. */
export function renderFinished(
  { createdAt, endedAt }: Pick<SessionSummary, 'createdAt' | 'endedAt'>,
  strings: PanelStrings,
  onShow: () => void,
): TemplateResult {
  const isTimed = createdAt > 0 && endedAt !== undefined;
  const text = isTimed
    ? strings.finishedIn(duration((endedAt - createdAt) * 1000, strings))
    : strings.statusCompleted;
  return html`<button type="button" class="button pill floating latest finished" @click=${onShow}>
    ${statusIcon('completed')} ${text} · <b>${strings.showResult}</b> ${icon('up')}
  </button>`;
}

/** “Next: Find themes · then 7 more”: what is still to come; nothing when all nodes have begun. */
export function renderComing(
  nodes: ReadonlyMap<string, NodeState>,
  outline: GraphOutline | undefined,
  strings: PanelStrings,
): Rendered {
  const { next, later } = comingNodes(nodes, outline);
  if (next.length + later === 0) return nothing;
  const named = next.slice(0, NAMED_NODES);
  const more = later + next.length - named.length;
  const names = new Intl.ListFormat(strings.locale, { type: 'conjunction' }).format(
    named.map((title) => plainName(title)),
  );
  return html`<p class="coming">
    ${statusIcon('waiting')}
    <span
      >${[...(named.length === 0 ? [] : [strings.nextNodes(names)]), ...(more === 0 ? [] : [strings.thenMore(more)])].join(' · ')}</span
    >
  </p>`;
}

/** A button that draws earlier or later nodes. */
export function renderMore(place: 'earlier' | 'later', text: string, onClick: () => void): TemplateResult {
  return html`<button type="button" class="button ${place}" @click=${onClick}>${text}</button>`;
}
