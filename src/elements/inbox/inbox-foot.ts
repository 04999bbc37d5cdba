import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { nextEntry, type InboxQueue } from '../../controller/inbox/inbox-queue.js';
import type { SessionHistoryController } from '../../controller/session-history-controller.js';
import type { PanelStrings } from '../strings/english.js';
import { rowQuestion, sessionTitle } from '../strings/session-text.js';

/** Props of the foot. */
export interface InboxFootView {
  readonly queue: InboxQueue;
  readonly history: SessionHistoryController;
  readonly strings: PanelStrings;
  /** Number of sessions that ask the same as the current one, itself included. */
  readonly alike: number;
  /** Whether the next answer is for all of them. */
  readonly isAlike: boolean;
  readonly onAlike: (isAlike: boolean) => void;
}

/** Renders what comes next, and the switch that gives the next answer to all sessions that ask the same. */
export function renderInboxFoot(view: InboxFootView): TemplateResult | typeof nothing {
  const { queue, history, strings, alike } = view;
  const next = nextEntry(queue);
  const session = next === undefined ? undefined : history.getSession(next.sessionId);
  if (session === undefined && alike < 2) return nothing;
  const question = session?.question === undefined ? '' : rowQuestion(session.question, strings);
  const text = session === undefined ? '' : strings.nextQuestion(question, sessionTitle(session, strings));
  return html`<footer>
    ${alike < 2 ? nothing : renderSwitch(view)}
    <p class="next" title=${text}>${text}</p>
  </footer>`;
}

function renderSwitch({ strings, alike, isAlike, onAlike }: InboxFootView): TemplateResult {
  return html`<label class="alike-switch"
    ><input
      type="checkbox"
      .checked=${live(isAlike)}
      @change=${(event: Event) => onAlike(event.target instanceof HTMLInputElement && event.target.checked)}
    />
    ${strings.answerAlike(alike)}</label
  >`;
}
