import type { StreamControl } from './open-streams.js';

const encoder = new TextEncoder();

/** Callbacks of a stream. */
export interface StreamHooks {
  /** Called once, however the stream ends, even when its body was never read. */
  readonly onClose: () => void;
  /** Called with an error of the pieces; the body fails with it. */
  readonly onError: (error: unknown) => void;
}

/**
 * Makes a response whose body is read piece by piece (a frame, some lines): a piece is produced only on demand.
 * Cancelling the body, or aborting `signal`, ends the pieces.
 */
export function streamResponse(
  pieces: AsyncGenerator<string, void, undefined>,
  headers: Readonly<Record<string, string>>,
  control: StreamControl,
  signal: AbortSignal,
  { onClose, onError }: StreamHooks,
): Response {
  let isClosed = false;
  let isCancelled = false;
  const close = (): void => {
    if (isClosed) return;
    isClosed = true;
    signal.removeEventListener('abort', leave);
    onClose();
  };
  /** Ends the pieces: the reader has gone. */
  const leave = (): void => {
    control.abandon();
    // A piece in progress is finished first; if it throws, `pull` reports the error.
    pieces.return().then(close, (error: unknown) => {
      close();
      onError(error);
    });
  };
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        let next: IteratorResult<string, void>;
        try {
          next = await pieces.next();
        } catch (error) {
          close();
          onError(error);
          controller.error(error);
          return;
        }
        // A reader that left while the piece was produced does not get it.
        if (isCancelled) return;
        if (next.done !== true) {
          controller.enqueue(encoder.encode(next.value));
          return;
        }
        close();
        controller.close();
      },
      cancel() {
        isCancelled = true;
        leave();
      },
    },
    { highWaterMark: 0 },
  );
  signal.addEventListener('abort', leave);
  if (signal.aborted) leave();
  return new Response(body, {
    status: 200,
    headers: {
      'Cache-Control': 'no-store, no-transform',
      'X-Accel-Buffering': 'no',
      'X-Content-Type-Options': 'nosniff',
      ...headers,
    },
  });
}
