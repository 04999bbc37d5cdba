import type { Tab } from './tab.js';

/** How often a leader is asked for a sign of life while people look. */
export const PING_MS = 15_000;
/** A leader that is silent for so long after it was asked is frozen. */
const SILENCE_MS = 5000;

/** Watches over the leader, while this tab is visible: timers of hidden ones may come minutes late. */
export class LeaderWatch {
  readonly #tab: Tab;
  readonly #ask: () => void;
  readonly #onSilence: () => void;
  #cancelPing: () => void = () => undefined;
  #cancelAlarm: (() => void) | undefined;

  /** @param ask asks the leader for a sign of life. */
  constructor(tab: Tab, ask: () => void, onSilence: () => void) {
    this.#tab = tab;
    this.#ask = ask;
    this.#onSilence = onSilence;
  }

  /** Asks now and, while the tab is visible, again and again. */
  look(): void {
    this.#cancelPing();
    this.#ask();
    if (!this.#tab.isVisible) {
      this.heard();
      return;
    }
    this.#cancelPing = this.#tab.setTimer(() => this.look(), PING_MS);
    this.#cancelAlarm ??= this.#tab.setTimer(
      () => {
        this.#cancelAlarm = undefined;
        this.#onSilence();
      },
      // Not all tabs at the same moment.
      SILENCE_MS + this.#tab.random() * 1000,
    );
  }

  /** The leader gave a sign of life. */
  heard(): void {
    this.#cancelAlarm?.();
    this.#cancelAlarm = undefined;
  }

  /** Watches no more, until the next `look`. */
  stop(): void {
    this.#cancelPing();
    this.heard();
  }
}
