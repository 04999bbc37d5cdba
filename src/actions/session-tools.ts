/** What the actions need as soon as a session is opened: one module, so that a page can load it then. */
export { questionText } from '../protocol/questions/interaction-text.js';
export { toResponse } from '../protocol/questions/interactions.js';
export { answerInteraction } from './answer-question.js';
export { Inbox } from './inbox/inbox.js';
export { readLog } from './reading/read-log.js';
export { readQuestions } from './reading/read-questions.js';
export { watchSession } from './reading/watch-session.js';
