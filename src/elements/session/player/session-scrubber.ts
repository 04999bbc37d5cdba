import { html, nothing, svg, type PropertyValues, type TemplateResult } from 'lit';
import { focusedElement } from '../../base/focused-element.js';
import { Clock } from '../../base/clock.js';
import { ResizeController } from '../../base/resize-controller.js';
import { RunElement } from '../run-element.js';
import type { RunController } from '../../../controller/run/run-controller.js';
import { isOpen } from '../watched-session.js';
import { duration } from '../../strings/duration.js';
import { englishStrings, type PanelStrings } from '../../strings/english.js';
import { icon } from '../../theme/icons.js';
import { theme } from '../../theme/theme.js';
import { happenedText, momentText } from '../timeline/moment-text.js';
import { RunLayouts } from '../timeline/run-layout.js';
import type { SessionPlayhead } from '../timeline/session-playhead.js';
import { renderBar, renderCut, renderGap, renderHatch } from '../timeline/timeline-drawing.js';
import { timelineBarsStyles } from '../timeline/timeline-bars.styles.js';
import type { TimelineLayout } from '../timeline/timeline-layout.js';
import { Announcer } from './announcer.js';
import { momentAfter } from './moment-after.js';
import { Playback, type PlaybackHost } from './playback.js';
import { RunMarks, type TrackMark } from './run-marks.js';
import { scrubberStyles } from './session-scrubber.styles.js';

/**
 * The player of a run: a strip with the timeline in small, and, while an earlier moment is shown, a band that says so.
 * In the tab that has the timeline itself, the strip has the buttons alone. Part of `<sessions-panel>`.
 *
 * @csspart look-back - The strip and the band.
 */
export class SessionScrubber extends RunElement implements PlaybackHost {
  static override styles = [...theme, timelineBarsStyles, scrubberStyles];
  static override properties = {
    run: { attribute: false },
    strings: { attribute: false },
    clock: { attribute: false },
    hasTrack: { attribute: false },
    unfolded: { attribute: false },
    linkTo: { attribute: false },
    onSeek: { attribute: false },
    onTime: { attribute: false },
    onAnswer: { attribute: false },
    announcement: { state: true },
  };

  declare strings: PanelStrings;
  declare clock: Clock;
  /** Whether the strip has a timeline of its own. */
  declare hasTrack: boolean;
  /** Starts of the waits that are drawn to scale. */
  declare unfolded: ReadonlySet<number>;
  /** Returns the host's link to the moment of an event; undefined where there is none. */
  declare linkTo: ((index: number) => string | undefined) | undefined;
  /** Called with the index of the event whose moment a person wants to see; undefined for the newest. */
  declare onSeek: ((index: number | undefined) => void) | undefined;
  /** Called with the time that the player has reached between two events. */
  declare onTime: ((ms: number | undefined) => void) | undefined;
  /** Called when a person wants to answer a question that is open now; undefined for a record, which takes no answers. */
  declare onAnswer: (() => void) | undefined;
  /** @internal The text announced to a screen reader. */
  declare announcement: string;

  #layout: TimelineLayout | undefined;
  #trackPx = 640;
  readonly #layouts = new RunLayouts();
  readonly #marks = new RunMarks();
  readonly #playback = new Playback(this);
  readonly #announcer = new Announcer((text) => {
    this.announcement = text;
  });
  #shownSessionId: string | undefined;
  #wasPast = false;

  constructor() {
    super();
    this.run = undefined;
    this.strings = englishStrings;
    this.clock = new Clock();
    this.hasTrack = true;
    this.unfolded = new Set();
    this.linkTo = undefined;
    this.onSeek = undefined;
    this.onTime = undefined;
    this.onAnswer = undefined;
    this.announcement = '';
    this.addController(new ResizeController(this, () => this.#measure()));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.clock.read(this, undefined);
    this.#playback.stop();
    this.#announcer.stop();
  }

  /** The timeline as it is drawn. */
  get layout(): TimelineLayout | undefined {
    return this.#layout;
  }

  /** Shows the moment of an event; undefined: the newest. */
  seek(index: number | undefined): void {
    this.onSeek?.(index);
  }

  /** Draws a time between two events; undefined: that of the event. */
  showTime(ms: number | undefined): void {
    const playhead = this.#playhead;
    if (playhead !== undefined) playhead.playMs = ms;
    this.onTime?.(ms);
  }

  /** Focuses the slider, or, without one, the button that plays. */
  override focus(options?: FocusOptions): void {
    const target = this.#playhead ?? this.shadowRoot?.querySelector<HTMLElement>('.play');
    target?.focus(options);
  }

  get #playhead(): SessionPlayhead | undefined {
    return this.shadowRoot?.querySelector<SessionPlayhead>('sessions-panel-playhead') ?? undefined;
  }

  #measure(): void {
    const width = this.shadowRoot?.querySelector('.track')?.clientWidth ?? 0;
    if (width === 0 || Math.abs(width - this.#trackPx) < 4) return;
    this.#trackPx = width;
    this.requestUpdate();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { run } = this;
    if (changed.has('clock')) changed.get('clock')?.read(this, undefined);
    if (run === undefined) return;
    if (run.sessionId !== this.#shownSessionId) {
      this.#shownSessionId = run.sessionId;
      this.#playback.stop();
      this.#announcer.stop();
      this.announcement = '';
    }
    this.#layout = this.#layouts.of(run, this.clock, this.#trackPx, this.unfolded).layout;
    this.#marks.read(run.events);
  }

  protected override updated(): void {
    const { run } = this;
    const isCounting = run !== undefined && isOpen(run.latest);
    this.clock.read(this, this.isConnected && isCounting ? 1000 : undefined);
    if (run !== undefined) this.#announce(run);
  }

  /** Announces another moment, unless the slider has the focus: it says itself where it is. */
  #announce(run: RunController): void {
    const { strings } = this;
    const isPast = run.position !== undefined;
    if (isPast === this.#wasPast && !isPast) return;
    this.#wasPast = isPast;
    if (focusedElement()?.getAttribute('role') === 'slider') return;
    const end = isOpen(run.latest) ? strings.live : strings.momentEnd;
    const text = isPast ? `${momentText(run, this.#layout, strings)}, ${happenedText(run, strings)}` : end;
    // After the update: the text is drawn with the next one.
    queueMicrotask(() => this.#announcer.say(text));
  }

  protected override render(): TemplateResult | typeof nothing {
    const { run } = this;
    if (run === undefined) return nothing;
    return html`<div part="look-back">
      ${this.#renderStrip(run)} ${run.position === undefined ? nothing : this.#renderBand(run, run.position)}
      <p class="visually-hidden" role="status">${this.announcement}</p>
    </div>`;
  }

  #renderStrip(run: RunController): TemplateResult {
    const { strings } = this;
    const { isPlaying, speed } = this.#playback;
    const isAtStart = run.position !== undefined && run.position === run.firstPosition;
    return html`<div class="strip" role="group" aria-label=${strings.lookBack}>
      ${this.#renderStep('back', strings.previousStep, '[', -1, isAtStart)}
      <button
        type="button"
        class="icon-button play"
        aria-label=${isPlaying ? strings.pausePlay : strings.play}
        title=${isPlaying ? strings.pausePlay : strings.play}
        @click=${this.#onPlay}
      >
        ${icon(isPlaying ? 'pause' : 'again')}
      </button>
      ${this.#renderStep('chevron', strings.nextStep, ']', 1, run.position === undefined)}
      <button
        type="button"
        class="speed"
        aria-label=${strings.playSpeed(speed)}
        title=${strings.playSpeed(speed)}
        @click=${() => this.#playback.nextSpeed()}
      >
        ${speed}×
      </button>
      ${this.hasTrack ? this.#renderTrack(run) : nothing}
    </div>`;
  }

  #renderStep(
    name: 'back' | 'chevron',
    label: string,
    key: string,
    by: -1 | 1,
    isOff: boolean,
  ): TemplateResult {
    return html`<button
      type="button"
      class="icon-button"
      aria-label=${label}
      title=${label}
      aria-keyshortcuts=${key}
      aria-disabled=${isOff ? 'true' : nothing}
      @click=${() => (isOff ? undefined : this.#step(by, false))}
    >
      ${icon(name)}
    </button>`;
  }

  #renderTrack(run: RunController): TemplateResult {
    const { strings } = this;
    const layout = this.#layout;
    const isRtl = this.matches(':dir(rtl)');
    const nowMs = layout?.endMs ?? 0;
    return html`<div class="track">
      ${
        layout === undefined
          ? html`<div class="blank"></div>`
          : html`<svg class="drawing" aria-hidden="true">
              ${renderHatch()} ${layout.gaps.map((gap) => renderGap(gap, isRtl))}
              ${layout.runBars.map((bar) => renderBar(bar, 1, isRtl, nowMs, strings))}
              ${layout.gaps.map((gap) => renderCut(gap, this.#trackPx, isRtl))}
              ${this.#marks.onTrack(layout.toX, this.#trackPx).map((mark) => renderMark(mark, isRtl))}
            </svg>`
      }
      <sessions-panel-playhead
        .run=${run}
        .strings=${strings}
        .layout=${layout}
        .onSeek=${this.onSeek}
        .onStep=${this.#step}
      ></sessions-panel-playhead>
    </div>`;
  }

  #renderBand(run: RunController, position: number): TemplateResult {
    const { strings } = this;
    const { latest, events } = run;
    const isRunning = isOpen(latest) && this.onAnswer !== undefined;
    const behindMs = (latest.updatedTs ?? 0) - (run.positionTs ?? latest.updatedTs ?? 0);
    const open = latest.interactions.length;
    const first = events.dropped === 0 ? undefined : run.firstPosition;
    const behind = strings.behindNewest(duration(behindMs, strings), latest.lastIndex - position);
    const link = this.linkTo?.(position);
    return html`<div class="band">
      <p class="when">
        <b>${momentText(run, this.#layout, strings)}</b>
        <span class="what" dir="auto">${happenedText(run, strings)}</span>
        ${first === undefined ? nothing : html`<span class="kept">${strings.eventsNotKept(first)}</span>`}
      </p>
      ${
        link === undefined
          ? nothing
          : html`<sessions-panel-copy
              .label=${strings.copyMomentLink}
              .symbol=${'link'}
              .text=${() => link}
              .strings=${strings}
            ></sessions-panel-copy>`
      }
      ${
        open === 0 || this.onAnswer === undefined
          ? nothing
          : html`<button type="button" class="button ask" @click=${() => this.onAnswer?.()}>
              ${strings.openNow(open)}
            </button>`
      }
      <button
        type="button"
        class="button live"
        title=${behind}
        aria-keyshortcuts="Escape"
        @click=${this.#onLive}
      >
        ${isRunning ? strings.returnToLive : strings.returnToEnd}
        <span class="behind">${behind}</span>
      </button>
    </div>`;
  }

  readonly #step = (by: -1 | 1, isSingle: boolean): void => {
    if (this.run !== undefined) this.seek(momentAfter(this.run, by, isSingle));
  };

  readonly #onPlay = (): void => {
    if (this.#playback.isPlaying) this.#playback.stop();
    else this.#playback.start();
  };

  readonly #onLive = (): void => {
    this.seek(undefined);
    // The button goes away, and with it its focus.
    this.focus({ preventScroll: true });
  };
}

function renderMark({ kind, x }: TrackMark, isRtl: boolean) {
  const at = `${(isRtl ? 100 - x : x).toFixed(2)}%`;
  return svg`<line class="mark ${kind}" x1=${at} x2=${at} y1=${kind === 'step' ? 20 : 18} y2="24" />`;
}
