import { HttpGraphRunService } from '../../src/service/http/http-graph-run-service.js';
import { FakeEnvironment } from './fake-environment.js';
import type { CutKind } from './fault-proxy.js';
import type { Recording } from './recorded-session.js';
import { watch, type Watch } from './watch.js';

/** The cut of one connection, and the pieces in which its body arrives. */
export interface RecordedCut {
  /** Bytes of the body that arrive. More than its length: no cut. */
  readonly bytes: number;
  readonly kind: CutKind;
  /** Bytes of each piece; default: one piece. */
  readonly sliceBytes?: number;
}

const HEADERS = { 'Content-Type': 'text/event-stream; charset=utf-8', 'Graph-Session-Protocol': '1' };

/** The result of a client's run. */
export interface CutRun extends Watch {
  readonly environment: FakeEnvironment;
  /** The cursor of each connection. */
  readonly cursors: readonly number[];
}

/**
 * Connects a client to recorded answers of a server: the first connection has the first cut, and so on; connections
 * after the last cut are complete. There are no sockets and no real time: a wait ends as soon as it begins, and a dead
 * connection is noticed when all the arrived bytes have been read.
 */
export function runThroughCuts(recording: Recording, cuts: readonly RecordedCut[]): CutRun {
  const environment = new FakeEnvironment();
  const cursors: number[] = [];
  const pass = (ms: number) => {
    setImmediate(() => void environment.advance(ms));
  };
  const service = new HttpGraphRunService({
    baseUrl: 'http://recorded',
    environment,
    fetch: async (input, init) => {
      const { pathname, searchParams } = new URL(String(input));
      if (pathname.includes('/events')) throw new TypeError('There are no recorded pages.');
      const after = Number(searchParams.get('after'));
      const cut = cuts[cursors.length];
      cursors.push(after);
      const bytes = recording.get(after);
      if (bytes === undefined) throw new TypeError(`There is no recording after ${after}.`);
      if (cut === undefined || cut.bytes > bytes.length)
        return new Response(bodyOf(bytes), { headers: HEADERS });
      const body = bodyOf(bytes.subarray(0, cut.bytes), cut, init?.signal ?? undefined, () => pass(60_000));
      return new Response(body, { headers: HEADERS });
    },
  });
  const watched = watch(service.connectSession(sessionIdOf(recording)), (message) => {
    if (message.kind !== 'connection' || message.connection.phase !== 'backoff') return;
    pass((message.connection.retryAtMs ?? 0) - environment.wallNow());
  });
  return Object.assign(watched, { environment, cursors });
}

/** Returns the id in the first frame. */
function sessionIdOf(recording: Recording): string {
  const text = new TextDecoder().decode(recording.get(-1));
  const [, sessionId] = /"sessionId":"([^"]+)"/.exec(text) ?? [];
  if (sessionId === undefined) throw new TypeError('The recording names no session.');
  return sessionId;
}

function bodyOf(
  bytes: Uint8Array,
  { kind, sliceBytes }: Pick<RecordedCut, 'kind' | 'sliceBytes'> = { kind: 'clean' },
  signal?: AbortSignal,
  onHang: () => void = () => undefined,
): ReadableStream<Uint8Array> {
  const step = Math.max(1, sliceBytes ?? bytes.length);
  let at = 0;
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (at < bytes.length) {
          controller.enqueue(bytes.subarray(at, at + step));
          at += step;
          return;
        }
        if (kind === 'clean') controller.close();
        else if (kind === 'reset') controller.error(new TypeError('terminated'));
        else {
          signal?.addEventListener('abort', () => controller.error(signal.reason));
          onHang();
        }
      },
    },
    { highWaterMark: 0 },
  );
}
