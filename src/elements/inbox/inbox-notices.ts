import { html, nothing, type TemplateResult } from 'lit';
import type { ClosedQuestion } from '../../controller/closed-questions.js';
import type { RunController } from '../../controller/run/run-controller.js';
import { answerText } from '../../protocol/questions/interaction-text.js';
import type { ConnectionState } from '../../protocol/stream/messages.js';
import { questionLine } from '../question/question-consent.js';
import { unsentText } from '../question/unsent-text.js';
import { isGone, retryText } from '../strings/connection-text.js';
import type { PanelStrings } from '../strings/english.js';
import { errorText } from '../strings/error-text.js';
import { plainLine } from '../strings/plain-line.js';
import { icon } from '../theme/icons.js';

/** Renders why the session cannot be shown, and a button that tries again where that can help. */
export function renderUnreachable(
  connection: ConnectionState,
  nowMs: number,
  strings: PanelStrings,
  onRetry: () => void,
): TemplateResult {
  const isLost = isGone(connection);
  return html`<div class="message" role="status">
    <p class="message-title">${isLost ? strings.sessionGone : strings.sessionFailedToConnect}</p>
    <p>${reasonOf(connection, nowMs, strings)}</p>
    ${
      isLost || connection.phase === 'offline'
        ? nothing
        : html`<button type="button" class="button card-place" @click=${onRetry}>${strings.tryAgain}</button>`
    }
  </div>`;
}

function reasonOf(connection: ConnectionState, nowMs: number, strings: PanelStrings): string {
  const { phase, error, retryAtMs } = connection;
  if (isGone(connection)) return strings.sessionGoneText;
  if (phase === 'offline') return strings.offline;
  if (phase === 'paused') return strings.sessionPaused;
  if (phase === 'backoff') return `${strings.errorNetwork} ${retryText(retryAtMs, nowMs, strings)}`;
  return errorText(error, strings);
}

/** Renders the questions that someone else answered, or that expired, while a person was at them. */
export function renderClosed(run: RunController, strings: PanelStrings, onNext: () => void): TemplateResult {
  return html`<div class="closed notice-place" tabindex="-1" role="status">
    ${run.closedQuestions.map((closed) => renderClosedQuestion(closed, run, strings))}
    <button type="button" class="button primary card-place" @click=${onNext}>
      ${strings.nextInInbox} ${icon('open')}
    </button>
  </div>`;
}

function renderClosedQuestion(
  closed: ClosedQuestion,
  run: RunController,
  strings: PanelStrings,
): TemplateResult {
  const { interaction, reason, response } = closed;
  const node = run.getNode(interaction.nodeId)?.title ?? interaction.nodeId;
  const question = plainLine(questionLine(interaction, node, strings));
  const answer = response === undefined ? '' : answerText(interaction, response, strings);
  const [title, text] = {
    answered: [strings.alreadyAnswered, strings.answeredElsewhere(question, answer)],
    expired: [strings.questionExpired, strings.expiredQuestion(question, node)],
    nodeEnded: [strings.questionEnded, strings.nodeEndedQuestion(question, node)],
    ended: [strings.questionEnded, strings.endedQuestion(question)],
  }[reason];
  const unsent = unsentText(closed, strings);
  return html`<div class="closed-question">
    <p><b>${title}.</b> ${text} ${unsent === '' ? nothing : strings.typedNotSent}</p>
    ${unsent === '' ? nothing : html`<pre class="unsent" dir="auto" tabindex="0">${unsent}</pre>`}
  </div>`;
}
