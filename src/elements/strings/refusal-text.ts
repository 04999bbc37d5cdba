import type { GraphRunError } from '../../protocol/problems.js';
import type { FailedAnswer } from '../../controller/inbox/inbox-controller.js';
import type { SessionHistoryController } from '../../controller/session-history-controller.js';
import type { FirstStrings } from './first-english.js';
import { plainLine } from './plain-line.js';
import { sessionTitle } from './session-text.js';

/** Explains why an answer was refused, to the person who gave it. */
export function refusalText(error: GraphRunError, strings: FirstStrings): string {
  switch (error.code) {
    case 'interaction-conflict':
      return strings.refusedConflict;
    case 'interaction-not-found':
      return strings.refusedClosed;
    case 'session-terminal':
      return strings.refusedEnded;
    case 'session-not-found':
    case 'session-deleted':
    case 'session-gone':
      return strings.refusedGone;
    case 'unauthenticated':
    case 'auth-required':
      return strings.refusedSignedOut;
    case 'forbidden':
      return strings.refusedForbidden;
    case 'payload-too-large':
      return strings.refusedTooLarge;
    case 'resume-unknown':
      return strings.refusedUnknown;
    case 'network':
      return strings.refusedNetwork;
    case 'timeout':
      return strings.refusedTimeout;
    case 'unavailable':
      return strings.refusedUnavailable;
    default:
      return strings.answerRefused(strings.sentence(error.message));
  }
}

/** Reports an answer of the inbox that was not accepted: to which question of which session, and why. */
export function failedAnswerText(
  { sessionId, question, error }: FailedAnswer,
  history: SessionHistoryController,
  strings: FirstStrings,
): string {
  const session = history.getSession(sessionId);
  const title = session === undefined ? strings.untitled : sessionTitle(session, strings);
  return strings.answerNotSent(plainLine(question), title, refusalText(error, strings));
}
