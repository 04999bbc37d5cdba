import { decodeHints, HintBatch } from '../../../src/server/cluster/hint-batch.js';
import type { WakeBus, WakeHint } from '../../../src/server/cluster/wake-bus.js';
import type { SeededRandom } from '../fuzz/seeded-random.js';
import type { SimulatedLink } from './simulated-link.js';
import type { Actor, VirtualTime } from './virtual-time.js';

/** How long hints are gathered. */
const GATHER_MS = 5;

/** What carries hints between all processes. */
export class SimulatedExchange {
  readonly #time: VirtualTime;
  readonly #random: SeededRandom;
  readonly #server: Actor;
  readonly #buses = new Set<SimulatedWakeBus>();

  constructor(time: VirtualTime, random: SeededRandom, server: Actor) {
    this.#time = time;
    this.#random = random;
    this.#server = server;
  }

  add(bus: SimulatedWakeBus): void {
    this.#buses.add(bus);
  }

  remove(bus: SimulatedWakeBus): void {
    this.#buses.delete(bus);
  }

  /** Delivers a payload to all others: late, twice or never, as the links of both ends are. */
  send(sender: SimulatedWakeBus, payload: string): void {
    for (const bus of this.#buses) {
      if (bus === sender) continue;
      const { network } = bus.link;
      const isLost = [sender.link, bus.link].some((link) => this.#random.chance(link.network.lostHint));
      const copies = isLost ? 0 : this.#random.chance(network.doubledHint) ? 2 : 1;
      for (let copy = 0; copy < copies; copy += 1) {
        this.#time.plan(this.#server, sender.link.delayMs() + bus.link.delayMs(), 'carries a hint', () =>
          bus.arrive(payload),
        );
      }
    }
  }
}

/** Dependencies of `SimulatedWakeBus`. */
export interface SimulatedWakeBusOptions {
  readonly time: VirtualTime;
  readonly actor: Actor;
  readonly link: SimulatedLink;
  readonly exchange: SimulatedExchange;
}

/** The hints of one process. */
export class SimulatedWakeBus implements WakeBus {
  readonly link: SimulatedLink;
  readonly #options: SimulatedWakeBusOptions;
  readonly #batch = new HintBatch();
  #isGathering = false;
  #onHint: (hint: WakeHint) => void = () => undefined;
  #onGap: () => void = () => undefined;
  #isDeaf = false;

  constructor(options: SimulatedWakeBusOptions) {
    this.#options = options;
    this.link = options.link;
  }

  get isDeaf(): boolean {
    return this.#isDeaf;
  }

  async open(onHint: (hint: WakeHint) => void, onGap: () => void): Promise<void> {
    this.#onHint = onHint;
    this.#onGap = onGap;
    this.#options.exchange.add(this);
  }

  publish(hint: WakeHint): void {
    this.#batch.add(hint);
    if (this.#isGathering) return;
    this.#isGathering = true;
    const { time, actor, exchange } = this.#options;
    time.plan(actor, GATHER_MS, 'sends hints', () => {
      this.#isGathering = false;
      for (const payload of this.#batch.take(actor.name)) exchange.send(this, payload);
    });
  }

  /** Receives nothing for some time, and knows it; then looks at everything. */
  deafen(ms: number): void {
    const { time, actor } = this.#options;
    this.#isDeaf = true;
    time.plan(actor, ms, 'hears again', () => {
      this.#isDeaf = false;
      this.#onGap();
    });
  }

  /** Is called with what another one has sent. */
  arrive(payload: string): void {
    const { time, actor } = this.#options;
    if (this.#isDeaf) return;
    time.plan(actor, 0, 'gets hints', () => {
      for (const hint of decodeHints(payload)?.hints ?? []) this.#onHint(hint);
    });
  }

  async close(): Promise<void> {
    this.#options.exchange.remove(this);
  }
}
