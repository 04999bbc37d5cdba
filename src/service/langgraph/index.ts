/** LangGraph’s server behind the panel. Imported by nothing else of this package. */
export { LangGraphRunService, type LangGraphRunServiceOptions } from './langgraph-run-service.js';
export { type LangGraphQuestions, USUAL_QUESTIONS } from './langgraph-questions.js';
export { sessionIdOf } from './turns/turns.js';
export type { RequestHeaders } from '../request-headers.js';
