import type { InboxController } from '../../controller/inbox/inbox-controller.js';
import { currentEntry } from '../../controller/inbox/current-entry.js';
import type { InboxEntry } from '../../controller/inbox/inbox-queue.js';
import type { RunController } from '../../controller/run/run-controller.js';
import type { Interaction } from '../../protocol/questions/interactions.js';

/** Props of what stands in place of the card. */
export type InboxCard =
  /** No session is left. */
  | { readonly kind: 'end' }
  | { readonly kind: 'loading'; readonly entry: InboxEntry }
  /** The session cannot be read, at least not now. */
  | { readonly kind: 'unreachable'; readonly entry: InboxEntry; readonly run: RunController }
  /** All that it asked was closed elsewhere while a person saw it. */
  | { readonly kind: 'closed'; readonly entry: InboxEntry; readonly run: RunController }
  | {
      readonly kind: 'question';
      readonly entry: InboxEntry;
      readonly run: RunController;
      readonly interaction: Interaction;
      /** Number of open questions of the session; this one is the first. */
      readonly openQuestions: number;
    };

/** Finds what to show. Its parts are signals. */
export function inboxCard(state: InboxController): InboxCard {
  const entry = currentEntry(state.queue);
  if (entry === undefined) return { kind: 'end' };
  const run = state.runOf(entry.sessionId);
  const questions = state.questionsOf(entry.sessionId) ?? [];
  const [interaction] = questions;
  if (run === undefined) return { kind: 'loading', entry };
  if (interaction !== undefined) {
    return { kind: 'question', entry, run, interaction, openQuestions: questions.length };
  }
  switch (run.connection.phase) {
    case 'backoff':
    case 'offline':
    case 'paused':
    case 'failed':
      return { kind: 'unreachable', entry, run };
    case 'live':
    case 'terminal':
      return run.closedQuestions.length > 0 ? { kind: 'closed', entry, run } : { kind: 'loading', entry };
    default:
      return { kind: 'loading', entry };
  }
}

/** Identifies what is shown: another text means that another card has taken the place. */
export function cardName(card: InboxCard): string {
  switch (card.kind) {
    case 'end':
      return 'end';
    case 'question':
      return `question ${card.entry.key} ${card.interaction.interactionId}`;
    default:
      return `${card.kind} ${card.entry.key}`;
  }
}

/** The time when a question was asked, in milliseconds since 1970; undefined if the log has none. */
export function askedMs(run: RunController, interactionId: string): number | undefined {
  for (let position = run.events.length - 1; position >= 0; position -= 1) {
    const event = run.events.at(position);
    if (event?.type === 'inputRequired' && event.interactionId === interactionId) return event.ts;
  }
  return undefined;
}
