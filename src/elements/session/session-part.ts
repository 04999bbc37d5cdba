import { LazyPart } from '../parts/lazy-part.js';

/** An opened session, with its questions and its output. */
export const SESSION_PART = new LazyPart(
  () => import('./session-elements.js'),
  () => import('../question/question-elements.js'),
  () => import('../content/output/content-elements.js'),
);
