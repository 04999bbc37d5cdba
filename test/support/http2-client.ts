import { connect, type ClientHttp2Session, type OutgoingHttpHeaders } from 'node:http2';
import { once } from 'node:events';
import type { TestContext } from 'node:test';

/** A response over HTTP/2 that was read to its end. */
export interface Http2Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** Code of the frame that ended the stream; 0 is `NO_ERROR`. */
  readonly endCode: number;
}

/** A client of HTTP/2 with one connection, which is closed after the test. */
export class Http2Client {
  readonly #session: ClientHttp2Session;

  private constructor(session: ClientHttp2Session) {
    this.#session = session;
  }

  static async connect(t: TestContext, url: string): Promise<Http2Client> {
    const session = connect(url, { rejectUnauthorized: false });
    t.after(() => session.destroy());
    await once(session, 'connect');
    return new Http2Client(session);
  }

  /** Opens a request, for a test that reads or writes it itself. */
  open(headers: OutgoingHttpHeaders, { isEnd = true } = {}) {
    const stream = this.#session.request(headers, { endStream: isEnd });
    return stream.setEncoding('utf8');
  }

  /** Sends a request with its body; resolves when the response has ended. */
  async send(headers: OutgoingHttpHeaders, body?: string): Promise<Http2Answer> {
    const stream = this.open(headers, { isEnd: body === undefined });
    if (body !== undefined) stream.end(body);
    return readAnswer(stream);
  }
}

/** Reads a response to its end, also one that is broken off. */
export async function readAnswer(stream: ReturnType<Http2Client['open']>): Promise<Http2Answer> {
  let headers: Record<string, unknown> = {};
  let text = '';
  stream.on('response', (received) => (headers = { ...received }));
  stream.on('data', (piece: string) => (text += piece));
  // Its code says the same.
  stream.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    stream.once('close', resolve);
  });
  return { status: Number(headers[':status'] ?? 0), headers, text, endCode: stream.rstCode };
}
