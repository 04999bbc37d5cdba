import type { StreamControl } from './open-streams.js';

const encoder = new TextEncoder();

/** Callbacks of a stream. */
export interface StreamHooks {
  /** Called once, however the stream ends, even when its body was never read. */
  readonly onClose: () => void;
  /** Called with an error of the frames; the body fails with it. */
  readonly onError: (error: unknown) => void;
}

/**
 * Makes a response that is read frame by frame: a frame is produced only on demand. Cancelling the body, or
 * aborting `signal`, ends the frames.
 */
export function sseResponse(
  frames: AsyncGenerator<string, void, undefined>,
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
  /** Ends the frames: the reader has gone. */
  const leave = (): void => {
    control.abandon();
    // A frame in progress is finished first; if it throws, `pull` reports the error.
    frames.return().then(close, (error: unknown) => {
      close();
      onError(error);
    });
  };
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        let next: IteratorResult<string, void>;
        try {
          next = await frames.next();
        } catch (error) {
          close();
          onError(error);
          controller.error(error);
          return;
        }
        // A reader that left while the frame was produced does not get it.
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
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store, no-transform',
      'X-Accel-Buffering': 'no',
      'X-Content-Type-Options': 'nosniff',
    },
  });
}
