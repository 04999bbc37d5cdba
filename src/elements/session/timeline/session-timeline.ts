import { html, nothing, type SVGTemplateResult, type TemplateResult } from 'lit';
import type { RunController } from '../../../controller/run/run-controller.js';
import { isOpen } from '../watched-session.js';
import { Clock } from '../../base/clock.js';
import { icon, statusIcon } from '../../theme/icons.js';
import { ResizeController } from '../../base/resize-controller.js';
import { RunElement } from '../run-element.js';
import { timelineBarsStyles } from './timeline-bars.styles.js';
import { timelineStyles } from './session-timeline.styles.js';
import { nodeStatusWord, statusWord } from '../../strings/session-text.js';
import { statusStyles } from '../../theme/status.styles.js';
import { englishStrings, type PanelStrings } from '../../strings/english.js';
import { theme } from '../../theme/theme.js';
import type { SessionPlayhead } from './session-playhead.js';
import type { TimelineBar } from './timeline-bars.js';
import { timelineFigures, type TimelineFigures } from './timeline-figures.js';
import type { TimelineLayout } from './timeline-layout.js';
import { RunLayouts, type TimedNode } from './run-layout.js';
import { timelineTimes } from './timeline-times.js';
import { aboutDuration, duration, runningDuration } from '../../strings/duration.js';
import {
  axisPx,
  barState,
  labelsOf,
  type BarState,
  renderAxis,
  renderBar,
  renderCut,
  renderEmptyTrack,
  renderGap,
} from './timeline-drawing.js';

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
  static override styles = [...theme, statusStyles, timelineBarsStyles, timelineStyles];
  static override properties = {
    run: { attribute: false },
    strings: { attribute: false },
    clock: { attribute: false },
    onNode: { attribute: false },
    onRerun: { attribute: false },
    onSeek: { attribute: false },
    onStep: { attribute: false },
    onUnfold: { attribute: false },
    unfolded: { attribute: false },
    shownRows: { state: true },
  };

  declare strings: PanelStrings;
  declare clock: Clock;
  /** Called with the node of the row that was clicked. */
  declare onNode: ((nodeId: string) => void) | undefined;
  /** Called with the node from which a person runs the session again; undefined where that is not possible. */
  declare onRerun: ((nodeId: string) => void) | undefined;
  /** Called with the index of the moment that a person wants to see, undefined for the newest; without it there is no playhead. */
  declare onSeek: SessionPlayhead['onSeek'];
  /** Called when a person steps with the keys of the playhead. */
  declare onStep: SessionPlayhead['onStep'];
  /** Called with the start of a wait that is to be drawn to scale, or shortened again. */
  declare onUnfold: ((startMs: number) => void) | undefined;
  /** Starts of the waits that are drawn to scale. */
  declare unfolded: ReadonlySet<number>;
  /** @internal Maximum number of rows to draw. */
  declare shownRows: number;

  #trackPx = 640;
  readonly #layouts = new RunLayouts();

  constructor() {
    super();
    this.run = undefined;
    this.strings = englishStrings;
    this.clock = new Clock();
    this.onNode = undefined;
    this.onRerun = undefined;
    this.onSeek = undefined;
    this.onStep = undefined;
    this.onUnfold = undefined;
    this.unfolded = new Set();
    this.shownRows = SHOWN_ROWS;
    this.addController(new ResizeController(this, () => this.#measure()));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.clock.read(this, undefined);
  }

  /** The slider of the moment that is shown, once it is drawn. */
  get playhead(): SessionPlayhead | undefined {
    return this.shadowRoot?.querySelector<SessionPlayhead>('sessions-panel-playhead') ?? undefined;
  }

  /** Draws the time that a player has reached between two events; undefined: that of the event. */
  showTime(ms: number | undefined): void {
    const { playhead } = this;
    if (playhead !== undefined) playhead.playMs = ms;
  }

  /** Scrolls to the row of a node; `isFocused`: and focuses it. */
  showNode(nodeId: string, isFocused = true): void {
    this.shownRows = Number.POSITIVE_INFINITY;
    void this.updateComplete.then(() => {
      const rows = [...(this.shadowRoot?.querySelectorAll<HTMLElement>('button.row') ?? [])];
      const row = rows.find((each) => each.dataset['node'] === nodeId);
      row?.scrollIntoView({ block: 'center' });
      if (isFocused) row?.focus({ preventScroll: true });
    });
  }

  #measure(): void {
    const width = this.shadowRoot?.querySelector('.scale')?.clientWidth ?? 0;
    if (width === 0 || Math.abs(width - this.#trackPx) < 4) return;
    this.#trackPx = width;
    this.requestUpdate();
  }

  protected override updated(): void {
    const isCounting = this.run !== undefined && isOpen(this.run.latest);
    this.clock.read(this, this.isConnected && isCounting ? 1000 : undefined);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { run, strings } = this;
    if (run === undefined) return nothing;
    const { begun, layout, nowMs } = this.#layouts.of(run, this.clock, this.#trackPx, this.unfolded);
    const toCome = [...run.latest.nodes.values()].flatMap((node) =>
      node.status === 'waiting' ? { ...node, spans: [], depth: 0 } : [],
    );
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
          : this.#renderTimeline(run, [...begun, ...toCome], layout, nowMs)
      }
    </div>`;
  }

  #renderTimeline(
    run: RunController,
    nodes: readonly TimedNode[],
    layout: TimelineLayout,
    nowMs: number,
  ): TemplateResult {
    const { strings } = this;
    const shown = nodes.slice(0, this.shownRows);
    const isRtl = this.matches(':dir(rtl)');
    return html`<div class=${this.onRerun === undefined ? 'grid' : 'grid can-rerun'}>
        <div class="axis" aria-hidden="true">${renderAxis(layout, this.#trackPx, isRtl, strings)}</div>
        <ul role="list" aria-label=${strings.timelineLabel}>
          ${this.#renderRun(run, nodes, layout, nowMs, isRtl)}
          ${shown.map((node, row) => this.#renderRow(node, layout.rows[row]?.bars ?? [], layout, nowMs, isRtl))}
        </ul>
        ${this.#renderPlayhead(run, layout)} ${this.#renderGapButtons(layout)}
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

  #renderPlayhead(run: RunController, layout: TimelineLayout): TemplateResult | typeof nothing {
    if (this.onSeek === undefined) return nothing;
    return html`<sessions-panel-playhead
      class="playhead"
      .run=${run}
      .strings=${this.strings}
      .layout=${layout}
      .railPx=${axisPx(layout, this.#trackPx, this.strings)}
      .onSeek=${this.onSeek}
      .onStep=${this.onStep}
    ></sessions-panel-playhead>`;
  }

  /** Over the label of each gap a button: it draws the gap to scale, or shortens it again. */
  #renderGapButtons(layout: TimelineLayout): TemplateResult | typeof nothing {
    const { strings, onUnfold } = this;
    const labels = labelsOf(layout, this.#trackPx, strings);
    if (onUnfold === undefined || labels.length === 0) return nothing;
    return html`<div class="gap-buttons">
      ${labels.map(({ gap, text, x, line }) => {
        const length = duration(gap.endMs - gap.startMs, strings);
        const isUnfolded = layout.unfolded.includes(gap);
        const name = isUnfolded ? strings.shortenGap(length) : strings.showToScale(length);
        return html`<button
          type="button"
          class=${isUnfolded ? 'fold is-unfolded' : 'fold'}
          aria-label=${name}
          title=${name}
          .style=${`--_x:${x.toFixed(2)}%;--_line:${line};--_letters:${text.length}`}
          @click=${() => onUnfold(gap.startMs)}
        ></button>`;
      })}
    </div>`;
  }

  /** The first row: the run as a whole, with its total. */
  #renderRun(
    run: RunController,
    nodes: readonly TimedNode[],
    layout: TimelineLayout,
    nowMs: number,
    isRtl: boolean,
  ): TemplateResult {
    const { strings } = this;
    const figures = timelineFigures(timelineTimes(nodes, nowMs), isOpen(run.latest), strings, this.#isAbout);
    const length = (isOpen(run.latest) ? runningDuration : duration)(layout.endMs - layout.startMs, strings);
    const total = this.#isAbout ? aboutDuration(length) : length;
    const { status } = run.latest;
    const text = strings.timelineRow(strings.timelineRun, [
      strings.timelineTotal(total),
      ...figuresInWords(figures, strings),
      statusWord(status, strings),
    ]);
    return html`<li>
      <div class="row run" title=${text}>
        <span class="visually-hidden">${text}</span>
        <span class="name" aria-hidden="true"
          >${statusIcon(status)}<span class="title">${strings.timelineRun}</span
          ><span class="total">${total}</span></span
        >
        ${this.#renderTrack(
          layout,
          layout.runBars.map((bar) => renderBar(bar, 1, isRtl, nowMs, strings, this.#isAbout)),
          isRtl,
        )}
        ${renderFigures(figures)}
      </div>
    </li>`;
  }

  #renderRow(
    node: TimedNode,
    bars: readonly TimelineBar[],
    layout: TimelineLayout,
    nowMs: number,
    isRtl: boolean,
  ): TemplateResult {
    const { strings } = this;
    const isReused = node.reused !== undefined;
    const figures = timelineFigures(
      node.spans.length === 0 ? undefined : timelineTimes([node], nowMs),
      node.spans.at(-1)?.endTs === undefined,
      strings,
      this.#isAbout,
    );
    const text = strings.timelineRow(
      node.title,
      [
        ...(isReused ? [strings.nodeReused] : figuresInWords(figures, strings)),
        node.attempt > 1 ? strings.attempts(node.attempt) : '',
        nodeStatusWord(node.status, strings),
      ].filter((part) => part !== ''),
    );
    const content = html`<span class="visually-hidden">${text}</span>
      <span class="name" data-depth=${node.depth} aria-hidden="true"
        >${statusIcon(node.status)}<span class="title" dir="auto">${node.title}</span></span
      >
      ${this.#renderTrack(
        layout,
        node.status === 'waiting'
          ? renderEmptyTrack()
          : bars.map((bar) => renderBar(bar, node.attempt, isRtl, nowMs, strings, this.#isAbout)),
        isRtl,
      )}
      ${isReused ? renderReused(strings) : renderFigures(figures)}`;
    // A node that has not started has no activity to lead to.
    return node.status === 'waiting'
      ? html`<li><div class="row is-to-come" part="timeline-row" title=${text}>${content}</div></li>`
      : html`<li>
          <button
            type="button"
            class="row"
            part="timeline-row"
            data-node=${node.nodeId}
            title=${text}
            @click=${() => this.onNode?.(node.nodeId)}
          >
            ${content}
          </button>
          ${this.#renderRerun(node)}
        </li>`;
  }

  #renderRerun({ nodeId, status, title }: TimedNode): TemplateResult | typeof nothing {
    const { strings, onRerun } = this;
    if (onRerun === undefined || status === 'skipped') return nothing;
    const label = strings.rerunFromNode(title);
    return html`<button
      type="button"
      class="icon-button rerun"
      aria-label=${label}
      title=${label}
      @click=${() => onRerun(nodeId)}
    >
      ${icon('again')}
    </button>`;
  }

  /** True where times are those of whole steps. */
  get #isAbout(): boolean {
    return this.run?.fidelity.times === 'steps';
  }

  #renderTrack(
    layout: TimelineLayout,
    content: SVGTemplateResult | readonly SVGTemplateResult[],
    isRtl: boolean,
  ): TemplateResult {
    return html`<svg class="track" height="28" aria-hidden="true">
      ${layout.gaps.map((gap) => renderGap(gap, isRtl))} ${content}
      ${layout.gaps.map((gap) => renderCut(gap, this.#trackPx, isRtl))}
    </svg>`;
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

/** In place of the times: the node worked in an earlier run. */
function renderReused(strings: PanelStrings): TemplateResult {
  return html`<span class="time reused" aria-hidden="true" title=${strings.nodeReusedHint}
    >${strings.nodeReused}</span
  >`;
}

function renderFigures({ work, wait }: TimelineFigures): TemplateResult {
  return html`<span class="time" aria-hidden="true">${work}</span>
    <span class="time wait" aria-hidden="true"
      >${wait === undefined ? nothing : html`${icon('pause')}${wait}`}</span
    >`;
}

function figuresInWords({ work, wait }: TimelineFigures, strings: PanelStrings): readonly string[] {
  return [
    ...(work === undefined ? [] : [strings.timelineWorked(work)]),
    ...(wait === undefined ? [] : [strings.timelineWaited(wait)]),
  ];
}
