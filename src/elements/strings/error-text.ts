import { GraphRunError } from '../../protocol/problems.js';
import type { PanelStrings } from './english.js';

/**
 * Why something did not succeed. What every service can meet is said in the words of the catalogue, the
 * rest in those of the error: only a server knows what it refuses.
 */
export function errorText(error: unknown, strings: PanelStrings): string {
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
    case 'protocol-error':
      return strings.errorProtocol(error.message);
    case 'session-gone':
    case 'session-not-found':
    case 'session-deleted':
      return `${strings.sessionGone}.`;
    default:
      return error.message;
  }
}
