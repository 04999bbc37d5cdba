import type { ReactiveController, ReactiveElement } from 'lit';
import type { RunController } from '../../../controller/run/run-controller.js';
import { isTerminalStatus } from '../../../protocol/session-summary.js';
import type { CardFocus } from './card-focus.js';
import { followingQuestion } from './following-question.js';

/** How long a person who has sent an answer waits for the next question. */
const WAIT_MS = 10_000;
/** Keys pressed this soon after a card got the focus were meant for the card before it. */
const GUARD_MS = 200;

/**
 * Hands the focus on after an answer was sent: from the card, which the log removes, to the next open question of
 * the session; while there is none, to a line that waits for it. Takes the focus from nothing else.
 */
export class AnswerHandover implements ReactiveController {
  readonly #host: ReactiveElement;
  readonly #focus: CardFocus;
  /** Questions whose answers were sent here. */
  readonly #sent = new Set<string>();
  /** The open questions, oldest first. */
  #open: readonly string[] = [];
  /** True if the line gets the focus after the current update. */
  #isLineNext = false;
  #lostId: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #guardedUntilMs = 0;

  constructor(host: ReactiveElement, focus: CardFocus) {
    this.#host = host;
    this.#focus = focus;
    host.addController(this);
  }

  /** True while a person waits for the next question: the line is to be shown. */
  get isWaiting(): boolean {
    return this.#timer !== undefined;
  }

  /** The question whose card loses the focus in the current update without an answer from here. */
  get lostId(): string | undefined {
    return this.#lostId;
  }

  hostConnected(): void {
    this.#host.addEventListener('keydown', this.#onKey, { capture: true });
  }

  hostDisconnected(): void {
    this.#host.removeEventListener('keydown', this.#onKey, { capture: true });
    this.reset();
  }

  /** Remembers that a person has sent the answer to a question. */
  sent(interactionId: string): void {
    this.#sent.add(interactionId);
  }

  /** Forgets everything, for another session. */
  reset(): void {
    this.#sent.clear();
    this.#open = [];
    this.#isLineNext = false;
    this.#lostId = undefined;
    this.#stopWaiting();
  }

  /** Decides what follows if the current update removes the element with the focus. Called before each update. */
  beforeUpdate(run: RunController): void {
    const before = this.#open;
    this.#open = run.latest.interactions.map(({ interactionId }) => interactionId);
    const { focusedId } = this.#focus;
    const hasLeft = focusedId !== undefined && !this.#open.includes(focusedId);
    const isHandedOn = this.isWaiting ? this.#isLineFocused : hasLeft && this.#sent.has(focusedId);
    this.#lostId = hasLeft && !isHandedOn ? focusedId : undefined;
    this.#forgetRefused(run);
    const hasEnded = isTerminalStatus(run.latest.status);
    if (this.#open.length > 0 || hasEnded) this.#stopWaiting();
    if (!isHandedOn || (hasEnded && this.#open.length === 0)) return;
    if (this.#open.length === 0) this.#timer ??= setTimeout(this.#giveUp, WAIT_MS);
    const next = followingQuestion(before, focusedId, this.#open);
    if (next === undefined) this.#isLineNext = true;
    else this.#focus.moveTo(next, undefined, this.#guard);
  }

  /** Moves the focus to the line if it was decided so. Called after each update, once the host holds the focus. */
  updated(): void {
    if (this.#isLineNext) this.#line?.focus({ preventScroll: true });
    this.#isLineNext = false;
  }

  readonly #guard = (): void => {
    this.#guardedUntilMs = performance.now() + GUARD_MS;
  };

  readonly #giveUp = (): void => {
    this.#stopWaiting();
    this.#host.requestUpdate();
  };

  #stopWaiting(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #forgetRefused(run: RunController): void {
    for (const interactionId of this.#sent) {
      if (run.answerOf(interactionId)?.phase === 'refused') this.#sent.delete(interactionId);
    }
  }

  get #line(): HTMLElement | undefined {
    return this.#host.shadowRoot?.querySelector<HTMLElement>('.handover') ?? undefined;
  }

  get #isLineFocused(): boolean {
    const line = this.#line;
    return line !== undefined && this.#host.shadowRoot?.activeElement === line;
  }

  /** True while the focus is at an answer that is on its way, or at the line. */
  get #isBetweenQuestions(): boolean {
    const { focusedId } = this.#focus;
    return this.#isLineFocused || (focusedId !== undefined && this.#sent.has(focusedId));
  }

  /** Keeps what is typed too early from a field of another question, and from the keys of the panel. */
  readonly #onKey = (event: KeyboardEvent): void => {
    const isEarly = performance.now() < this.#guardedUntilMs;
    if (!isEarly && !this.#isBetweenQuestions) return;
    const isText = event.key.length === 1 && !event.ctrlKey && !event.metaKey;
    if (!isText && !(isEarly && event.key === 'Enter')) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
}
