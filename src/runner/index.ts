export { createGraphRunner, type GraphRunnerOptions } from './create-graph-runner.js';
export { MAX_EVENT_BYTES, SessionEndedError, type GraphRunner, type RunnerSession } from './graph-runner.js';
export { AG_UI_NODE_TYPE, createAgUiRunner, type AgUiRunnerOptions } from './ag-ui/create-ag-ui-runner.js';
export type { AgUiAgent } from './ag-ui/agent-stream.js';
export type { NodeContext, NodeEmission, NodeHandler } from './node-handler.js';
export { InProcessScheduler, type ScheduledTask, type TaskScheduler } from './task-scheduler.js';
export { exampleHandlers } from './examples/example-handlers.js';
export {
  consentGraph,
  exampleGraphs,
  failingBranchGraph,
  floodGraph,
  haikuGraph,
  lateFailureGraph,
  longRunGraph,
  multipleChoiceGraph,
  nestedFormGraph,
  twoQuestionsGraph,
} from './examples/example-graphs.js';
