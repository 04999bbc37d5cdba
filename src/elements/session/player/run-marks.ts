import type { KeptEvents } from '../../../controller/run/event-search.js';
import { untracked } from '../../base/signal-element.js';
import { markOf, type MarkKind } from '../timeline/named-event.js';

/** Events as they are read, until all are removed. */
export interface MarkedEvents extends KeptEvents {
  readonly generation: number;
}

/** A mark on a track; `x` in percent. */
export interface TrackMark {
  readonly kind: MarkKind;
  readonly x: number;
}

/** Least distance of two marks, in pixels. */
const MARK_PX = 3;
const RANK: Readonly<Record<MarkKind, number>> = { failed: 2, asks: 1, step: 0 };

/** The marks of a log, each read once: of all node starts, ends, failures and questions that have a time. */
export class RunMarks {
  #generation = -1;
  #read = 0;
  #drawn:
    | {
        readonly toX: (ms: number) => number;
        readonly trackPx: number;
        readonly count: number;
        readonly marks: readonly TrackMark[];
      }
    | undefined;
  #marks: { readonly kind: MarkKind; readonly ms: number }[] = [];

  /** Reads the events that have come since. */
  read(events: MarkedEvents): void {
    if (events.generation !== this.#generation) {
      this.#generation = events.generation;
      this.#read = 0;
      this.#marks = [];
    }
    const { length, dropped } = events;
    untracked(() => {
      for (let position = Math.max(0, this.#read - dropped); position < length; position += 1) {
        const event = events.at(position);
        const kind = event === undefined ? undefined : markOf(event);
        if (kind !== undefined && event?.ts !== undefined) this.#marks.push({ kind, ms: event.ts });
      }
    });
    this.#read = dropped + length;
  }

  /** The marks on a track of a width: where they are close together, the most important one. */
  onTrack(toX: (ms: number) => number, trackPx: number): readonly TrackMark[] {
    const key = this.#drawn;
    if (key?.toX === toX && key.trackPx === trackPx && key.count === this.#marks.length) return key.marks;
    const places = new Map<number, TrackMark>();
    for (const { kind, ms } of this.#marks) {
      const x = toX(ms);
      const place = Math.round(((x / 100) * trackPx) / MARK_PX);
      const before = places.get(place);
      if (before === undefined || RANK[before.kind] < RANK[kind]) places.set(place, { kind, x });
    }
    const marks = [...places.values()];
    this.#drawn = { toX, trackPx, count: this.#marks.length, marks };
    return marks;
  }
}
