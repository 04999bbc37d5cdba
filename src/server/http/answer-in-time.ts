import { unavailable } from '../sessions/session-errors.js';

/** How often a request that takes long looks whether the store still answers. */
const CHECK_MS = 500;

/**
 * Resolves as `response` does. When the store stops answering in the middle of a write, its outcome is unknown until it
 * answers again; the request does not wait for that, but what it asked for is continued.
 *
 * @throws GraphRunError `unavailable` as soon as `isStuck` is true.
 */
export async function answerInTime(response: Promise<Response>, isStuck: () => boolean): Promise<Response> {
  let timer: ReturnType<typeof setInterval> | undefined;
  const stuck = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      if (!isStuck()) return;
      reject(unavailable('The database does not answer; it is not known yet whether this was stored.', 5000));
    }, CHECK_MS);
  });
  try {
    return await Promise.race([response, stuck]);
  } finally {
    clearInterval(timer);
  }
}
