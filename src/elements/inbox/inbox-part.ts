import { LazyPart } from '../parts/lazy-part.js';

/** The inbox, with its questions. */
export const INBOX_PART = new LazyPart(
  async () => {
    const { SessionsInbox } = await import('./sessions-inbox.js');
    return { elements: { 'sessions-panel-inbox': SessionsInbox } };
  },
  () => import('../question/question-elements.js'),
  () => import('../content/output/content-elements.js'),
);
