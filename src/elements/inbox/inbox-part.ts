import { LazyPart, type PartModule } from '../parts/lazy-part.js';

/**
 * The inbox, with its questions.
 *
 * @param loadOthers loads what else it needs
 */
export function inboxPart(...loadOthers: readonly (() => Promise<PartModule>)[]): LazyPart {
  return new LazyPart(
    () => import('./inbox-elements.js'),
    () => import('../question/question-elements.js'),
    () => import('../content/output/content-elements.js'),
    ...loadOthers,
  );
}

/** The inbox of sessions whose code is there. */
export const INBOX_PART = inboxPart();
