import type { Environment } from '../environment.js';

/**
 * How long bytes that wait in a buffer may take to arrive after the machine or the page woke up. Together with the wait
 * before the next attempt this is less than 2 s.
 */
const GRACE_MS = 1500;

/**
 * Calls `onStall` when nothing arrives for too long while the watchdog is armed. It checks in short periods instead of
 * setting one long timer, because this shows when the machine slept: the check comes far too late by the monotonic
 * clock, or by the time of day (the monotonic clock stands still during some sleeps). Then it allows a short grace
 * period instead of the rest of a long wait.
 */
export class Watchdog {
  readonly #environment: Environment;
  readonly #onStall: () => void;
  #limitMs = 0;
  #deadline = 0;
  /** Time of day when the wait began. */
  #armedWallMs = 0;
  #isArmed = false;
  /** The next check, which also runs while disarmed: a replay arms it for every chunk, and timers take long. */
  #timer: { readonly dueMs: number; readonly cancel: () => void } | undefined;

  constructor(environment: Environment, onStall: () => void) {
    this.#environment = environment;
    this.#onStall = onStall;
  }

  /** Starts to wait for a sign of life, at most `limitMs` from now. */
  arm(limitMs: number): void {
    this.#isArmed = true;
    this.#limitMs = limitMs;
    this.#deadline = this.#environment.now() + limitMs;
    this.#armedWallMs = this.#environment.wallNow();
    if (this.#timer === undefined || this.#timer.dueMs > this.#deadline) this.#check();
  }

  /** Stops waiting until it is armed again. */
  disarm(): void {
    this.#isArmed = false;
  }

  /** Stops waiting and leaves no timer. */
  stop(): void {
    this.#isArmed = false;
    this.#cancel();
  }

  /** Lowers the limit of a wait to `limitMs` from the last sign of life; does nothing while disarmed. */
  shorten(limitMs: number): void {
    if (!this.#isArmed || limitMs >= this.#limitMs) return;
    this.#deadline -= this.#limitMs - limitMs;
    this.#limitMs = limitMs;
    this.#check();
  }

  /** Notes that the machine or the page woke up: an overdue heartbeat gets only the grace period. */
  wake(): void {
    if (!this.#isArmed || !this.#isOverdue()) return;
    this.#allowGrace();
    this.#check();
  }

  #cancel(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** Reports a stall, or sets the next check. */
  #check(): void {
    this.#cancel();
    const { now, wallNow, setTimer } = this.#environment;
    const start = now();
    const wallStart = wallNow();
    if (start >= this.#deadline) {
      this.#isArmed = false;
      this.#onStall();
      return;
    }
    const period = Math.min(5000, this.#deadline - start);
    const cancel = setTimer(() => {
      this.#timer = undefined;
      if (!this.#isArmed) return;
      const hasSlept = Math.max(now() - start, wallNow() - wallStart) > 3 * period;
      if (hasSlept && this.#isOverdue()) this.#allowGrace();
      this.#check();
    }, period);
    this.#timer = { dueMs: start + period, cancel };
  }

  #allowGrace(): void {
    const now = this.#environment.now();
    const end = now + GRACE_MS;
    this.#deadline = this.#deadline > now ? Math.min(this.#deadline, end) : end;
  }

  #isOverdue(): boolean {
    const { now, wallNow } = this.#environment;
    return now() >= this.#deadline || wallNow() - this.#armedWallMs >= this.#limitMs;
  }
}
