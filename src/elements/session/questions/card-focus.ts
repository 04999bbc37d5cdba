import type { ReactiveElement } from 'lit';
import { focusedElement } from '../../base/focused-element.js';
import type { SessionQuestion } from '../../question/session-question.js';

/** Places that hold the focus for a moment: only a script moves it there. */
const HELD = 'h3, .handover, .closed-note';

/** A card that is to get the focus. */
interface Target {
  readonly interactionId: string;
  /** The element with the focus when this was asked for. */
  readonly from: Element | undefined;
  /** Called when the card has the focus. */
  readonly onFocused: (() => void) | undefined;
}

/**
 * Moves the focus to the card of a question in the shadow root of `host`, as soon as it is drawn. The one rule for all
 * who ask: a person who has moved the focus elsewhere in the meantime keeps it.
 */
export class CardFocus {
  readonly #host: ReactiveElement;
  #target: Target | undefined;

  constructor(host: ReactiveElement) {
    this.#host = host;
  }

  /** The question whose card has the focus; undefined if none has it. */
  get focusedId(): string | undefined {
    const focused = this.#host.shadowRoot?.activeElement;
    return this.#cards.find((card) => card === focused)?.interaction?.interactionId;
  }

  /** True while no card is drawn. */
  get isEmpty(): boolean {
    return this.#cards.length === 0;
  }

  /** Asks for the focus; `from`: the element that has it now, and may lose it. */
  moveTo(interactionId: string, from = focusedElement(), onFocused?: () => void): void {
    const target = { interactionId, from, onFocused };
    const card = this.#cardOf(interactionId);
    if (card?.hasUpdated === true && card.checkVisibility()) {
      this.#focus(card, target);
      return;
    }
    this.#target = target;
    this.#host.requestUpdate();
  }

  /** Forgets what was asked for. */
  reset(): void {
    this.#target = undefined;
  }

  /** Moves the focus; called after each update of the host, which has drawn the card. */
  updated(): void {
    const target = this.#target;
    this.#target = undefined;
    if (target === undefined) return;
    const card = this.#cardOf(target.interactionId);
    // The first update of the card draws the control that takes the focus.
    void card?.updateComplete.then(() => this.#focus(card, target));
  }

  #focus(card: SessionQuestion, { from, onFocused }: Target): void {
    if (!this.#isFree(from)) return;
    card.focus();
    onFocused?.();
  }

  #cardOf(interactionId: string): SessionQuestion | undefined {
    return this.#cards.find(({ interaction }) => interaction?.interactionId === interactionId);
  }

  #isFree(from: Element | undefined): boolean {
    const now = focusedElement();
    if (now === undefined || now === from) return true;
    return now.matches(HELD) && this.#host.shadowRoot?.contains(now) === true;
  }

  get #cards(): readonly SessionQuestion[] {
    return [...(this.#host.shadowRoot?.querySelectorAll('sessions-panel-question') ?? [])];
  }
}
