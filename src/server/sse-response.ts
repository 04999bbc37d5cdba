import type { StreamControl } from './open-streams.js';

const encoder = new TextEncoder();

/** What must be told about a stream. */
export interface StreamHooks {
  /** Called once, however the stream ends. */
  readonly onClose: () => void;
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
  const abandon = (): void => control.abandon();
  const close = (): void => {
    signal.removeEventListener('abort', abandon);
    onClose();
  };
  signal.addEventListener('abort', abandon);
  if (signal.aborted) abandon();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await frames.next();
          if (done !== true) {
            controller.enqueue(encoder.encode(value));
            return;
          }
        } catch (error) {
          close();
          onError(error);
          controller.error(error);
          return;
        }
        close();
        controller.close();
      },
      async cancel() {
        abandon();
        await frames.return();
        close();
      },
    },
    { highWaterMark: 0 },
  );
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
