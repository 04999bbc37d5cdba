import type { DraftsController } from '../../controller/drafts-controller.js';
import type { MonitorMessage } from '../../protocol/stream/messages.js';

/** Removes the drafts of sessions that were deleted, according to the list. */
export function dropDraftsOfDeleted(drafts: DraftsController, messages: readonly MonitorMessage[]): void {
  for (const message of messages) {
    if (message.kind === 'deleted') drafts.removeSession(message.sessionId);
  }
}
