import {
  isTerminalEvent,
  nodeIdOf,
  type GraphRunEvent,
  type GraphRunEventBody,
  type LogPosition,
  type UnknownEventBody,
} from '../../../protocol/events.js';
import type { SessionFrame } from '../../../protocol/frames.js';
import type { SessionMessage } from '../../../protocol/messages.js';
import { GraphRunError } from '../../../protocol/problems.js';
import type { SessionStatus } from '../../../protocol/session-summary.js';
import { LegacyEnd } from './legacy-end.js';
import { LegacyLog } from './legacy-log.js';
import { answerOf, LegacyQuestions } from './legacy-questions.js';

/** What has to be done next, beside reading on. */
export type LegacyStep =
  /** Everything was delivered, the terminal event last. */
  | 'ended'
  /** The terminal event came live; a full replay has to show what was missed before it. */
  | 'verify'
  /** The server says that there is nothing more, but never said how the session ended. */
  | 'askStatus';

/** What one frame brings. */
export interface LegacyReceived {
  readonly messages: readonly SessionMessage[];
  readonly step?: LegacyStep;
}

type NewEvent = (GraphRunEventBody | UnknownEventBody) & Partial<LogPosition>;

const NOTHING: LegacyReceived = { messages: [] };

/**
 * Makes exactly-once delivery of the streams of a server whose numbers mean nothing from one connection
 * to the next, and which loses events between replay and live. Every connection replays the whole log;
 * what was delivered is skipped, what was missed is delivered when it is met. Delivered events are
 * numbered anew, without gaps. Does nothing but decide: no input, no output, no clock.
 */
export class LegacyReceiver {
  readonly #log = new LegacyLog();
  readonly #end: LegacyEnd;
  readonly #questions = new LegacyQuestions();
  /** Nodes of which an event was delivered late since the last whole replay. */
  readonly #disturbed = new Set<string>();
  #phase: 'idle' | 'replaying' | 'live' = 'idle';
  #nextIndex = 0;
  #hasStarted = false;
  #hasTold = false;
  #isVerifying = false;
  #hasEnded = false;

  constructor(sessionId: string) {
    this.#end = new LegacyEnd(sessionId);
  }

  /** `idle` before `start`, then `replaying`, then `live`. */
  get phase(): 'idle' | 'replaying' | 'live' {
    return this.#phase;
  }

  /** Number of events that were delivered. */
  get deliveredCount(): number {
    return this.#nextIndex;
  }

  /** The terminal event was delivered. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** It is known that and how the session has ended, though not yet delivered. */
  get isEndKnown(): boolean {
    return this.#end.isKnown;
  }

  /** True while a replay is read only to find what was missed; nobody needs to be told of it. */
  get isVerifying(): boolean {
    return this.#isVerifying;
  }

  /** A new connection, which replays everything. */
  connect(): void {
    this.#phase = 'idle';
    this.#log.rewind();
    this.#isVerifying = this.#hasTold && this.isEndKnown;
  }

  /** The server said elsewhere how the session ended. After the next replay that is its end. */
  expectEnd(status: SessionStatus): void {
    this.#end.expect(status);
  }

  /** No further replay can be had: delivers the end that is known. */
  end(): readonly SessionMessage[] {
    this.#hasEnded = true;
    return this.#end.toEvents().map((event) => this.#deliver(event));
  }

  /**
   * Takes one frame.
   *
   * @throws GraphRunError `protocol-error` for a frame before `start`.
   */
  receive(frame: SessionFrame): LegacyReceived {
    if (frame.kind === 'start') return this.#start();
    if (frame.kind === 'other' || frame.kind === 'bye') return NOTHING;
    if (this.#phase === 'idle') {
      throw new GraphRunError('protocol-error', `The stream began with “${frame.kind}” instead of “start”.`);
    }
    switch (frame.kind) {
      case 'event':
      case 'redelivered':
        return this.#event(frame.event);
      case 'replayComplete':
        return this.#endReplay();
      case 'done':
        return this.isEndKnown
          ? { messages: this.end(), step: 'ended' }
          : { messages: [], step: 'askStatus' };
    }
  }

  #start(): LegacyReceived {
    this.#phase = 'replaying';
    if (this.#hasStarted) return NOTHING;
    this.#hasStarted = true;
    return { messages: [{ kind: 'start', replayTotal: 0 }] };
  }

  #endReplay(): LegacyReceived {
    this.#log.endReplay();
    this.#disturbed.clear();
    this.#phase = 'live';
    const messages: SessionMessage[] = this.isEndKnown ? [...this.end()] : [];
    if (!this.#isVerifying) messages.push({ kind: 'replayComplete' });
    this.#hasTold = true;
    return this.#hasEnded ? { messages, step: 'ended' } : { messages };
  }

  #event(event: GraphRunEvent): LegacyReceived {
    if (isTerminalEvent(event)) {
      this.#end.take(event);
      return this.#phase === 'live' ? { messages: [], step: 'verify' } : NOTHING;
    }
    // Thoughts are sent while they happen and never replayed.
    if (event.type === 'thoughtEvent') return { messages: [this.#deliver(event)] };
    if (this.#phase === 'live') {
      this.#log.append(event);
      return { messages: this.#deliverInTurn(event) };
    }
    switch (this.#log.recognise(event)) {
      case 'known':
        return { messages: this.#repeat(event) };
      case 'new':
        return { messages: this.#deliverInTurn(event) };
      case 'late':
        return { messages: this.#deliverLate(event) };
    }
  }

  #deliverInTurn(event: GraphRunEvent): readonly SessionMessage[] {
    if (event.type === 'nodeError') this.#end.takeNodeError(event.error);
    const answered = this.#questions.take(event);
    const before = answered === undefined ? [] : [this.#deliver({ ...answered, synthetic: true })];
    return [...before, this.#deliver(event)];
  }

  /** Later events of the node are known already; a question that comes so late was answered long ago. */
  #deliverLate(event: GraphRunEvent): readonly SessionMessage[] {
    const nodeId = nodeIdOf(event);
    if (nodeId !== undefined) this.#disturbed.add(nodeId);
    const message = this.#deliver(event);
    if (event.type !== 'inputRequired') return [message];
    return [message, this.#deliver({ ...answerOf(event), synthetic: true })];
  }

  /**
   * An event that was delivered before. After a late one of its node it is said again, so that whoever
   * folds the events ends with what the node did last and not with what was learned last.
   */
  #repeat(event: GraphRunEvent): readonly SessionMessage[] {
    const nodeId = nodeIdOf(event);
    if (nodeId === undefined || !this.#disturbed.has(nodeId)) return [];
    const isStillSo =
      event.type === 'nodeStart' ||
      event.type === 'nodeEnd' ||
      event.type === 'nodeError' ||
      (event.type === 'inputRequired' && this.#questions.isOpen(event.nodeId, event.interactionId));
    return isStillSo ? [this.#deliver({ ...event, synthetic: true })] : [];
  }

  #deliver(event: NewEvent): SessionMessage {
    const index = this.#nextIndex;
    this.#nextIndex += 1;
    return {
      kind: 'event',
      event:
        event.type === 'unknown' ? { ...event, wire: { ...event.wire, index }, index } : { ...event, index },
    };
  }
}
