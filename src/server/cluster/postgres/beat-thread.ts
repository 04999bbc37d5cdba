import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

/** A beat that reached the database. */
export interface Beat {
  /** When it was sent, by the monotonic clock of `monotonicMs`. */
  readonly atMs: number;
  /** What the clock of the database showed, in milliseconds since 1970, half-way between that and the response. */
  readonly storeMs: number;
  /** How long it took until the response. */
  readonly tookMs: number;
}

/** Options of `BeatThread`. */
export interface BeatThreadOptions {
  readonly url: string;
  readonly schema: string;
  readonly processId: number;
  readonly beatMs: number;
  /** How long the main thread may be blocked before the thread stops to beat, in milliseconds. */
  readonly stallMs: number;
  /** How long beats may fail, in milliseconds. */
  readonly doubtMs: number;
  /** Called with each beat that reached the database. */
  readonly onBeat: (beat: Beat) => void;
  /** Called when the database no longer knows this process, and when beats have failed for `doubtMs`. */
  readonly onLost: () => void;
  /** Called when the thread itself failed. */
  readonly onError: (error: unknown) => void;
}

/** How long a connection may take to end. */
const CLOSE_MS = 1000;

/** A monotonic clock in milliseconds that all threads of a process share. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}

/**
 * The code of the thread. A text, so that it needs no file of its own: neither where the sources are run without a build
 * nor where the server is part of a bundle is there one next to this. Everything that can be decided elsewhere is.
 */
const CODE = `
const { parentPort, workerData } = require('node:worker_threads');
const pg = require(workerData.driver);
const { url, text, processId, beatMs, stallMs, doubtMs, patienceMs } = workerData;
const monotonicMs = () => Number(process.hrtime.bigint() / 1000000n);
let signMs = monotonicMs();
let madeMs = signMs;
let isClosed = false;
let wake = () => {};
parentPort.on('message', (message) => {
  if (message === 'close') { isClosed = true; wake(); }
  signMs = monotonicMs();
});
const sleep = (ms) => new Promise((resolve) => { wake = resolve; setTimeout(resolve, Math.max(0, ms)); });
const connect = async () => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: patienceMs, query_timeout: patienceMs,
    keepAlive: true, application_name: 'graph-sessions beat' });
  client.on('error', () => {});
  await client.connect();
  await client.query('set synchronous_commit = off');
  return client;
};
(async () => {
  let client;
  while (!isClosed) {
    const beganMs = monotonicMs();
    if (beganMs - signMs < stallMs) {
      try {
        client ??= await connect();
        const sentMs = monotonicMs();
        const { rows: [row] } = await client.query(text, [processId]);
        parentPort.postMessage(row === undefined ? 'lost'
          : { atMs: sentMs, storeMs: Number(row.now), tookMs: monotonicMs() - sentMs });
        madeMs = beganMs;
      } catch {
        client?.end().catch(() => {});
        client = undefined;
        if (monotonicMs() - madeMs > doubtMs) parentPort.postMessage('lost');
      }
    }
    await sleep(beganMs + beatMs - monotonicMs());
  }
  await client?.end().catch(() => {});
  parentPort.close();
})();
`;

/**
 * Shows that a process lives, from a thread with a connection of its own: a node that blocks the main thread must not
 * make it look dead.
 */
export class BeatThread {
  readonly #worker: Worker;
  readonly #sign: ReturnType<typeof setInterval>;
  readonly #exited: Promise<void>;

  constructor(options: BeatThreadOptions) {
    const { url, schema, processId, beatMs, stallMs, doubtMs, onBeat, onLost, onError } = options;
    const worker = new Worker(CODE, {
      eval: true,
      // Loaders of the main thread are not for it.
      execArgv: [],
      workerData: {
        driver: createRequire(import.meta.url).resolve('pg'),
        url,
        text: `update "${schema}".processes set beat_at = clock_timestamp() where process_id = $1
          returning extract(epoch from beat_at) * 1000 as now`,
        processId,
        beatMs,
        stallMs,
        doubtMs,
        patienceMs: Math.min(5000, Math.max(500, 2 * beatMs)),
      },
    });
    worker.unref();
    worker.on('message', (message: unknown) => {
      if (message === 'lost') onLost();
      else onBeat(message as Beat);
    });
    worker.on('error', onError);
    this.#exited = new Promise((resolve) => worker.once('exit', () => resolve()));
    this.#worker = worker;
    this.#sign = setInterval(() => worker.postMessage('sign'), Math.min(1000, stallMs / 4));
    this.#sign.unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#sign);
    this.#worker.ref();
    this.#worker.postMessage('close');
    // A connection that is cut off would not end by itself.
    const limit = setTimeout(() => void this.#worker.terminate(), CLOSE_MS);
    await this.#exited;
    clearTimeout(limit);
  }
}
