import type { StreamControl } from './open-streams.js';

const encoder = new TextEncoder();

/** What must be told about a stream. */
export interface StreamHooks {
  /** Called once, however the stream ends, also when its body was never read. */
  readonly onClose: () => void;
  /** Told of what the frames throw; the body fails with it. */
  readonly onError: (error: unknown) => void;
}

/**
 * A response that is read frame by frame: nothing is produced before somebody asks for it. Cancelling
 * its body, or aborting `signal`, ends the frames.
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
  /** Nobody reads any more. */
  const leave = (): void => {
    control.abandon();
    // A frame that is being made comes first; what it throws is told to whoever asked for it.
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
        // Who has gone while it was made takes nothing any more.
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
