import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import type { NodeStatus } from 'graph-sessions';

/** Names of the states of a node on the canvas. */
export const NODE_STATUS_LABELS: Readonly<Record<NodeStatus, string>> = {
  waiting: 'Not started',
  running: 'Running',
  suspended: 'Needs input',
  completed: 'Completed',
  failed: 'Failed',
  skipped: 'Skipped',
  cancelled: 'Cancelled',
};

/** The shape of each state, drawn in the current colour on a 16 by 16 grid: no two differ by colour alone. */
const SHAPES: Readonly<Record<NodeStatus, SVGTemplateResult>> = {
  waiting: svg`<circle class="line" cx="8" cy="8" r="6" stroke-dasharray="2.2 2.5" />`,
  running: svg`<circle class="line faint" cx="8" cy="8" r="6" /><path class="line" d="M8 2a6 6 0 0 1 6 6" />`,
  suspended: svg`<circle class="fill" cx="8" cy="8" r="7" /><path class="line cut" d="M8 4.2v4.6M8 11.6v.1" />`,
  completed: svg`<circle class="line" cx="8" cy="8" r="6.2" /><path class="line" d="M5.2 8.3l2 2 3.7-4.2" />`,
  failed: svg`<path class="line" d="M8 1.8l6.4 11.4H1.6z" /><path class="line" d="M8 6.3v3M8 11.3v.1" />`,
  skipped: svg`<path class="line" d="M3 4.5L6.5 8 3 11.5M8 4.5L11.5 8 8 11.5M13.5 4.5v7" />`,
  cancelled: svg`<circle class="line" cx="8" cy="8" r="6.2" /><path class="line" d="M4.6 11.4l6.8-6.8" />`,
};

/** The shape of a node that has not run in any session. */
const IDLE_SHAPE = svg`<circle class="line" cx="8" cy="8" r="6" />`;

/** The icon of a state. Decorative: the state must be given next to it as text. */
export function nodeStatusIcon(status: NodeStatus | undefined): TemplateResult {
  const shape = status === undefined ? IDLE_SHAPE : SHAPES[status];
  return html`<svg class="status-icon" viewBox="0 0 16 16" aria-hidden="true">${shape}</svg>`;
}
