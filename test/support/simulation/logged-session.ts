import { isJsonObject, parseJson, type JsonObject } from '../../../src/protocol/values/json.js';
import type { SessionLabels } from '../../../src/protocol/session-labels.js';
import type { LoggedEvent, SessionRecord } from '../../../src/server/store/session-store.js';

/** The events that end a session, with its status afterwards. */
const ENDS: Readonly<Record<string, string>> = {
  graphComplete: 'completed',
  graphError: 'failed',
  graphCancelled: 'cancelled',
};

/** The error of a session whose processes have died. */
const GIVEN_UP = 'The server could not continue this run.';

/** A node as its events show it. */
interface LoggedNode {
  isActive: boolean;
  /** True when its process has died while it ran: it must be run again, or fail. */
  isInterrupted: boolean;
  /** The number of its next thought. */
  next: number;
  /** Since when it runs, or was asked to continue. */
  sinceMs: number;
}

/** A session as its log shows it; checks every event of it. */
export class LoggedSession {
  readonly record: SessionRecord;
  readonly events: JsonObject[] = [];
  /** The open questions: their nodes, by their ids. */
  readonly open = new Map<string, string>();
  /** Which process has which epoch. */
  readonly writers = new Map<number, number>();
  /** The process that runs it. */
  owner: number | undefined;
  /** When it has grown, or lost its owner, the last time. */
  changedMs = 0;
  /** True when its owner has given it back, and no process has claimed it since. */
  isGivenBack = false;
  /** The process that has run it last. */
  lastOwner: number | undefined;
  epoch = 1;
  isDeleted = false;
  status = 'running';
  labels: SessionLabels = {};
  /** How many owners in a row have died while it ran, without a node that ended. */
  deaths = 0;
  /** The newest revision of its row. */
  revision = 0;
  /** Nodes whose questions were answered, and no owner has noted yet that it resumes them. */
  readonly unseen = new Set<string>();
  readonly #violate: (text: string) => void;
  readonly #nodes = new Map<string, LoggedNode>();
  readonly #resolved = new Set<string>();

  constructor(record: SessionRecord, violate: (text: string) => void) {
    this.record = record;
    this.#violate = (text) => violate(`session ${record.sessionId}: ${text}`);
  }

  get sessionId(): string {
    return this.record.sessionId;
  }

  get hasEnded(): boolean {
    return Object.values(ENDS).includes(this.status);
  }

  /** Nodes that run: neither wait nor have ended. */
  get isRunning(): boolean {
    const waiting = new Set(this.open.values());
    return [...this.#nodes].some(([nodeId, { isActive }]) => isActive && !waiting.has(nodeId));
  }

  /** Nodes that run, and have begun, or continued after an answer, between two times. */
  begunBetween(fromMs: number, toMs: number): readonly string[] {
    const waiting = new Set(this.open.values());
    return [...this.#nodes].flatMap(([nodeId, { isActive, isInterrupted, sinceMs }]) =>
      isActive &&
      !isInterrupted &&
      sinceMs > fromMs &&
      sinceMs <= toMs &&
      !waiting.has(nodeId) &&
      !this.unseen.has(nodeId)
        ? [nodeId]
        : [],
    );
  }

  /** Its owner was found dead. */
  ownerDied(): void {
    if (this.status === 'running') this.deaths += 1;
  }

  /** It has another owner. */
  claimedIn(epoch: number): void {
    this.epoch = epoch;
    const waiting = new Set(this.open.values());
    for (const [nodeId, node] of this.#nodes) {
      node.isInterrupted = node.isActive && !waiting.has(nodeId) && !this.unseen.has(nodeId);
    }
  }

  /** Checks that an owner is the last one. */
  checkEpoch(epoch: number): void {
    if (epoch !== this.epoch) this.#violate(`the owner of epoch ${epoch} writes in epoch ${this.epoch}`);
  }

  /** Adds events that are written at a time. */
  append(events: readonly LoggedEvent[], nowMs: number): void {
    this.changedMs = nowMs;
    if (this.isDeleted) this.#violate('an event after its deletion');
    for (const logged of events) {
      const event = parseJson(logged.json);
      if (!isJsonObject(event)) {
        this.#violate('an event that is no object');
        continue;
      }
      if (logged.index !== this.events.length || event['index'] !== logged.index) {
        this.#violate(`event ${logged.index} comes after ${this.events.length - 1}`);
      }
      if (this.hasEnded) this.#violate(`event ${logged.index} (${String(event['type'])}) after its end`);
      this.events.push(event);
      this.#apply(event, nowMs);
    }
    if (!this.hasEnded) this.status = this.isRunning || this.open.size === 0 ? 'running' : 'suspended';
  }

  label(labels: SessionLabels, expected: SessionLabels | undefined): void {
    if (expected !== undefined && JSON.stringify(expected) !== JSON.stringify(this.labels)) {
      this.#violate('its labels were replaced although they had changed');
    }
    this.labels = labels;
  }

  delete(): void {
    this.isDeleted = true;
  }

  revised(revision: number): void {
    if (revision <= this.revision) this.#violate(`revision ${revision} after ${this.revision}`);
    this.revision = revision;
  }

  #checkSeen(nodeId: string): void {
    if (this.unseen.has(nodeId))
      this.#violate(`node ${nodeId} was interrupted after its answer, which had resumed no node`);
  }

  #apply(event: JsonObject, nowMs: number): void {
    const { type, nodeId, interactionId, text } = event;
    const id = String(nodeId);
    const node = this.#nodes.get(id);
    switch (type) {
      case 'nodeStart':
        if (node !== undefined) this.#violate(`node ${id} starts twice`);
        this.#nodes.set(id, { isActive: true, isInterrupted: false, next: 0, sinceMs: nowMs });
        return;
      case 'nodeRetry':
        this.#checkSeen(id);
        if (node?.isActive !== true) this.#violate(`node ${id} is run again, and does not run`);
        else {
          node.next = 0;
          node.sinceMs = nowMs;
          node.isInterrupted = false;
        }
        return;
      case 'nodeEnd':
      case 'nodeError':
        if (event['error'] === 'interrupted') this.#checkSeen(id);
        this.unseen.delete(id);
        if (type === 'nodeEnd') {
          this.deaths = 0;
          if (node?.isInterrupted === true) this.#violate(`node ${id} ends in another process`);
        }
        if (node?.isActive !== true) this.#violate(`node ${id} ends, and does not run`);
        else node.isActive = false;
        return;
      case 'thoughtEvent':
        if (node?.isActive !== true) this.#violate(`a thought of node ${id}, which does not run`);
        else if (String(node.next) !== text) this.#violate(`thought ${String(text)}, not ${node.next}`);
        if (node?.isInterrupted === true) this.#violate(`node ${id} continues in another process`);
        if (node !== undefined) node.next += 1;
        // It was resumed.
        this.unseen.delete(id);
        return;
      case 'inputRequired':
        this.open.set(String(interactionId), id);
        return;
      case 'inputResolved': {
        const resumed = this.#nodes.get(this.open.get(String(interactionId)) ?? '');
        if (resumed !== undefined) resumed.sinceMs = nowMs;
        if (this.#resolved.has(String(interactionId)))
          this.#violate(`${String(interactionId)} is answered twice`);
        else if (!this.open.delete(String(interactionId))) this.#violate('an answer to what was never asked');
        this.#resolved.add(String(interactionId));
        return;
      }
      case 'graphError':
        if (event['error'] === GIVEN_UP && this.deaths < 3) this.#violate('it was given up');
        this.#end(type);
        return;
      default:
        this.#end(type);
    }
  }

  #end(type: unknown): void {
    this.status = ENDS[String(type)] ?? this.status;
    if (this.hasEnded) this.open.clear();
  }
}
