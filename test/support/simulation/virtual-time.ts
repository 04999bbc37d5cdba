import { nextTurn } from '../../../src/protocol/next-turn.js';

/** What something happens to: a process, the database, the world around them. */
export class Actor {
  readonly name: string;
  /** True once it is over: none of it happens. */
  isDead = false;
  /** Until when nothing of it happens. */
  pausedUntilMs = 0;

  constructor(name: string) {
    this.name = name;
  }
}

/** Something that is going to happen. */
export interface Planned {
  readonly actor: Actor;
  readonly label: string;
  readonly run: () => void;
  atMs: number;
  order: number;
  isCancelled: boolean;
  /** True when it would have happened during a pause of its actor, and comes after that. */
  isLate: boolean;
}

/** After so many steps, everything else of the real process has a turn. */
const STEPS_PER_TURN = 500;

/**
 * A clock that stands still while something happens, and else jumps to the next thing that is planned. One thing happens at a
 * time, with all promises that it settles; so a run depends on nothing but what was planned.
 */
export class VirtualTime {
  /** Milliseconds since the begin of the run. */
  nowMs = 0;
  /** How many things have happened. */
  steps = 0;
  /** Is appended to with every step, if it is set. */
  trace: string[] | undefined;
  /** Called after every step; true ends the run. */
  isOver: () => boolean = () => false;
  /** The latest first. */
  readonly #planned: Planned[] = [];
  #order = 0;
  #digest = 0x81_1c_9d_c5;

  /** A number that two runs have in common only if the same things have happened at the same times. */
  get digest(): number {
    return this.#digest >>> 0;
  }

  /** Plans something. */
  plan(actor: Actor, delayMs: number, label: string, run: () => void): Planned {
    this.#order += 1;
    const atMs = this.nowMs + Math.max(0, delayMs);
    const planned: Planned = {
      actor,
      label,
      run,
      atMs,
      order: this.#order,
      isCancelled: false,
      isLate: false,
    };
    this.#insert(planned);
    return planned;
  }

  /** Ends the pause of an actor: what it has kept waiting happens now. */
  resume(actor: Actor): void {
    actor.pausedUntilMs = this.nowMs;
    const late = this.#planned.filter((planned) => planned.actor === actor && planned.isLate).reverse();
    for (const planned of late) {
      this.#planned.splice(this.#planned.indexOf(planned), 1);
      planned.atMs = Math.min(planned.atMs, this.nowMs);
      this.#insert(planned);
    }
  }

  /** Resolves after so many milliseconds of an actor. */
  sleep(actor: Actor, ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.plan(actor, ms, 'wakes', resolve);
    });
  }

  /** Lets everything happen up to a time. */
  async runUntil(endMs: number): Promise<void> {
    for (let next = this.#planned.pop(); next !== undefined; next = this.#planned.pop()) {
      if (next.atMs > endMs) {
        this.#insert(next);
        break;
      }
      const { actor } = next;
      if (next.isCancelled || actor.isDead) continue;
      if (actor.pausedUntilMs > next.atMs) {
        next.atMs = actor.pausedUntilMs;
        next.isLate = true;
        this.#insert(next);
        continue;
      }
      this.nowMs = next.atMs;
      this.note(`${actor.name} ${next.label}`);
      this.steps += 1;
      next.run();
      // Comes after all promises that can settle now have done so.
      await new Promise<void>((resolve) => process.nextTick(resolve));
      if (this.isOver()) return;
      if (this.steps % STEPS_PER_TURN === 0) await nextTurn();
    }
    this.nowMs = Math.max(this.nowMs, endMs);
  }

  /** Adds a line to what has happened. */
  note(text: string): void {
    const line = `${this.nowMs.toFixed(2)} ${text}`;
    for (let index = 0; index < line.length; index += 1) {
      this.#digest = Math.imul(this.#digest ^ line.charCodeAt(index), 0x01_00_01_93);
    }
    this.trace?.push(line);
  }

  #insert(planned: Planned): void {
    let [low, high] = [0, this.#planned.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#planned[middle];
      if (other !== undefined && isLater(other, planned)) low = middle + 1;
      else high = middle;
    }
    this.#planned.splice(low, 0, planned);
  }
}

function isLater(one: Planned, other: Planned): boolean {
  return one.atMs === other.atMs ? one.order > other.order : one.atMs > other.atMs;
}
