import { ALL_GRAPHS_UNSUPPORTED } from '../../protocol/all-graphs.js';
import { answeredMessage, GraphRunError, isSessionGone } from '../../protocol/problems.js';
import type { FirstStrings } from './first-english.js';

/**
 * The reason for a failure: in the words of the catalogue for errors that any service can have, otherwise
 * the message of the error, because only the server knows what it refuses.
 */
export function errorText(error: unknown, strings: FirstStrings): string {
  if (!(error instanceof GraphRunError)) return error instanceof Error ? error.message : String(error);
  switch (error.code) {
    case 'network':
      return strings.errorNetwork;
    case 'timeout':
      return strings.errorTimeout;
    case 'auth-required':
    case 'unauthenticated':
      return strings.errorSignedOut;
    case 'unsupported':
      return strings.errorUnsupported;
    case ALL_GRAPHS_UNSUPPORTED:
      return strings.errorAllGraphs;
    case 'foreign-answer':
      return strings.errorForeignAnswer(error.status);
    case 'no-server':
      return strings.errorNoServer(addressOf(error), error.status);
    case 'protocol-error':
      return strings.errorProtocol(strings.sentence(error.message));
    default:
      return isSessionGone(error) ? `${strings.sessionGone}.` : ownWords(error, strings);
  }
}

/** The words of the server; where it gave nothing but a status, the words of the catalogue for it. */
function ownWords({ message, status }: GraphRunError, strings: FirstStrings): string {
  const isStatus = status !== undefined && message === answeredMessage(status);
  return isStatus ? strings.errorAnswered(status) : strings.sentence(message);
}

/** The address that something else answered for. */
function addressOf({ members }: GraphRunError): string | undefined {
  const { address } = members;
  return typeof address === 'string' ? address : undefined;
}
