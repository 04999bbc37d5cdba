/**
 * The conformance kit: cases for any implementation, with any test runner, in Node or in a browser. A case is
 * a sentence and a function that throws when the sentence is not true.
 */
export { ConformanceError } from './expect.js';
export { SCENARIO_GRAPHS, type Scenario } from './scenarios.js';
export { SERVER_CASES, type ServerCase } from './server-cases.js';
export { SERVICE_CASES, type ServiceCase, type ServiceUnderTest } from './service-cases.js';
export { type ServerUnderTest } from './wire.js';
