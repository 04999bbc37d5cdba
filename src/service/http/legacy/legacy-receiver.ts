import {
  isTerminalEvent,
  nodeIdOf,
  type GraphRunEvent,
  type GraphRunEventBody,
  type LogPosition,
  type UnknownEventBody,
} from '../../../protocol/events.js';
import type { SessionFrame } from '../../../protocol/stream/session-frames.js';
import type { SessionMessage } from '../../../protocol/stream/messages.js';
import { GraphRunError } from '../../../protocol/problems.js';
import type { SessionStatus } from '../../../protocol/session-summary.js';
import { LegacyEnd } from './legacy-end.js';
import { LegacyLog } from './legacy-log.js';
import { answerOf, LegacyQuestions } from './legacy-questions.js';

/** The next step, if it is not to read on. */
export type LegacyStep =
  /** Everything was delivered, including the terminal event. */
  | 'ended'
  /** The terminal event came live; a full replay has to show which events were missed before it. */
  | 'verify'
  /** The server ended the stream without a terminal event: ask for the status of the session. */
  | 'askStatus';

/** The result of one frame. */
export interface LegacyReceived {
  readonly messages: readonly SessionMessage[];
  readonly step?: LegacyStep;
}

type NewEvent = (GraphRunEventBody | UnknownEventBody) & Partial<LogPosition>;

const NOTHING: LegacyReceived = { messages: [] };

/**
 * Delivers each event exactly once from a server whose indexes change from one connection to the next, and which loses
 * events between replay and live. Every connection replays the whole log; the receiver skips events that it has
 * delivered, and delivers those that it missed when it finds them. It gives the events its own indexes, without gaps.
 * It only decides: it has no input, no output and no clock.
 */
export class LegacyReceiver {
  readonly #log = new LegacyLog();
  readonly #end: LegacyEnd;
  readonly #questions = new LegacyQuestions();
  /** Nodes with an event that was delivered late since the last complete replay. */
  readonly #disturbed = new Set<string>();
  #phase: 'idle' | 'replaying' | 'live' = 'idle';
  #nextIndex = 0;
  #hasStarted = false;
  #hasCompletedReplay = false;
  #isVerifying = false;
  #hasEnded = false;

  constructor(sessionId: string) {
    this.#end = new LegacyEnd(sessionId);
  }

  /** `idle` before `start`, then `replaying`, then `live`. */
  get phase(): 'idle' | 'replaying' | 'live' {
    return this.#phase;
  }

  /** Number of delivered events. */
  get deliveredCount(): number {
    return this.#nextIndex;
  }

  /** The terminal event was delivered. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** The end of the session is known, though perhaps not yet delivered. */
  get isEndKnown(): boolean {
    return this.#end.isKnown;
  }

  /** True while a replay is read only to find missed events; its phases are not reported. */
  get isVerifying(): boolean {
    return this.#isVerifying;
  }

  /** Starts a new connection, which replays everything. */
  connect(): void {
    this.#phase = 'idle';
    this.#log.rewind();
    this.#isVerifying = this.#hasCompletedReplay && this.isEndKnown;
  }

  /** Takes the final status that the server reported outside of the stream; it counts after the next replay. */
  expectEnd(status: SessionStatus): void {
    this.#end.expect(status);
  }

  /** Delivers the known end, when no further replay is possible or needed. */
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
    this.#hasCompletedReplay = true;
    return this.#hasEnded ? { messages, step: 'ended' } : { messages };
  }

  #event(event: GraphRunEvent): LegacyReceived {
    if (isTerminalEvent(event)) {
      this.#end.take(event);
      return this.#phase === 'live' ? { messages: [], step: 'verify' } : NOTHING;
    }
    // An older server sends thoughts live and never replays them.
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

  /** Delivers an event although later ones of its node are known; a question that comes so late was already answered. */
  #deliverLate(event: GraphRunEvent): readonly SessionMessage[] {
    const nodeId = nodeIdOf(event);
    if (nodeId !== undefined) this.#disturbed.add(nodeId);
    const message = this.#deliver(event);
    if (event.type !== 'inputRequired') return [message];
    return [message, this.#deliver({ ...answerOf(event), synthetic: true })];
  }

  /**
   * Delivers a known event again if a late one of its node came before it, so that the fold of the events ends with what
   * the node did last and not with what arrived last.
   */
  #repeat(event: GraphRunEvent): readonly SessionMessage[] {
    const nodeId = nodeIdOf(event);
    if (nodeId === undefined || !this.#disturbed.has(nodeId)) return [];
    const isStillTrue =
      event.type === 'nodeStart' ||
      event.type === 'nodeEnd' ||
      event.type === 'nodeError' ||
      (event.type === 'inputRequired' && this.#questions.isOpen(event.nodeId, event.interactionId));
    return isStillTrue ? [this.#deliver({ ...event, synthetic: true })] : [];
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
