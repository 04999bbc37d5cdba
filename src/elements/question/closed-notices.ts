import { html, nothing, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ClosedQuestion } from '../../controller/closed-questions.js';
import type { RunController } from '../../controller/run/run-controller.js';
import { answerText } from '../../protocol/questions/interaction-text.js';
import { icon } from '../theme/icons.js';
import { plainLine } from '../strings/plain-line.js';
import { questionLine } from './question-consent.js';
import type { PanelStrings } from '../strings/english.js';
import { unsentText } from './unsent-text.js';

/** How long a notice is shown, in milliseconds; longer while it has the pointer or the focus. */
const SHOWN_MS = 8000;

/** Props of the notices about closed questions. */
export interface ClosedNoticesView {
  readonly run: RunController;
  readonly strings: PanelStrings;
  readonly notices: ClosedNotices;
  /** Runs the session again; undefined when that is not possible, or not yet. */
  readonly onRerun: (() => void) | undefined;
}

/**
 * Renders the outcome of questions that someone else answered, or that no one answered in time. The region is
 * always rendered, because screen readers announce what appears in a region but not a region that appears.
 */
export function renderClosedNotices(view: ClosedNoticesView): TemplateResult {
  return html`<div class="closed" role="status">
    ${repeat(
      view.run.closedQuestions,
      ({ interaction }) => interaction.interactionId,
      (closed) => renderNotice(closed, view),
    )}
  </div>`;
}

function renderNotice(closed: ClosedQuestion, view: ClosedNoticesView): TemplateResult | typeof nothing {
  const { run, strings, notices, onRerun } = view;
  const { interactionId, nodeId } = closed.interaction;
  const unsent = unsentText(closed, strings);
  // The end of the node or of the session is shown elsewhere.
  const isEnd = closed.reason === 'ended' || closed.reason === 'nodeEnded';
  if (isEnd && unsent === '') return nothing;
  const { title, text } = wordsOf(closed, run.latest.nodes.get(nodeId)?.title ?? nodeId, strings);
  return html`<div class="note closed-note" data-id=${interactionId} tabindex="-1">
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
                @click=${() => void notices.copy(interactionId, unsent)}
              >
                ${copyLabel(notices.isCopied(interactionId), strings)}
              </button>`
        }
        ${
          (closed.reason !== 'expired' && closed.reason !== 'nodeEnded') || onRerun === undefined
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
      @click=${() => notices.dismiss(interactionId)}
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
    case 'nodeEnded':
      return { title: strings.questionEnded, text: strings.nodeEndedQuestion(question, node) };
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

/**
 * True for a notice that stays until a person dismisses it: the person may have been away, or it holds unsent
 * input.
 */
function isLasting({ reason, unsentDraft, unsentResponse }: ClosedQuestion): boolean {
  return reason === 'expired' || unsentDraft !== undefined || unsentResponse !== undefined;
}

/**
 * Copies unsent text from notices, and dismisses the other notices after a while, unless a person is at one
 * of them.
 */
export class ClosedNotices {
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #copied = new Map<string, boolean>();
  readonly #host: ReactiveControllerHost & Element;
  readonly #onDismiss: (interactionId: string) => void;

  constructor(host: ReactiveControllerHost & Element, onDismiss: (interactionId: string) => void) {
    this.#host = host;
    this.#onDismiss = onDismiss;
  }

  /** Starts the timer of each new notice. */
  watch(closed: readonly ClosedQuestion[]): void {
    const shown = new Set(closed.map(({ interaction }) => interaction.interactionId));
    for (const interactionId of this.#copied.keys()) {
      if (!shown.has(interactionId)) this.#copied.delete(interactionId);
    }
    const ids = new Set(
      closed.filter((notice) => !isLasting(notice)).map(({ interaction }) => interaction.interactionId),
    );
    for (const [interactionId, timer] of this.#timers) {
      if (ids.has(interactionId)) continue;
      clearTimeout(timer);
      this.#timers.delete(interactionId);
    }
    for (const interactionId of ids) if (!this.#timers.has(interactionId)) this.#start(interactionId);
  }

  /** Stops all timers. */
  stop(): void {
    this.watch([]);
  }

  /** The notice about a question; undefined while there is none. */
  noticeOf(interactionId: string | undefined): HTMLElement | undefined {
    if (interactionId === undefined) return undefined;
    const notices = this.#host.shadowRoot?.querySelectorAll<HTMLElement>('.closed-note') ?? [];
    return [...notices].find(({ dataset }) => dataset['id'] === interactionId);
  }

  /** Removes a notice. */
  dismiss(interactionId: string): void {
    this.#onDismiss(interactionId);
  }

  /** Whether the text of a notice was copied to the clipboard; undefined before the first attempt. */
  isCopied(interactionId: string): boolean | undefined {
    return this.#copied.get(interactionId);
  }

  /** Copies the text of a notice to the clipboard. Never rejects: `isCopied` reports failures. */
  async copy(interactionId: string, text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.#copied.set(interactionId, true);
    } catch {
      // The browser refused, or the page is not served securely: the button says so, and the person can
      // select the text.
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
