/** Length of a time slice: half a frame. */
const SLICE_MS = 8;

/**
 * Divides work into time slices, between which the browser paints and takes input. Before each piece, the
 * worker asks whether the slice is over, and if so waits for the next one. A slice counts the time since its
 * first piece, whatever was done in it: parsing and rendering count too.
 */
export class TimeSlices {
  readonly #turns = new Turns();
  #startedMs: number | undefined;
  #next: Promise<void> | undefined;

  /** True if the current slice is used up. Reading it starts a slice if there is none. */
  get isOver(): boolean {
    const nowMs = performance.now();
    this.#startedMs ??= nowMs;
    // Requested at the start of the slice: it then also comes while the worker waits for more to do.
    this.#next ??= this.#startNext();
    return nowMs - this.#startedMs > SLICE_MS;
  }

  /** Resolves when the browser has had the chance to paint. */
  async next(): Promise<void> {
    await this.#next;
  }

  async #startNext(): Promise<void> {
    await this.#turns.next();
    this.#startedMs = undefined;
    this.#next = undefined;
  }
}

/** A port. In Node, it keeps the process running after `ref`, and no longer after `unref`. */
type Port = MessagePort & { ref?(): void; unref?(): void };

/**
 * Lets the browser paint and take input. Uses a message: timers are clamped, and continuations of
 * `scheduler.yield` run before the frame that is due, which then waits for a tenth of a second. Its channel is made
 * once, because that takes longer than sending a message.
 */
class Turns {
  #ports: { readonly receiver: Port; readonly sender: MessagePort } | undefined;
  #resolve: () => void = () => undefined;

  /** Resolves in the next turn; must not be called again before that. */
  next(): Promise<void> {
    const { receiver, sender } = (this.#ports ??= this.#open());
    receiver.ref?.();
    return new Promise((resolve) => {
      this.#resolve = resolve;
      sender.postMessage(undefined);
    });
  }

  #open() {
    const { port1: receiver, port2: sender }: { port1: Port; port2: MessagePort } = new MessageChannel();
    receiver.addEventListener('message', () => {
      receiver.unref?.();
      this.#resolve();
    });
    receiver.start();
    return { receiver, sender };
  }
}
