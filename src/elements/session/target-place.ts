import type { RunController } from '../../controller/run/run-controller.js';
import { isReplaying } from './watched-session.js';

/** A node, an event or a moment of the watched session, to which a host or a link leads. */
export interface Target {
  readonly nodeId: string | undefined;
  readonly eventIndex: number | undefined;
  /** Index of the event after which the session is shown as it was. */
  readonly moment: number | undefined;
}

/** Where a target is, once the replay is complete. */
export type TargetState =
  | { readonly kind: 'node'; readonly nodeId: string }
  | { readonly kind: 'event'; readonly index: number }
  /** The session has it not, or not yet. */
  | { readonly kind: 'no-node'; readonly nodeId: string; readonly title: string | undefined }
  | { readonly kind: 'no-event'; readonly index: number }
  /** The session had it, but its log is so long that its oldest events are not kept. */
  | { readonly kind: 'event-not-kept'; readonly index: number };

/** What becomes of a named moment, once the replay is complete. */
export type MomentState =
  | { readonly kind: 'moment'; readonly index: number }
  | { readonly kind: 'no-event'; readonly index: number }
  /** It is before `first`, the earliest moment that can be shown. */
  | { readonly kind: 'moment-not-kept'; readonly index: number; readonly first: number };

/** Holds the target until the replay of the session is complete, and gives it out once. */
export class TargetPlace {
  #target: Target | undefined;
  #moment: number | undefined;

  /** Sets the target of the session that is open, or is being opened. */
  set(target: Target): void {
    this.#target = (target.nodeId ?? '') === '' && target.eventIndex === undefined ? undefined : target;
    this.#moment = target.moment;
  }

  /** Returns what to do with the moment; undefined without one, before the replay is complete, and the next time. */
  takeMoment(run: RunController): MomentState | undefined {
    const index = this.#moment;
    if (index === undefined || !isComplete(run)) return undefined;
    this.#moment = undefined;
    const isThere = Number.isInteger(index) && index >= 0 && index <= run.latest.lastIndex;
    if (!isThere) return { kind: 'no-event', index };
    const first = run.firstPosition ?? 0;
    return index < first ? { kind: 'moment-not-kept', index, first } : { kind: 'moment', index };
  }

  /** Returns what to do with the target; undefined without one, before the replay is complete, and the next time. */
  take(run: RunController): TargetState | undefined {
    const target = this.#target;
    if (target === undefined || !isComplete(run)) return undefined;
    this.#target = undefined;
    const { nodeId, eventIndex: index } = target;
    if (index !== undefined) {
      const { length, dropped } = run.events;
      const isThere = Number.isInteger(index) && index >= dropped && index < dropped + length;
      if (isThere) return { kind: 'event', index };
      const isDropped = Number.isInteger(index) && index >= 0 && index < dropped;
      return { kind: isDropped ? 'event-not-kept' : 'no-event', index };
    }
    if (nodeId === undefined) return undefined;
    const node = run.latest.nodes.get(nodeId);
    const hasBegun = node !== undefined && node.status !== 'waiting';
    return hasBegun ? { kind: 'node', nodeId } : { kind: 'no-node', nodeId, title: node?.title };
  }
}

/** True for a session whose replay is complete. */
function isComplete(run: RunController): boolean {
  return run.sessionId !== undefined && run.events.length > 0 && !isReplaying(run);
}
