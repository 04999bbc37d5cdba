import type { GraphRunEvent } from '../../src/protocol/events.js';
import type { SessionMessage } from '../../src/protocol/stream/messages.js';
import type { GraphRunService } from '../../src/service/graph-run-service.js';
import type { FakeEnvironment } from './fake-environment.js';

/** The messages of a session that were read so far, or in total. */
export interface Followed {
  readonly messages: SessionMessage[];
  readonly events: GraphRunEvent[];
}

/** Options of following a session. */
export interface FollowOptions {
  readonly cursor?: string;
  readonly signal?: AbortSignal;
  /** Called after each batch; returns true to stop. */
  readonly isEnough?: (soFar: Followed) => boolean;
}

/** Reads a session until it ends or `isEnough` returns true. Waits between two attempts end at once. */
export async function follow(
  service: GraphRunService,
  environment: FakeEnvironment,
  sessionId: string,
  { isEnough = () => false, ...options }: FollowOptions = {},
): Promise<Followed> {
  const followed: Followed = { messages: [], events: [] };
  for await (const { messages } of service.connectSession(sessionId, options)) {
    for (const message of messages) {
      followed.messages.push(message);
      if (message.kind === 'event') followed.events.push(message.event);
      if (message.kind === 'connection' && message.connection.retryAtMs !== undefined) {
        void environment.advance(message.connection.retryAtMs - environment.wallNow());
      }
    }
    if (isEnough(followed)) break;
  }
  return followed;
}
