import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { positionAtTime } from '../../../controller/run/event-search.js';
import type { RunController } from '../../../controller/run/run-controller.js';
import { pressedKey } from '../../base/pressed-key.js';
import { SignalElement, untracked } from '../../base/signal-element.js';
import { englishStrings, type PanelStrings } from '../../strings/english.js';
import { theme } from '../../theme/theme.js';
import { isOpen } from '../watched-session.js';
import { happenedText, momentText } from './moment-text.js';
import { playheadStyles } from './session-playhead.styles.js';
import { timeAtX } from './time-at.js';
import type { TimelineLayout } from './timeline-layout.js';

/** Share of the run that Page Up and Page Down move by. */
const PAGE = 0.1;

/**
 * The moment of the run that is shown, on a track: a slider, which a person drags, and a line. An element of its own,
 * so that dragging draws nothing else again. Part of `<sessions-panel>`.
 */
export class SessionPlayhead extends SignalElement {
  static override styles = [...theme, playheadStyles];
  static override properties = {
    run: { attribute: false },
    strings: { attribute: false },
    layout: { attribute: false },
    railPx: { attribute: false },
    playMs: { attribute: false },
    onSeek: { attribute: false },
    onStep: { attribute: false },
  };

  declare run: RunController | undefined;
  declare strings: PanelStrings;
  /** The timeline under it; undefined for a log without times: then it counts events. */
  declare layout: TimelineLayout | undefined;
  /** Height of the part that is dragged, in pixels; undefined for all of it. */
  declare railPx: number | undefined;
  /** The time that a player has reached between two events, in milliseconds since 1970. */
  declare playMs: number | undefined;
  /** Called with the index of the event whose moment a person wants to see; undefined for the newest. */
  declare onSeek: ((index: number | undefined) => void) | undefined;
  /** Called with -1 or 1 for the step before or after; `isSingle`: by single events. */
  declare onStep: ((by: -1 | 1, isSingle: boolean) => void) | undefined;

  /** The pointer that drags, where it is, and whether the frame that follows it is due. */
  #drag: { readonly pointerId: number; x: number; isDue: boolean } | undefined;

  constructor() {
    super();
    this.run = undefined;
    this.strings = englishStrings;
    this.layout = undefined;
    this.railPx = undefined;
    this.playMs = undefined;
    this.onSeek = undefined;
    this.onStep = undefined;
  }

  override focus(options?: FocusOptions): void {
    this.shadowRoot?.querySelector<HTMLElement>('.rail')?.focus(options);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    // A moment that was not reached by playing ends the time between two events.
    if (this.run?.position === undefined && !changed.has('playMs')) this.playMs = undefined;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { run, strings, layout, railPx } = this;
    if (run === undefined) return nothing;
    const isPast = run.position !== undefined;
    const { from, now, to } = this.#range(run);
    const where = isPast
      ? momentText(run, layout, strings)
      : isOpen(run.latest)
        ? strings.live
        : strings.momentEnd;
    const text = [where, happenedText(run, strings)].filter((part) => part !== '').join(', ');
    const rail = railPx === undefined ? '' : `;--_rail:${railPx}px`;
    return html`<div
      class=${isPast ? 'moment is-past' : 'moment'}
      .style=${`--_x:${this.#x(run).toFixed(3)}%${rail}`}
    >
      <div class="future"></div>
      <div
        class="rail"
        role="slider"
        tabindex="0"
        aria-label=${strings.momentLabel}
        aria-valuemin=${from}
        aria-valuenow=${now}
        aria-valuemax=${to}
        aria-valuetext=${text}
        @keydown=${this.#onKey}
        @pointerdown=${this.#onDown}
        @pointermove=${this.#onMove}
        @pointerup=${this.#onUp}
        @lostpointercapture=${this.#onLost}
      ></div>
      <div class="line"></div>
      <div class="knob"></div>
    </div>`;
  }

  /** Bounds and value of the slider: whole seconds since the start, without times indexes of events. */
  #range(run: RunController): { readonly from: number; readonly now: number; readonly to: number } {
    const { layout } = this;
    if (layout === undefined) {
      const to = run.latest.lastIndex;
      return { from: untracked(() => run.firstPosition) ?? 0, now: run.position ?? to, to };
    }
    const seconds = (ms: number) => Math.round((ms - layout.startMs) / 1000);
    const first = untracked(() => (run.events.dropped === 0 ? undefined : run.events.at(0)?.ts));
    const to = Math.max(0, seconds(layout.endMs));
    const at = run.position === undefined ? layout.endMs : (run.positionTs ?? layout.startMs);
    return {
      from: first === undefined ? 0 : seconds(first),
      now: Math.min(to, Math.max(0, seconds(at))),
      to,
    };
  }

  #x(run: RunController): number {
    const { layout, playMs } = this;
    const { position } = run;
    if (layout === undefined) {
      const { lastIndex } = run.latest;
      return lastIndex <= 0 || position === undefined ? 100 : (position / lastIndex) * 100;
    }
    return layout.toX(position === undefined ? layout.endMs : (playMs ?? run.positionTs ?? layout.startMs));
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const forwards = this.matches(':dir(rtl)') ? 'ArrowLeft' : 'ArrowRight';
    const backwards = forwards === 'ArrowLeft' ? 'ArrowRight' : 'ArrowLeft';
    switch (pressedKey(event)) {
      case forwards:
      case 'ArrowUp':
        this.onStep?.(1, event.shiftKey);
        break;
      case backwards:
      case 'ArrowDown':
        this.onStep?.(-1, event.shiftKey);
        break;
      case 'PageUp':
        this.#moveBy(PAGE);
        break;
      case 'PageDown':
        this.#moveBy(-PAGE);
        break;
      case 'Home':
        this.#seekX(0);
        break;
      case 'End':
        this.onSeek?.(undefined);
        break;
      default:
        return;
    }
    event.preventDefault();
  };

  #moveBy(share: number): void {
    const { run, layout } = this;
    if (run === undefined) return;
    const end = layout?.toX(layout.endMs) ?? 100;
    this.#seekX(untracked(() => this.#x(run)) + share * end);
  }

  /** Shows the moment at a place of the track, 0 to 100; from the end of the run on, the newest. */
  #seekX(x: number): void {
    const { run, layout } = this;
    if (run === undefined) return;
    const index = untracked(() => {
      const { events, latest } = run;
      if (layout === undefined) return Math.round((Math.max(0, x) / 100) * latest.lastIndex);
      if (x >= layout.toX(layout.endMs)) return undefined;
      return events.at(Math.max(0, positionAtTime(events, timeAtX(layout, x))))?.index;
    });
    this.onSeek?.(index);
  }

  readonly #onDown = (event: PointerEvent): void => {
    if (event.button !== 0 || !(event.currentTarget instanceof HTMLElement)) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    this.#drag = { pointerId: event.pointerId, x: event.clientX, isDue: false };
    this.#follow();
  };

  /** Once per frame: a pointer reports more places than are drawn. */
  readonly #onMove = (event: PointerEvent): void => {
    const drag = this.#drag;
    if (drag === undefined || drag.pointerId !== event.pointerId) return;
    drag.x = event.clientX;
    if (drag.isDue) return;
    drag.isDue = true;
    requestAnimationFrame(() => {
      if (!drag.isDue) return;
      drag.isDue = false;
      if (this.#drag === drag) this.#follow();
    });
  };

  readonly #onUp = (event: PointerEvent): void => {
    if (this.#drag?.pointerId !== event.pointerId) return;
    if (this.#drag.isDue) this.#follow();
    this.#drag = undefined;
  };

  readonly #onLost = (): void => {
    this.#drag = undefined;
  };

  #follow(): void {
    const drag = this.#drag;
    const track = this.shadowRoot?.querySelector('.moment')?.getBoundingClientRect();
    if (drag === undefined || track === undefined || track.width === 0) return;
    const offset = this.matches(':dir(rtl)') ? track.right - drag.x : drag.x - track.left;
    this.#seekX((offset / track.width) * 100);
  }
}
