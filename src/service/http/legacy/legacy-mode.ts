import type { MonitorMessage, SessionMessage } from '../../../protocol/stream/messages.js';
import type { Environment } from '../environment.js';
import type { HttpClient } from '../http-client.js';
import type { SessionReader } from '../session-stream.js';
import type { StreamReader } from '../attempts/stream-attempt.js';
import type { OlderAttempts } from '../attempts/versioned-attempts.js';
import { LegacyAnswers } from './legacy-answers.js';
import { LegacyMonitor } from './legacy-monitor.js';
import { LegacySession } from './legacy-session.js';

/** The mode of a client for servers older than version 1: all that is loaded only when such a server answers. */
export class LegacyMode {
  readonly answers: LegacyAnswers;
  readonly #http: HttpClient;
  readonly #environment: Environment;

  constructor(http: HttpClient, environment: Environment) {
    this.#http = http;
    this.#environment = environment;
    this.answers = new LegacyAnswers(http);
  }

  /** @param hasCursor the caller resumes from a cursor: it has folded some events already */
  session(sessionId: string, hasCursor: boolean): OlderAttempts<SessionMessage, SessionReader> {
    const [http, environment] = [this.#http, this.#environment];
    return new LegacySession({ http, environment, sessionId, answers: this.answers, hasCursor });
  }

  monitor(graphId: string): OlderAttempts<MonitorMessage, StreamReader<MonitorMessage>> {
    return new LegacyMonitor(this.#http, this.#environment, graphId);
  }
}
