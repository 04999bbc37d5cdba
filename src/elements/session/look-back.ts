import { html, nothing, type ReactiveElement, type TemplateResult } from 'lit';
import type { RunController } from '../../controller/run/run-controller.js';
import { Clock } from '../base/clock.js';
import type { PanelCommands, RowCapabilities, SessionTab } from '../base/commands.js';
import { EXPORTED_PARTS } from '../base/part-names.js';
import { PartPlace } from '../parts/part-place.js';
import type { PanelStrings } from '../strings/english.js';
import type { SessionScrubber } from './player/session-scrubber.js';
import { LOOK_BACK_PART } from './tab-parts.js';
import type { SessionTimeline } from './timeline/session-timeline.js';

/** The element that shows a session and its earlier moments. */
export interface LookBackHost extends ReactiveElement {
  readonly run: RunController | undefined;
  /** Whether earlier moments can be shown. */
  readonly canLookBack: boolean;
  readonly capabilities: RowCapabilities;
  readonly commands: PanelCommands | undefined;
  readonly hasLinks: boolean;
  readonly strings: PanelStrings;
  readonly clock: Clock;
}

/** What the host does for the player. */
export interface LookBackOptions {
  readonly selectedTab: () => SessionTab;
  /** Moves the focus to a question that is open now. */
  readonly answerNow: () => void;
}

/** The player of earlier moments in the view of a session: when it is shown, its keys and its focus. */
export class LookBack {
  readonly #host: LookBackHost;
  readonly #options: LookBackOptions;
  readonly #place: PartPlace;
  /** True once a person has asked for the player. */
  #isAsked = false;
  #unfolded: ReadonlySet<number> = new Set();

  constructor(host: LookBackHost, options: LookBackOptions) {
    this.#host = host;
    this.#options = options;
    this.#place = new PartPlace(host, LOOK_BACK_PART, () => this.#scrubber?.focus());
  }

  /** Starts of the waits that the timeline draws to scale. */
  get unfolded(): ReadonlySet<number> {
    return this.#unfolded;
  }

  /** Whether the session has moments to look back at. */
  get isOffered(): boolean {
    const { run, canLookBack } = this.#host;
    return canLookBack && run !== undefined && run.events.length > 0;
  }

  /** The tab “Timeline” always has the player; the others once it was asked for, and while an earlier moment is shown. */
  get isShown(): boolean {
    if (!this.isOffered) return false;
    return this.#isAsked || this.#isTimeline || this.#host.run?.position !== undefined;
  }

  /** The clock for what is shown: at an earlier moment it stands at its last event. */
  get clock(): Clock {
    return this.#host.run?.position === undefined ? this.#host.clock : this.#clockThen;
  }

  get #isTimeline(): boolean {
    return this.#options.selectedTab() === 'timeline';
  }

  readonly #clockThen = new Clock(() => Date.now() - (this.#host.run?.positionTs ?? 0));

  /** Forgets what belongs to the session that was shown before. */
  reset(): void {
    this.#unfolded = new Set();
  }

  /** Loads the player where it is shown; before each update of the host. */
  beforeUpdate(): void {
    this.#place.show(this.isShown);
  }

  /** Renders the player, where it is shown. */
  render(): TemplateResult | typeof nothing {
    if (!this.isShown) return nothing;
    const { run, strings, clock, hasLinks, capabilities } = this.#host;
    return html`<sessions-panel-scrubber
      exportparts=${EXPORTED_PARTS.lookBack}
      .run=${run}
      .strings=${strings}
      .clock=${clock}
      .hasTrack=${!this.#isTimeline}
      .unfolded=${this.unfolded}
      .linkTo=${hasLinks ? this.#linkToMoment : undefined}
      .onSeek=${this.seek}
      .onTime=${this.#showTime}
      .onAnswer=${capabilities.readOnly === true ? undefined : this.#options.answerNow}
      >${this.#place.render(strings)}</sessions-panel-scrubber
    >`;
  }

  /** Shows or hides the player, and moves the focus with it; hiding it returns to the newest event. False without one. */
  toggle(): boolean {
    if (!this.isOffered) return false;
    if (!this.#isTimeline) {
      this.#isAsked = !this.isShown;
      this.#host.requestUpdate();
    }
    if (this.#isTimeline || this.#isAsked) void this.#focus();
    else this.seek(undefined);
    return true;
  }

  async #focus(): Promise<void> {
    await Promise.all([LOOK_BACK_PART.load(), this.#host.updateComplete]);
    const timeline = this.#timeline;
    await (timeline ?? this.#scrubber)?.updateComplete;
    (timeline?.playhead ?? this.#scrubber)?.focus({ preventScroll: true });
  }

  /** Shows the moment one step before (-1) or after (1); `isSingle`: by single events. False if that is not possible. */
  readonly step = (by: -1 | 1, isSingle: boolean): boolean => {
    const { run } = this.#host;
    if (run === undefined || !this.isOffered) return false;
    if (run.position === undefined && by > 0) return true;
    void LOOK_BACK_PART.load().then(() => {
      const { module } = LOOK_BACK_PART;
      if (module !== undefined && this.#host.run === run) this.seek(module.momentAfter(run, by, isSingle));
    });
    return true;
  };

  /** Shows the moment of an event; undefined: the newest, as it comes. */
  readonly seek = (index: number | undefined): void => {
    this.#host.commands?.seek?.(index);
  };

  /** Draws a wait to scale, or shortened again. */
  readonly unfold = (startMs: number): void => {
    const unfolded = new Set(this.#unfolded);
    if (!unfolded.delete(startMs)) unfolded.add(startMs);
    this.#unfolded = unfolded;
    this.#host.requestUpdate();
  };

  get #scrubber(): SessionScrubber | undefined {
    return this.#host.shadowRoot?.querySelector<SessionScrubber>('sessions-panel-scrubber') ?? undefined;
  }

  get #timeline(): SessionTimeline | undefined {
    return this.#host.shadowRoot?.querySelector<SessionTimeline>('sessions-panel-timeline') ?? undefined;
  }

  readonly #showTime = (ms: number | undefined): void => {
    this.#timeline?.showTime(ms);
  };

  readonly #linkToMoment = (moment: number): string | undefined => {
    const { run, commands } = this.#host;
    const sessionId = run?.sessionId;
    return sessionId === undefined
      ? undefined
      : commands?.linkTo?.({ sessionId, view: this.#options.selectedTab(), moment });
  };
}
