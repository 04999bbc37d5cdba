import { html, nothing, type ReactiveElement, type TemplateResult } from 'lit';
import type { RunController } from '../../../controller/run/run-controller.js';
import type { Interaction } from '../../../protocol/questions/interactions.js';
import { plainName, withoutDirection } from '../../../protocol/values/plain-name.js';
import { questionLine } from '../../question/question-consent.js';
import { plainLine } from '../../strings/plain-line.js';
import { icon, statusIcon } from '../../theme/icons.js';
import type { PanelStrings } from '../../strings/english.js';
import { clockTime, isToday, shortDateTime, timeLocale } from '../../strings/time-format.js';
import { failuresOf, interruptedOf, type Interrupted, type RunFailure } from '../run-outcome.js';

/** Props of the strip. */
export interface SessionOutcomeView {
  readonly run: RunController;
  readonly nowMs: number;
  readonly strings: PanelStrings;
  readonly onNode: (nodeId: string) => void;
}

/**
 * The strip between the header and the tabs that says why a run ended without a result: its failures one at a time,
 * or what it was doing when it was cancelled.
 */
export class SessionOutcome {
  readonly #host: ReactiveElement;
  #position = 0;

  constructor(host: ReactiveElement) {
    this.#host = host;
  }

  /** Shows the first failure, for another session. */
  reset(): void {
    this.#position = 0;
  }

  /** Renders the strip; nothing for a run that has not ended, or has completed. */
  render(view: SessionOutcomeView): TemplateResult | typeof nothing {
    const { latest } = view.run;
    if (latest.status === 'failed') return this.#renderFailure(failuresOf(latest), view);
    return latest.status === 'cancelled' ? renderCancelled(view) : nothing;
  }

  #renderFailure(
    failures: readonly RunFailure[],
    { strings, onNode }: SessionOutcomeView,
  ): TemplateResult | typeof nothing {
    const position = Math.min(this.#position, failures.length - 1);
    const failure = failures[position];
    if (failure === undefined) return nothing;
    const { nodeId, title } = failure;
    const error = strings.sentence(withoutDirection(failure.error));
    const name = title === undefined ? '' : plainName(title) || (nodeId ?? '');
    const who = name === '' ? strings.runFailed : strings.nodeFailedNamed(name);
    return html`<div class="note failed outcome" part="note">
      ${statusIcon('failed')}
      <p title=${error}><b>${who}</b>${error === '' ? nothing : html`: <bdi>${error}</bdi>`}</p>
      ${failures.length > 1 ? this.#renderSteps(position, failures.length, strings) : nothing}
      ${
        nodeId === undefined
          ? nothing
          : html`<button type="button" class="button" @click=${() => onNode(nodeId)}>
              ${strings.showNode}
            </button>`
      }
    </div>`;
  }

  #renderSteps(position: number, count: number, strings: PanelStrings): TemplateResult {
    const step = (label: string, name: 'back' | 'chevron', by: number) =>
      html`<button
        type="button"
        class="icon-button"
        aria-label=${label}
        title=${label}
        @click=${() => this.#show((position + by + count) % count)}
      >
        ${icon(name)}
      </button>`;
    return html`<span class="steps"
      >${step(strings.previousFailure, 'back', -1)}<span role="status"
        >${strings.failureOf(position + 1, count)}</span
      >${step(strings.nextFailure, 'chevron', 1)}</span
    >`;
  }

  #show(position: number): void {
    this.#position = position;
    this.#host.requestUpdate();
  }
}

function renderCancelled({ run, nowMs, strings }: SessionOutcomeView): TemplateResult {
  const locale = timeLocale(strings.locale);
  const endedMs = (run.latest.summary.endedAt ?? 0) * 1000;
  const when = isToday(endedMs, nowMs)
    ? strings.cancelledAt(clockTime(endedMs, locale))
    : strings.cancelledOn(shortDateTime(endedMs, locale));
  const doing = doingText(interruptedOf(run.latest), strings);
  const sentence = [endedMs > 0 ? when : strings.statusCancelled, ...doing].join(', ');
  return html`<div class="note outcome" part="note">
    ${statusIcon('cancelled')}
    <div class="outcome-text">
      <p>${sentence}.</p>
      ${renderUnanswered(run, strings)}
    </div>
  </div>`;
}

/** The first question that was open, and the number of the others. */
function renderUnanswered(run: RunController, strings: PanelStrings): TemplateResult | typeof nothing {
  const [first, ...others] = run.latest.unanswered;
  if (first === undefined) return nothing;
  const text = plainLine(lineOf(first, run, strings));
  const more = others.length === 0 ? '' : `+${others.length.toLocaleString(strings.locale)}`;
  return html`<p class="unanswered">
    ${text === '' ? nothing : html`<span dir="auto" title=${text}>${strings.asks(text)}</span>`} ${more}
    <span class="state">${strings.notAnswered}</span>
  </p>`;
}

function lineOf(question: Interaction, run: RunController, strings: PanelStrings): string {
  return questionLine(question, run.latest.nodes.get(question.nodeId)?.title ?? question.nodeId, strings);
}

/** “while waiting for Stanzas”; nothing when that is not known. */
function doingText({ waiting, running }: Interrupted, strings: PanelStrings): readonly string[] {
  const list = (titles: readonly string[]) =>
    new Intl.ListFormat(strings.locale, { type: 'conjunction' }).format(
      titles.map((title) => plainName(title)),
    );
  if (waiting.length > 0) return [strings.whileWaitingFor(list(waiting))];
  return running.length > 0 ? [strings.whileRunning(list(running))] : [];
}
