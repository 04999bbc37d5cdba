import type { ReactiveController, ReactiveElement } from 'lit';
import type { RunController } from '../../controller/run-controller.js';
import { isTerminalStatus } from '../../protocol/session-summary.js';

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
  /** Questions whose answers were sent here. */
  readonly #sent = new Set<string>();
  /** The open questions, oldest first. */
  #open: readonly string[] = [];
  /** The question that gets the focus after the current update; the line if there is none. */
  #next: { readonly interactionId: string | undefined } | undefined;
  #lostId: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #guardedUntilMs = 0;

  constructor(host: ReactiveElement) {
    this.#host = host;
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
    this.#next = undefined;
    this.#lostId = undefined;
    this.#stopWaiting();
  }

  /** Decides what follows if the current update removes the element with the focus. Called before each update. */
  beforeUpdate(run: RunController): void {
    const before = this.#open;
    this.#open = run.interactions.map(({ interactionId }) => interactionId);
    const focusedId = this.#focusedCardId;
    const hasLeft = focusedId !== undefined && !this.#open.includes(focusedId);
    const isHandedOn = this.isWaiting ? this.#isLineFocused : hasLeft && this.#sent.has(focusedId);
    this.#lostId = hasLeft && !isHandedOn ? focusedId : undefined;
    this.#forgetRefused(run);
    const hasEnded = isTerminalStatus(run.status ?? 'running');
    if (this.#open.length > 0 || hasEnded) this.#stopWaiting();
    if (!isHandedOn || (hasEnded && this.#open.length === 0)) return;
    if (this.#open.length === 0) this.#timer ??= setTimeout(this.#giveUp, WAIT_MS);
    this.#next = { interactionId: following(before, focusedId, this.#open) };
  }

  /** Moves the focus if it was decided so. Called after each update, once the host holds the focus. */
  updated(): void {
    const next = this.#next;
    this.#next = undefined;
    if (next === undefined) return;
    if (next.interactionId === undefined) {
      this.#line?.focus({ preventScroll: true });
      return;
    }
    const holder = this.#host.shadowRoot?.activeElement;
    const card = this.#cards.find(({ interaction }) => interaction?.interactionId === next.interactionId);
    // The first update of the card draws the control that takes the focus.
    void card?.updateComplete.then(() => {
      if (this.#host.shadowRoot?.activeElement !== holder) return;
      this.#guardedUntilMs = performance.now() + GUARD_MS;
      card.focus();
    });
  }

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

  get #cards() {
    return [...(this.#host.shadowRoot?.querySelectorAll('sessions-panel-question') ?? [])];
  }

  get #focusedCardId(): string | undefined {
    const focused = this.#host.shadowRoot?.activeElement;
    return this.#cards.find((card) => card === focused)?.interaction?.interactionId;
  }

  get #line(): HTMLElement | undefined {
    return this.#host.shadowRoot?.querySelector<HTMLElement>('.handover') ?? undefined;
  }

  get #isLineFocused(): boolean {
    const line = this.#line;
    return line !== undefined && this.#host.shadowRoot?.activeElement === line;
  }

  /** Keeps what is typed too early from a field of another question, and from the keys of the panel. */
  readonly #onKey = (event: KeyboardEvent): void => {
    const isEarly = performance.now() < this.#guardedUntilMs;
    if (!isEarly && !this.#isLineFocused) return;
    const isText = event.key.length === 1 && !event.ctrlKey && !event.metaKey;
    if (!isText && !(isEarly && event.key === 'Enter')) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
}

/** The question that takes the place of `left`: the one after it, or else the first. */
function following(
  before: readonly string[],
  left: string | undefined,
  open: readonly string[],
): string | undefined {
  const after = left === undefined ? [] : before.slice(before.indexOf(left) + 1);
  return after.find((interactionId) => open.includes(interactionId)) ?? open[0];
}
