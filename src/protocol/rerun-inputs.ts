import type { LLMContent } from './content.js';

/** Inputs of a rerun by node id; null removes the one of the plan, so that the question is asked again. */
export type RerunInputs = Readonly<Record<string, LLMContent | null>>;

/** Returns the inputs of a plan as a rerun changes them. */
export function rerunInputs(
  planned: Readonly<Record<string, LLMContent>>,
  changes: RerunInputs = {},
): Readonly<Record<string, LLMContent>> {
  const inputs = new Map<string, LLMContent>(Object.entries(planned));
  for (const [nodeId, input] of Object.entries(changes)) {
    if (input === null) inputs.delete(nodeId);
    else inputs.set(nodeId, input);
  }
  return Object.fromEntries(inputs);
}
