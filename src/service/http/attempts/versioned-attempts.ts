import type { Cursor } from '../../../protocol/stream/messages.js';
import { hasProtocolHeader } from '../answer.js';
import type { Environment } from '../environment.js';
import type { HttpClient } from '../http-client.js';
import type { AttemptReport, ConnectionMessage } from './reconnect.js';
import { streamAttempt, type StreamAttempts, type StreamReader } from './stream-attempt.js';

type Batches<Message> = AsyncGenerator<readonly (Message | ConnectionMessage)[], AttemptReport, undefined>;

/** Attempts to read a stream of a server that may be older than version 1. */
export interface OlderAttempts<
  Message,
  Reader extends StreamReader<Message> = StreamReader<Message>,
> extends StreamAttempts<Message, Reader> {
  /** The cursor to hand out; undefined: that of version 1. */
  readonly cursor?: Cursor | undefined;
  /** Returns what reads the first attempt, which is open already; `abort` ends it. */
  begin(reader: Reader, abort: AbortController): StreamReader<Message>;
  /** As `StreamAttempts.attempt`. `begun`: what the first attempt brings, whose reader `begin` has returned. */
  attempt(reader: Reader, signal: AbortSignal, begun?: Batches<Message>): Batches<Message>;
}

/**
 * Makes the attempts to read a stream of a server of any version. As long as each response has the header of version 1,
 * its reader alone reads it; the first one without it is read by the mode for older servers, which is loaded then. (The
 * header may also be hidden from a page of another origin: that mode reads every version.)
 */
export class VersionedAttempts<Message, Reader extends StreamReader<Message>> implements StreamAttempts<
  Message,
  Reader
> {
  readonly #http: HttpClient;
  readonly #environment: Environment;
  readonly #load: () => Promise<OlderAttempts<Message, Reader>>;
  #older: OlderAttempts<Message, Reader> | undefined;

  /** @param load loads the mode for older servers */
  constructor(
    http: HttpClient,
    environment: Environment,
    load: () => Promise<OlderAttempts<Message, Reader>>,
  ) {
    this.#http = http;
    this.#environment = environment;
    this.#load = load;
  }

  /** The cursor to hand out; undefined: that of version 1. */
  get cursor(): Cursor | undefined {
    return this.#older?.cursor;
  }

  async *attempt(versionOne: Reader, signal: AbortSignal): Batches<Message> {
    const known = this.#older;
    if (known !== undefined) return yield* known.attempt(versionOne, signal);
    const abort = new AbortController();
    const batches = streamAttempt(
      this.#http,
      this.#environment,
      versionOne,
      AbortSignal.any([signal, abort.signal]),
      async (response) => {
        if (hasProtocolHeader(response)) return versionOne;
        this.#older = await this.#load();
        return this.#older.begin(versionOne, abort);
      },
    );
    // The stream is open when it has brought something, or has ended.
    const opened = resumed(await batches.next(), batches);
    return yield* this.#older?.attempt(versionOne, signal, opened) ?? opened;
  }
}

/** Goes through a generator whose first result was read already. */
async function* resumed<Batch, Report>(
  first: IteratorResult<Batch, Report>,
  rest: AsyncGenerator<Batch, Report, undefined>,
): AsyncGenerator<Batch, Report, undefined> {
  try {
    if (first.done === true) return first.value;
    yield first.value;
    return yield* rest;
  } finally {
    // Where the loop is left at the first result, or before it.
    await rest.return(undefined as never);
  }
}
