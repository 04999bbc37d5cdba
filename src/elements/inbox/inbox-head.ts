import { html, nothing, type TemplateResult } from 'lit';
import { shownEntries, waitingSince, type InboxQueue } from '../../controller/inbox/inbox-queue.js';
import type { SessionHistoryController } from '../../controller/session-history-controller.js';
import type { PanelStrings } from '../strings/english.js';
import { graphLabel, sessionTitle } from '../strings/session-text.js';
import { icon } from '../theme/icons.js';
import { askedMs, type InboxCard } from './inbox-card.js';
import { waitingTime } from '../strings/waiting-time.js';

/** Props of the head. */
export interface InboxHeadView {
  readonly card: InboxCard;
  readonly queue: InboxQueue;
  readonly history: SessionHistoryController;
  readonly nowMs: number;
  readonly strings: PanelStrings;
  readonly onLeave: () => void;
  readonly onSkip: () => void;
}

/** Renders where in the queue the person is: “3 of 12 · Haiku · The sea · waiting 2 d”, and the way to the next. */
export function renderInboxHead(view: InboxHeadView): TemplateResult {
  const { card, strings, onLeave } = view;
  return html`<header part="inbox-head">
    <button
      type="button"
      class="icon-button"
      aria-label=${strings.leaveInbox}
      title=${strings.leaveInbox}
      @click=${onLeave}
    >
      ${icon('back')}
    </button>
    <h3 tabindex="-1">${card.kind === 'end' ? strings.inbox : renderPlace(card, view)}</h3>
    ${card.kind === 'end' ? nothing : renderSkip(view)}
  </header>`;
}

function renderPlace(
  card: Exclude<InboxCard, { readonly kind: 'end' }>,
  { queue, history, nowMs, strings }: InboxHeadView,
): TemplateResult {
  const entries = shownEntries(queue);
  const position = entries.findIndex(({ key }) => key === queue.currentKey) + 1;
  const session = history.getSession(card.entry.sessionId);
  const title = session === undefined ? '' : sessionTitle(session, strings);
  const graph = session === undefined ? '' : graphLabel(session);
  const asked = card.kind === 'question' ? askedMs(card.run, card.interaction.interactionId) : undefined;
  const sinceMs = asked ?? (session === undefined ? 0 : waitingSince(session) * 1000);
  return html`<span class="position">${strings.positionOf(position, entries.length)}</span>
    <span class="title" dir="auto" title=${title}>${title}</span>
    ${graph === '' ? nothing : html`<span class="since" dir="auto">${strings.ofGraph(graph)}</span>`}
    ${
      session?.startedBy === undefined
        ? nothing
        : html`<span class="since" dir="auto">${strings.startedByPerson(session.startedBy)}</span>`
    }
    ${
      sinceMs <= 0
        ? nothing
        : html`<span class="since">${strings.waitingFor(waitingTime(nowMs - sinceMs, strings))}</span>`
    }`;
}

function renderSkip({ strings, onSkip }: InboxHeadView): TemplateResult {
  return html`<button
    type="button"
    class="button"
    title=${strings.skipForNowHint}
    aria-keyshortcuts="Alt+ArrowDown"
    @click=${onSkip}
  >
    ${strings.skipForNow} ${icon('open')}
  </button>`;
}
