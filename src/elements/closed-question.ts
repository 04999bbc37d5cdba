import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ClosedQuestion, RunController } from '../controller/run-controller.js';
import { answerText, questionText } from '../protocol/interactions.js';
import { icon } from './icons.js';
import type { PanelStrings } from './strings.js';

/** For how long a note says that a question is closed; longer while the pointer or the focus is at it. */
const SHOWN_MS = 8000;

/**
 * What became of questions that somebody else has answered, or nobody in time. The region is always
 * there, because screen readers announce what comes into a region and not the region that comes.
 */
export function renderClosed(
  run: RunController,
  strings: PanelStrings,
  onDismiss: (interactionId: string) => void,
): TemplateResult {
  return html`<div class="closed" role="status">
    ${repeat(
      run.closedQuestions,
      ({ interaction }) => interaction.interactionId,
      (closed) => renderNote(closed, strings, onDismiss),
    )}
  </div>`;
}

function renderNote(
  { interaction, reason, response, isDraftUnsent = false }: ClosedQuestion,
  strings: PanelStrings,
  onDismiss: (interactionId: string) => void,
): TemplateResult {
  const { interactionId } = interaction;
  const question = questionText(interaction);
  const isExpired = reason === 'expired';
  const answer = response === undefined ? '' : answerText(interaction, response, strings);
  return html`<div class="note closed-note" data-id=${interactionId}>
    <p>
      <b>${isExpired ? strings.questionExpired : strings.alreadyAnswered}.</b>
      ${isExpired ? strings.expiredQuestion(question) : strings.answeredElsewhere(question, answer)}
      ${isDraftUnsent ? strings.typedNotSent : nothing}
    </p>
    <button
      type="button"
      class="icon-button"
      aria-label=${strings.dismiss}
      title=${strings.dismiss}
      @click=${() => onDismiss(interactionId)}
    >
      ${icon('close')}
    </button>
  </div>`;
}

/** Takes notes away after a moment, but none that is being read or pointed at. */
export class ClosedNotes {
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #root: () => ShadowRoot | null;
  readonly #onDismiss: (interactionId: string) => void;

  constructor(root: () => ShadowRoot | null, onDismiss: (interactionId: string) => void) {
    this.#root = root;
    this.#onDismiss = onDismiss;
  }

  /** Begins the moment of each note that is new. */
  watch(closed: readonly ClosedQuestion[]): void {
    const ids = new Set(closed.map(({ interaction }) => interaction.interactionId));
    for (const [interactionId, timer] of this.#timers) {
      if (ids.has(interactionId)) continue;
      clearTimeout(timer);
      this.#timers.delete(interactionId);
    }
    for (const interactionId of ids) if (!this.#timers.has(interactionId)) this.#start(interactionId);
  }

  /** Forgets all moments. */
  stop(): void {
    this.watch([]);
  }

  #start(interactionId: string): void {
    this.#timers.set(
      interactionId,
      setTimeout(() => {
        if (this.#isAttended) this.#start(interactionId);
        else this.#onDismiss(interactionId);
      }, SHOWN_MS),
    );
  }

  get #isAttended(): boolean {
    const attended = this.#root()?.querySelector('.closed-note:hover, .closed-note:focus-within');
    return attended !== null && attended !== undefined;
  }
}
