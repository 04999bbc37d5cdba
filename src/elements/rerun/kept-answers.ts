import type { RunController } from '../../controller/run/run-controller.js';
import { inputOfAnswer } from '../../protocol/questions/answer-input.js';
import type { LLMContent } from '../../protocol/content.js';
import type { Interaction } from '../../protocol/questions/interactions.js';

/** An answer that another run of the session can use again. */
export interface KeptAnswer {
  readonly nodeId: string;
  /** Title of the node that asked. */
  readonly title: string;
  readonly interaction: Interaction;
  readonly input: LLMContent;
}

/** Answers of a run, and the titles of the nodes that another run asks again. */
export interface KeptAnswers {
  readonly answers: readonly KeptAnswer[];
  readonly asked: readonly string[];
}

/** Collects the first answer of each node, in the order of the answers. Secrets and what an input cannot express are left out. */
export function keptAnswers(run: RunController): KeptAnswers {
  const answers: KeptAnswer[] = [];
  const asked: string[] = [];
  const seen = new Set<string>();
  for (const { nodeId, interaction, response } of run.resolvedInteractions.values()) {
    const title = run.getNode(nodeId)?.title ?? nodeId;
    const input =
      seen.has(nodeId) || interaction === undefined || response === undefined
        ? undefined
        : inputOfAnswer(interaction, response);
    seen.add(nodeId);
    if (input === undefined || interaction === undefined) asked.push(title);
    else answers.push({ nodeId, title, interaction, input });
  }
  return { answers, asked: [...new Set(asked)] };
}
