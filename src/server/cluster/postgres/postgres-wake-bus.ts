import { Socket } from 'node:net';
import pg from 'pg';
import { retryDelayMs } from '../../scheduling/retry-delay.js';
import { Wakeup } from '../../scheduling/wakeup.js';
import { decodeHints, encodeNonce, HintBatch } from '../hint-batch.js';
import type { WakeBus, WakeHint } from '../wake-bus.js';

/** How long a connection attempt, and a statement, may take. */
const PATIENCE_MS = 5000;
/** How long a connection may take to end. */
const CLOSE_MS = 1000;
/** Delays between two attempts to connect. */
const DELAYS = { minMs: 100, maxMs: 5000 } as const;

/** Options of `PostgresWakeBus`. */
export interface PostgresWakeBusOptions {
  /** A URL that leads to the database itself: behind a pooler in transaction mode nothing is received. */
  readonly url: string;
  /**
   * Sends a payload over another connection, to check that this one receives what is sent while it is idle: a pooler in
   * transaction mode also delivers what the connection itself has just sent. Default: its own connection.
   */
  readonly notify?: (payload: string) => Promise<unknown>;
  /** The name of the channel; the processes of one schema share it. */
  readonly channel: string;
  /** Called once, with a sentence, when the connection receives nothing although it works. */
  readonly onNotice: (text: string) => void;
  /** How long hints are gathered, in milliseconds. Default 5. */
  readonly gatherMs?: number;
  /** How often it checks that it still receives, in milliseconds. Default 10 s. */
  readonly nonceMs?: number;
  /** How long what it sends to itself may take, in milliseconds. Default 5 s. */
  readonly echoMs?: number;
}

/** One connection that listens; a broken one is replaced by another. */
interface Listener {
  readonly client: pg.Client;
  readonly socket: Socket;
}

/**
 * Hints over `NOTIFY`, outside of any transaction that writes: commits that notify wait for each other. It has one
 * connection of its own, and checks that it receives by sending itself a nonce; when that does not arrive, or the
 * connection breaks, it connects again and reports a gap.
 */
export class PostgresWakeBus implements WakeBus {
  readonly #options: PostgresWakeBusOptions;
  readonly #sender: string = crypto.randomUUID();
  readonly #batch = new HintBatch();
  readonly #wakeup = new Wakeup();
  #onHint: (hint: WakeHint) => void = () => undefined;
  #onGap: () => void = () => undefined;
  #listener: Listener | undefined;
  #gathering: ReturnType<typeof setTimeout> | undefined;
  #sending: Promise<void> | undefined;
  #checks: ReturnType<typeof setInterval> | undefined;
  #echo: ReturnType<typeof setTimeout> | undefined;
  #connecting: Promise<void> | undefined;
  #isDeaf = true;
  #isClosed = false;
  /** True once anything was received, so that the connection can receive. */
  #hasHeard = false;

  constructor(options: PostgresWakeBusOptions) {
    this.#options = options;
  }

  get isDeaf(): boolean {
    return this.#isDeaf;
  }

  async open(onHint: (hint: WakeHint) => void, onGap: () => void): Promise<void> {
    this.#onHint = onHint;
    this.#onGap = onGap;
    await this.#connect();
    this.#checks = setInterval(() => this.#check(), this.#options.nonceMs ?? 10_000);
    this.#checks.unref();
  }

  publish(hint: WakeHint): void {
    if (this.#isClosed) return;
    this.#batch.add(hint);
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      this.#send();
    }, this.#options.gatherMs ?? 5).unref();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#checks);
    clearTimeout(this.#gathering);
    clearTimeout(this.#echo);
    this.#wakeup.wake();
    await this.#connecting;
    this.#send();
    await this.#sending;
    const listener = this.#listener;
    this.#listener = undefined;
    if (listener === undefined) return;
    // A connection that is cut off would not end by itself.
    const limit = setTimeout(() => listener.socket.destroy(), CLOSE_MS);
    await listener.client.end().catch(() => undefined);
    clearTimeout(limit);
    listener.socket.destroy();
  }

  /** Sends what was gathered, unless that before is still on its way; then it is sent after that. */
  #send(): void {
    if (this.#sending !== undefined || this.#batch.isEmpty || this.#listener === undefined) return;
    const { client } = this.#listener;
    this.#sending = this.#notify(client, this.#batch.take(this.#sender)).finally(() => {
      this.#sending = undefined;
      this.#send();
    });
  }

  /** Hints that cannot be sent are lost: every process also looks from time to time. */
  async #notify(client: pg.Client, payloads: readonly string[]): Promise<void> {
    const text = 'select pg_notify($1, payload) from unnest($2::text[]) as payload';
    // A connection that is broken reports that itself.
    await client.query(text, [this.#options.channel, payloads]).catch(() => undefined);
  }

  async #connect(): Promise<void> {
    const socket = new Socket();
    const client = new pg.Client({
      connectionString: this.#options.url,
      connectionTimeoutMillis: PATIENCE_MS,
      query_timeout: PATIENCE_MS,
      keepAlive: true,
      application_name: 'graph-sessions hints',
      stream: () => socket,
    });
    const lost = (): void => {
      if (this.#listener?.client === client) this.#reconnect();
    };
    client.on('error', lost);
    client.on('end', lost);
    client.on('notification', ({ payload = '' }) => this.#receive(payload));
    try {
      await client.connect();
      await client.query(`set synchronous_commit = off`);
      await client.query(`listen ${client.escapeIdentifier(this.#options.channel)}`);
    } catch (error) {
      socket.destroy();
      throw error;
    }
    this.#listener = { client, socket };
    this.#check();
    this.#send();
  }

  #receive(payload: string): void {
    const received = decodeHints(payload);
    if (received === undefined) return;
    if (received.sender !== this.#sender) for (const hint of received.hints) this.#onHint(hint);
    else if (received.nonce !== undefined) this.#heard();
  }

  /** Sends a nonce to this connection. */
  #check(): void {
    const listener = this.#listener;
    if (listener === undefined) return;
    const { notify = (payload) => this.#notify(listener.client, [payload]) } = this.#options;
    // What cannot be sent does not arrive.
    notify(encodeNonce(this.#sender, crypto.randomUUID())).catch(() => undefined);
    this.#echo ??= setTimeout(() => this.#heardNothing(), this.#options.echoMs ?? PATIENCE_MS).unref();
  }

  #heard(): void {
    clearTimeout(this.#echo);
    this.#echo = undefined;
    this.#hasHeard = true;
    if (!this.#isDeaf) return;
    this.#isDeaf = false;
    this.#onGap();
  }

  #heardNothing(): void {
    this.#echo = undefined;
    this.#isDeaf = true;
    if (!this.#hasHeard) {
      // Said once.
      this.#hasHeard = true;
      this.#options.onNotice(
        'The database does not deliver notifications to this process, perhaps because of a pooler in transaction mode: ' +
          'changes by other processes are seen later. Name a URL that leads to the database itself (--listen, or `listen` in code).',
      );
    }
    this.#reconnect();
  }

  #reconnect(): void {
    const listener = this.#listener;
    this.#listener = undefined;
    this.#isDeaf = true;
    clearTimeout(this.#echo);
    this.#echo = undefined;
    listener?.socket.destroy();
    if (this.#isClosed) return;
    this.#connecting ??= this.#connectPatiently().finally(() => {
      this.#connecting = undefined;
    });
  }

  async #connectPatiently(): Promise<void> {
    for (let failures = 1; !this.#isClosed; failures += 1) {
      await this.#wakeup.sleep(retryDelayMs(failures, DELAYS));
      if (this.#isClosed) return;
      try {
        await this.#connect();
        return;
      } catch {
        // The store reports an outage; this connection is only tried again.
      }
    }
  }
}
