import type { SessionOperation } from '../../controller/session-history-controller.js';
import { errorText } from './error-text.js';
import type { PanelStrings } from './english.js';

/** What is being done to a session: “Cancelling…”; undefined when it is over at once or has failed. */
export function operationText({ kind, error }: SessionOperation, strings: PanelStrings): string | undefined {
  if (error !== undefined) return undefined;
  return { cancel: strings.cancelling, delete: strings.deleting, rename: undefined, pin: undefined }[kind];
}

/** Why what was done to a session has failed; undefined when it has not. */
export function operationFailure(
  { kind, error }: SessionOperation,
  strings: PanelStrings,
): string | undefined {
  if (error === undefined) return undefined;
  const failed = {
    cancel: strings.cancelFailed,
    delete: strings.deleteFailed,
    rename: strings.renameFailed,
    pin: strings.pinFailed,
  }[kind];
  return failed(errorText(error, strings));
}
