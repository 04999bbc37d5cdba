/** Mastra’s workflows behind the panel. Imported by nothing else of this package. */
export { MastraRunService, type MastraRunServiceOptions } from './mastra-run-service.js';
export { sessionIdOf, type RunIds } from './mastra-client.js';
export type { RequestHeaders } from '../request-headers.js';
