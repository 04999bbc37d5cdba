import { html, nothing, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ClosedQuestion } from '../../controller/closed-questions.js';
import type { RunController } from '../../controller/run-controller.js';
import { answerText } from '../../protocol/interaction-text.js';
import { icon } from '../theme/icons.js';
import { plainLine } from '../content/markdown.js';
import { questionLine } from './question-consent.js';
import type { PanelStrings } from '../strings/english.js';
import { unsentText } from './unsent-text.js';

/** For how long a note says that a question is closed; longer while the pointer or the focus is at it. */
const SHOWN_MS = 8000;

/** What the notes about closed questions are drawn from. */
export interface ClosedView {
  readonly run: RunController;
  readonly strings: PanelStrings;
  readonly notes: ClosedNotes;
  /** Runs the session again; undefined where that cannot be done, or not yet. */
  readonly onRerun: (() => void) | undefined;
}

/**
 * What became of questions that somebody else has answered, or nobody in time. The region is always
 * there, because screen readers announce what comes into a region and not the region that comes.
 */
export function renderClosed(view: ClosedView): TemplateResult {
  return html`<div class="closed" role="status">
    ${repeat(
      view.run.closedQuestions,
      ({ interaction }) => interaction.interactionId,
      (closed) => renderNote(closed, view),
    )}
  </div>`;
}

function renderNote(closed: ClosedQuestion, view: ClosedView): TemplateResult | typeof nothing {
  const { run, strings, notes, onRerun } = view;
  const { interactionId, nodeId } = closed.interaction;
  const unsent = unsentText(closed, strings);
  // That the session has ended is said elsewhere.
  if (closed.reason === 'ended' && unsent === '') return nothing;
  const { title, text } = wordsOf(closed, run.getNode(nodeId)?.title ?? nodeId, strings);
  return html`<div class="note closed-note" data-id=${interactionId}>
    <div class="closed-text">
      <p><b>${title}.</b> ${text} ${unsent === '' ? nothing : strings.typedNotSent}</p>
      ${unsent === '' ? nothing : html`<pre class="unsent" dir="auto" tabindex="0">${unsent}</pre>`}
      <div class="closed-buttons">
        ${
          unsent === ''
            ? nothing
            : html`<button
                type="button"
                class="button"
                @click=${() => void notes.copy(interactionId, unsent)}
              >
                ${copyLabel(notes.copied(interactionId), strings)}
              </button>`
        }
        ${
          closed.reason !== 'expired' || onRerun === undefined
            ? nothing
            : html`<button type="button" class="button" @click=${onRerun}>${strings.rerun}</button>`
        }
      </div>
    </div>
    <button
      type="button"
      class="icon-button"
      aria-label=${strings.dismiss}
      title=${strings.dismiss}
      @click=${() => notes.dismiss(interactionId)}
    >
      ${icon('close')}
    </button>
  </div>`;
}

function wordsOf(
  { interaction, reason, response }: ClosedQuestion,
  node: string,
  strings: PanelStrings,
): { readonly title: string; readonly text: string } {
  const question = plainLine(questionLine(interaction, node, strings));
  switch (reason) {
    case 'expired':
      return { title: strings.questionExpired, text: strings.expiredQuestion(question, node) };
    case 'ended':
      return { title: strings.questionEnded, text: strings.endedQuestion(question) };
    case 'answered': {
      const answer = response === undefined ? '' : answerText(interaction, response, strings);
      return { title: strings.alreadyAnswered, text: strings.answeredElsewhere(question, answer) };
    }
  }
}

function copyLabel(isCopied: boolean | undefined, strings: PanelStrings): string {
  if (isCopied === undefined) return strings.copyTyped;
  return isCopied ? strings.copied : strings.copyFailed;
}

/** True for a note that stays until a person takes it away: it came while nobody looked, or holds what was typed. */
function isLasting({ reason, unsentDraft, unsentResponse }: ClosedQuestion): boolean {
  return reason === 'expired' || unsentDraft !== undefined || unsentResponse !== undefined;
}

/** Copies what was typed, and takes notes away: others after a moment, but none that is being read or pointed at. */
export class ClosedNotes {
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #copied = new Map<string, boolean>();
  readonly #host: ReactiveControllerHost & Element;
  readonly #onDismiss: (interactionId: string) => void;

  constructor(host: ReactiveControllerHost & Element, onDismiss: (interactionId: string) => void) {
    this.#host = host;
    this.#onDismiss = onDismiss;
  }

  /** Begins the moment of each note that is new. */
  watch(closed: readonly ClosedQuestion[]): void {
    const shown = new Set(closed.map(({ interaction }) => interaction.interactionId));
    for (const interactionId of this.#copied.keys()) {
      if (!shown.has(interactionId)) this.#copied.delete(interactionId);
    }
    const ids = new Set(
      closed.filter((note) => !isLasting(note)).map(({ interaction }) => interaction.interactionId),
    );
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

  /** Takes a note away. */
  dismiss(interactionId: string): void {
    this.#onDismiss(interactionId);
  }

  /** Whether the text of a note was put on the clipboard; undefined before that was tried. */
  copied(interactionId: string): boolean | undefined {
    return this.#copied.get(interactionId);
  }

  /** Puts the text of a note on the clipboard. */
  async copy(interactionId: string, text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.#copied.set(interactionId, true);
    } catch {
      // The browser refused, or the page is not served securely: the person is told, and can select the text.
      this.#copied.set(interactionId, false);
    }
    this.#host.requestUpdate();
  }

  #start(interactionId: string): void {
    this.#timers.set(
      interactionId,
      setTimeout(() => {
        if (this.#isAttended) this.#start(interactionId);
        else this.dismiss(interactionId);
      }, SHOWN_MS),
    );
  }

  get #isAttended(): boolean {
    const attended = this.#host.shadowRoot?.querySelector('.closed-note:hover, .closed-note:focus-within');
    return attended !== null && attended !== undefined;
  }
}
