import { GraphRunError } from '../../protocol/problems.js';

/**
 * Checks that the client takes a stream of events.
 *
 * @throws GraphRunError `not-acceptable`.
 */
export function checkAccept(accept: string | null): void {
  if (accept === null || accept.trim() === '') return;
  const quality = new Map<string, number>();
  for (const range of accept.split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    quality.set(type, q === undefined ? 1 : Number(q.slice(2)));
  }
  const best = quality.get('text/event-stream') ?? quality.get('text/*') ?? quality.get('*/*') ?? 0;
  if (best > 0) return;
  throw new GraphRunError('not-acceptable', 'This is a stream of type text/event-stream.', { status: 406 });
}
