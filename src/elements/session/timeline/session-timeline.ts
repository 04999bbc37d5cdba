import { html, nothing, type TemplateResult } from 'lit';
import type { NodeRun } from '../../../controller/run-controller.js';
import { isOpen, isReplaying, nodesInOrder } from '../watched-session.js';
import { Clock } from '../../base/clock.js';
import { statusIcon } from '../../theme/icons.js';
import { ResizeController } from '../../base/resize-controller.js';
import { RunElement } from '../run-element.js';
import { timelineStyles } from './session-timeline.styles.js';
import { nodeStatusWord } from '../../strings/session-text.js';
import { statusStyles } from '../../theme/status.styles.js';
import { englishStrings, type PanelStrings } from '../../strings/english.js';
import { theme } from '../../theme/theme.js';
import { layoutTimeline, type TimelineBar, type TimelineLayout } from './timeline-layout.js';
import { timelineTimes, type TimelineTimes } from './timeline-times.js';
import { duration } from '../../strings/duration.js';
import { barState, type BarState, renderAxis, renderBar, renderGap } from './timeline-drawing.js';

/** Width of a label of the axis, in pixels. */
const LABEL_PX = 72;
/** Number of rows drawn at first. */
const SHOWN_ROWS = 100;

/**
 * Shows when the nodes of the watched session ran and when they waited for a person: one row each, with
 * idle time shortened. A list of buttons whose names give the same times in words. Part of
 * `<sessions-panel>`.
 *
 * @csspart timeline - The timeline.
 * @csspart timeline-row - The row of a node.
 */
export class SessionTimeline extends RunElement {
  static override styles = [...theme, statusStyles, timelineStyles];
  static override properties = {
    run: { attribute: false },
    strings: { attribute: false },
    clock: { attribute: false },
    onNode: { attribute: false },
    shownRows: { state: true },
  };

  declare strings: PanelStrings;
  declare clock: Clock;
  /** Called with the node of the row that was clicked. */
  declare onNode: ((nodeId: string) => void) | undefined;
  /** @internal Maximum number of rows to draw. */
  declare shownRows: number;

  #labelWidth = 11;

  constructor() {
    super();
    this.run = undefined;
    this.strings = englishStrings;
    this.clock = new Clock();
    this.onNode = undefined;
    this.shownRows = SHOWN_ROWS;
    this.addController(new ResizeController(this, () => this.#measure()));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.clock.read(this, undefined);
  }

  #measure(): void {
    const width = this.shadowRoot?.querySelector('.scale')?.clientWidth ?? 0;
    const labelWidth = Math.min(50, width > 0 ? (LABEL_PX / width) * 100 : 11);
    if (Math.abs(labelWidth - this.#labelWidth) < 0.5) return;
    this.#labelWidth = labelWidth;
    this.requestUpdate();
  }

  protected override updated(): void {
    const isCounting = this.run !== undefined && isOpen(this.run);
    this.clock.read(this, this.isConnected && isCounting ? 1000 : undefined);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { run, strings } = this;
    if (run === undefined) return nothing;
    const { nodes } = run;
    const begun = nodesInOrder(nodes).flatMap((nodeId) => nodes.get(nodeId) ?? []);
    // During a replay, “now” is the time of the newest event.
    const nowMs = isReplaying(run) ? (run.summary.updatedAt ?? 0) * 1000 : this.clock.now();
    const layout = layoutTimeline(begun, nowMs, this.#labelWidth);
    return html`<div
      class="scroller"
      part="timeline"
      role="region"
      aria-label=${strings.timelineLabel}
      tabindex="0"
    >
      ${
        layout === undefined
          ? html`<p class="quiet">${begun.length === 0 ? strings.noActivity : strings.timelineNoTimes}</p>`
          : this.#renderTimeline(begun, layout, nowMs)
      }
    </div>`;
  }

  #renderTimeline(nodes: readonly NodeRun[], layout: TimelineLayout, nowMs: number): TemplateResult {
    const { strings } = this;
    const shown = nodes.slice(0, this.shownRows);
    const isRtl = this.matches(':dir(rtl)');
    return html`<p class="totals">${totalsText(timelineTimes(nodes, nowMs), strings)}</p>
      <div class="grid">
        <div class="axis" aria-hidden="true">
          <svg class="scale" height="24">${renderAxis(layout, this.#labelWidth, isRtl, strings)}</svg>
        </div>
        <ul role="list" aria-label=${strings.timelineLabel}>
          ${shown.map((node, row) => this.#renderRow(node, layout.rows[row]?.bars ?? [], layout, nowMs, isRtl))}
        </ul>
      </div>
      ${this.#renderLegend(layout)}
      ${
        nodes.length === shown.length
          ? nothing
          : html`<button
              type="button"
              class="button"
              @click=${() => {
                this.shownRows += 4 * SHOWN_ROWS;
              }}
            >
              ${strings.showMoreNodes(nodes.length - shown.length)}
            </button>`
      }`;
  }

  #renderRow(
    node: NodeRun,
    bars: readonly TimelineBar[],
    layout: TimelineLayout,
    nowMs: number,
    isRtl: boolean,
  ): TemplateResult {
    const { strings } = this;
    const totals = timelineTimes([node], nowMs);
    const text = strings.timelineRow(
      node.title,
      [
        totals.workMs > 0 || node.spans.length > 0 ? duration(totals.workMs, strings) : '',
        totals.waitMs > 0 ? strings.timelineWaited(duration(totals.waitMs, strings)) : '',
        node.attempt > 1 ? strings.attempts(node.attempt) : '',
        nodeStatusWord(node.status, strings),
      ].filter((part) => part !== ''),
    );
    return html`<li>
      <button
        type="button"
        class="row"
        part="timeline-row"
        title=${text}
        @click=${() => this.onNode?.(node.nodeId)}
      >
        <span class="visually-hidden">${text}</span>
        <span class="name" aria-hidden="true"
          >${statusIcon(node.status)}<span class="title" dir="auto">${node.title}</span></span
        >
        <svg class="track" height="24" aria-hidden="true">
          ${layout.gaps.map((gap) => renderGap(gap, isRtl))}
          ${bars.map((bar) => renderBar(bar, node, isRtl, nowMs, strings))}
        </svg>
        <span class="time ${node.status}" aria-hidden="true"
          >${
            node.spans.length === 0
              ? ''
              : duration(node.status === 'suspended' ? totals.waitMs : totals.workMs, strings)
          }</span
        >
      </button>
    </li>`;
  }

  #renderLegend(layout: TimelineLayout): TemplateResult {
    const { strings } = this;
    const there = new Set<string>(layout.rows.flatMap(({ bars }) => bars.map(({ span }) => barState(span))));
    if (layout.gaps.length > 0) there.add('idle');
    const texts: Readonly<Record<BarState | 'idle', string>> = {
      running: strings.statusRunning,
      work: strings.legendWork,
      wait: strings.legendWait,
      failed: strings.legendFailed,
      cancelled: strings.statusCancelled,
      idle: strings.legendIdle,
    };
    return html`<ul class="legend" role="list" aria-label=${strings.legendLabel}>
      ${Object.entries(texts).map(([name, text]) =>
        there.has(name)
          ? html`<li><span class="swatch ${name}" aria-hidden="true"></span>${text}</li>`
          : nothing,
      )}
    </ul>`;
  }
}

function totalsText({ workMs, waitMs, spanMs }: TimelineTimes, strings: PanelStrings): string {
  return [
    strings.timelineTotal(duration(spanMs, strings)),
    strings.timelineWorked(duration(workMs, strings)),
    waitMs > 0 ? strings.timelineWaited(duration(waitMs, strings)) : '',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}
