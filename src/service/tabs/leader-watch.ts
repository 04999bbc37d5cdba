import type { Tab } from './tab.js';

/** How often a visible tab asks the leader for a sign of life. */
export const PING_MS = 15_000;
/** A leader that does not answer for this long is frozen. */
const SILENCE_MS = 5000;

/** Watches the leader while this tab is visible: timers of hidden tabs may fire minutes late. */
export class LeaderWatch {
  readonly #tab: Tab;
  readonly #ask: () => void;
  readonly #onSilence: () => void;
  #cancelPing: () => void = () => undefined;
  #cancelAlarm: (() => void) | undefined;

  /**
   * @param ask asks the leader for a sign of life.
   * @param onSilence called when the leader does not answer.
   */
  constructor(tab: Tab, ask: () => void, onSilence: () => void) {
    this.#tab = tab;
    this.#ask = ask;
    this.#onSilence = onSilence;
  }

  /** Asks now and, while the tab is visible, at regular intervals. */
  check(): void {
    this.#cancelPing();
    this.#ask();
    if (!this.#tab.isVisible) {
      this.onActivity();
      return;
    }
    this.#cancelPing = this.#tab.setTimer(() => this.check(), PING_MS);
    this.#cancelAlarm ??= this.#tab.setTimer(
      () => {
        this.#cancelAlarm = undefined;
        this.#onSilence();
      },
      // Not all tabs at the same moment.
      SILENCE_MS + this.#tab.random() * 1000,
    );
  }

  /** Notes that the leader gave a sign of life. */
  onActivity(): void {
    this.#cancelAlarm?.();
    this.#cancelAlarm = undefined;
  }

  /** Stops watching until the next `check`. */
  stop(): void {
    this.#cancelPing();
    this.onActivity();
  }
}
