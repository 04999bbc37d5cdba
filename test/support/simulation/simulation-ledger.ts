import { isJsonObject, parseJson, type JsonObject } from '../../../src/protocol/values/json.js';
import type { LoggedEvent, SessionWrite, Written } from '../../../src/server/store/session-store.js';
import { sessionIdOf } from '../../../src/server/store/step-order.js';
import { LoggedSession } from './logged-session.js';
import type { VirtualTime } from './virtual-time.js';

/** A process as the ledger knows it. */
interface KnownProcess {
  beatMs: number;
  isMember: boolean;
}

/** How long a process that leaves may still begin what it had decided to. */
const LEAVING_MS = 60;

/** A process that leaves without a fault. */
export interface Leaving {
  readonly sinceMs: number;
  /** When it had its last fault, before that: it may have given up what it ran. */
  readonly faultMs: number;
}

/** An answer that a server has confirmed. */
export interface Confirmation {
  readonly sessionId: string;
  readonly interactionId: string;
  readonly response: JsonObject;
  readonly index: number;
  readonly isDuplicate: boolean;
}

/** Notes everything that a run may not do, from what reaches the database and what people see. */
export class SimulationLedger {
  readonly violations: string[] = [];
  /** All sessions that were created. */
  readonly sessions = new Map<string, LoggedSession>();
  /**
   * True if something has kept a process from showing that it lives, since a time, that was not an outage of the database for
   * all.
   */
  isAtFaultSince: (processId: number, sinceMs: number) => boolean = () => true;
  /** How a process leaves; undefined when it does not, or a fault keeps it from doing that well. */
  leaving: (processId: number) => Leaving | undefined = () => undefined;
  /** True when a process that leaves waits so long that all its nodes can end, or ask. */
  mayNodesEnd = false;
  /** True for two numbers under which the same process has joined. */
  isSameProcess: (one: number, other: number) => boolean = (one, other) => one === other;
  readonly #time: VirtualTime;
  readonly #processes = new Map<number, KnownProcess>();
  readonly #keys = new Map<string, string>();
  readonly #counted = new Set<string>();
  readonly #chores = new Map<string, number>();

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  /** Notes a violation. */
  violate(text: string): void {
    this.violations.push(`${this.#time.nowMs.toFixed(0)} ms: ${text}`);
  }

  /** A process has joined. */
  joined(processId: number): void {
    this.#time.note(`process ${processId} has joined`);
    this.#processes.set(processId, { beatMs: this.#time.nowMs, isMember: true });
  }

  /** A process has shown that it lives. */
  beaten(processId: number): void {
    const process = this.#processes.get(processId);
    if (process !== undefined) process.beatMs = this.#time.nowMs;
  }

  /** A process has found another one dead. */
  foundDead(processId: number): void {
    for (const session of this.sessions.values()) if (session.owner === processId) session.ownerDied();
    const sinceMs = this.#processes.get(processId)?.beatMs ?? 0;
    if (this.isAtFaultSince(processId, sinceMs)) return;
    this.violate(`process ${processId} was found dead because no process could reach the database`);
  }

  /** A process no longer belongs to the others. */
  removed(processId: number): void {
    this.#time.note(`process ${processId} is removed`);
    const process = this.#processes.get(processId);
    if (process !== undefined) process.isMember = false;
    for (const session of this.sessions.values()) {
      if (session.owner !== processId) continue;
      session.owner = undefined;
      session.changedMs = this.#time.nowMs;
    }
  }

  /** A process has become the owner of a session. */
  claimed(processId: number, sessionId: string, epoch: number): void {
    this.#time.note(`process ${processId} claims ${sessionId}`);
    const session = this.sessions.get(sessionId);
    if (session === undefined) return this.violate(`session ${sessionId} was claimed, and never created`);
    const { owner } = session;
    if (owner !== undefined && owner !== processId) {
      this.violate(`${processId} has claimed session ${sessionId}, which ${owner} runs`);
    }
    if (epoch !== session.epoch + 1) this.violate(`session ${sessionId} has epoch ${epoch} again`);
    if (session.hasEnded) this.violate(`session ${sessionId} was claimed after its end`);
    this.#checkHandover(session);
    session.claimedIn(epoch);
    session.owner = processId;
    session.lastOwner = processId;
    session.isGivenBack = false;
    session.writers.set(epoch, processId);
    return undefined;
  }

  /** A session no longer has an owner. */
  released(sessionId: string): void {
    this.#time.note(`session ${sessionId} is released`);
    const session = this.sessions.get(sessionId);
    if (session === undefined) return;
    session.owner = undefined;
    session.changedMs = this.#time.nowMs;
    session.isGivenBack = true;
  }

  /** A process does a chore. */
  choreTaken(name: string, periodMs: number): void {
    if ((this.#chores.get(name) ?? 0) > this.#time.nowMs)
      this.violate(`the chore ${name} is done twice in a period`);
    this.#chores.set(name, this.#time.nowMs + periodMs);
  }

  /** A step was written. */
  written(processId: number, write: SessionWrite, { revision }: Written): void {
    if (this.#processes.get(processId)?.isMember === false) {
      this.violate(`process ${processId} has written (${write.kind}) after it was found dead`);
    }
    this.#time.note(`process ${processId} has written ${write.kind} of ${sessionIdOf(write)}`);
    switch (write.kind) {
      case 'create': {
        const { record, events, receipt } = write;
        const session = new LoggedSession(record, (text) => this.violate(text));
        session.owner = write.isReady === true ? undefined : processId;
        session.lastOwner = session.owner;
        session.writers.set(1, processId);
        this.sessions.set(record.sessionId, session);
        session.append(events, this.#time.nowMs);
        if (receipt !== undefined) this.#created(receipt.key, record.sessionId);
        break;
      }
      case 'append': {
        const session = this.sessions.get(write.record.sessionId);
        if (write.ownership !== undefined) {
          const { epoch } = write.ownership;
          if (epoch === session?.epoch && session.isGivenBack)
            this.violate(`process ${processId} writes to ${session.sessionId}, which it has given back`);
          const { sinceMs = Infinity } = this.leaving(processId) ?? {};
          if (this.#time.nowMs > sinceMs + LEAVING_MS && hasStart(write.events))
            this.violate(`process ${processId} starts a node while it leaves`);
          const writer = session?.writers.get(epoch) ?? processId;
          session?.checkEpoch(epoch);
          if (!this.isSameProcess(writer, processId)) {
            this.violate(`process ${processId} writes in an epoch of process ${writer}`);
          }
        }
        session?.append(write.events, this.#time.nowMs);
        if (write.resumes !== undefined && write.resumes.epoch !== session?.epoch) {
          for (const nodeId of answeredIn(write.events)) session?.unseen.add(nodeId);
        }
        break;
      }
      case 'seen':
        this.sessions.get(write.ownership.sessionId)?.unseen.clear();
        break;
      case 'label':
        this.sessions.get(write.record.sessionId)?.label(write.labels, write.expected);
        break;
      case 'delete': {
        const session = this.sessions.get(write.record.sessionId);
        if (session?.isDeleted === true) this.violate(`session ${session.sessionId} was deleted twice`);
        session?.delete();
        break;
      }
      default:
        break;
    }
    if (revision !== undefined && 'record' in write) {
      this.sessions.get(write.record.sessionId)?.revised(revision);
    }
  }

  /** A server has confirmed a creation with a key. */
  created(key: string, sessionId: string): void {
    if (this.#keys.get(key) !== sessionId)
      this.violate(`the key ${key} has another session than ${sessionId}`);
  }

  /** A server has confirmed an answer. */
  answered({ sessionId, interactionId, response, index, isDuplicate }: Confirmation): void {
    const event = this.sessions.get(sessionId)?.events[index];
    const isThere =
      isJsonObject(event) &&
      event['type'] === 'inputResolved' &&
      event['interactionId'] === interactionId &&
      JSON.stringify(event['response']) === JSON.stringify(response);
    if (!isThere) this.violate(`the answer to ${interactionId} was confirmed at ${index}, and is not there`);
    if (isDuplicate) return;
    if (this.#counted.has(interactionId)) this.violate(`two answers to ${interactionId} count`);
    this.#counted.add(interactionId);
  }

  /** Checks, when a session gets another owner, that the last one has not left while nodes could still end. */
  #checkHandover(session: LoggedSession): void {
    const { sessionId, lastOwner } = session;
    const leaving = lastOwner === undefined ? undefined : this.leaving(lastOwner);
    if (!this.mayNodesEnd || leaving === undefined) return;
    const nodes = session.begunBetween(leaving.faultMs, leaving.sinceMs);
    if (nodes.length > 0)
      this.violate(`session ${sessionId}: nodes ${nodes.join()} were interrupted by a process that left`);
  }

  #created(key: string, sessionId: string): void {
    if (this.#keys.has(key)) this.violate(`the key ${key} has created two sessions`);
    this.#keys.set(key, sessionId);
  }
}

function hasStart(events: readonly LoggedEvent[]): boolean {
  return events.some(({ type }) => type === 'nodeStart');
}

function answeredIn(events: readonly LoggedEvent[]): readonly string[] {
  return events.flatMap(({ type, json }) => {
    const event = type === 'inputResolved' ? parseJson(json) : undefined;
    return isJsonObject(event) && event['by'] === 'response' ? [String(event['nodeId'])] : [];
  });
}
