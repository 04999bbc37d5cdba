import type { GraphRunEventBody } from '../../src/protocol/events.js';
import type { Graph } from '../../src/protocol/graph.js';
import type { GraphRunner, RunnerSession } from '../../src/runner/graph-runner.js';

/** A graph of one node, for sessions whose events the test writes. */
export const ONE_NODE: Graph = { nodes: [{ id: 'n', type: 'any' }] };

/** A runner that does nothing: the test writes the log of its sessions. */
export class PuppetRunner implements GraphRunner {
  readonly sessions = new Map<string, RunnerSession>();
  /** The interactions that were resumed. */
  readonly resumed: string[] = [];

  validate(): void {}

  async start(session: RunnerSession): Promise<void> {
    this.sessions.set(session.sessionId, session);
  }

  async resume(_session: RunnerSession, interactionId: string): Promise<void> {
    this.resumed.push(interactionId);
  }

  /** The runner's view of the session with this id. */
  session(sessionId: string): RunnerSession {
    const session = this.sessions.get(sessionId);
    if (session === undefined) throw new Error(`No session ${sessionId} was started.`);
    return session;
  }

  /** Appends events to a session in one step; resolves when they are durable. */
  async append(sessionId: string, ...events: readonly GraphRunEventBody[]): Promise<void> {
    await this.session(sessionId).append(() => events);
  }

  /** Appends thoughts, one step each. */
  async think(sessionId: string, count: number, text = ''): Promise<void> {
    const { lastIndex } = this.session(sessionId).state;
    for (let index = 1; index <= count; index += 1) {
      await this.append(sessionId, thought(`${lastIndex + index} ${text}`));
    }
  }

  /**
   * Appends thoughts until the signal aborts, as fast as they are stored or one per `paceMs`: real time, for
   * servers whose limits are real time.
   */
  async thinkUntil(sessionId: string, signal: AbortSignal, paceMs = 0): Promise<void> {
    while (!signal.aborted) {
      await this.think(sessionId, 1);
      if (paceMs > 0) await new Promise((resolve) => setTimeout(resolve, paceMs));
    }
  }

  /** Asks a question of node `n` and returns its id. */
  async ask(sessionId: string, interactionId: string = crypto.randomUUID()): Promise<string> {
    await this.append(sessionId, {
      type: 'inputRequired',
      nodeId: 'n',
      interactionId,
      suspendEvent: { waitForInput: { prompt: { parts: [{ text: 'Well?' }] } } },
    });
    return interactionId;
  }

  async complete(sessionId: string): Promise<void> {
    await this.append(sessionId, { type: 'graphComplete', sessionId, outputs: {} });
  }
}

/** A thought of node `n`. */
export function thought(text: string): GraphRunEventBody {
  return { type: 'thoughtEvent', nodeId: 'n', text };
}
