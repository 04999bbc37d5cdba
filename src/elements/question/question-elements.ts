import { SessionQuestion } from './session-question.js';

/** The element of a question, with its form. */
export const elements = { 'sessions-panel-question': SessionQuestion };
