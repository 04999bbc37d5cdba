import type { NodeRun, RunController } from '../../controller/run/run-controller.js';
import { contentsText, outputContents } from '../../protocol/content.js';
import { answerText, type AnswerWords } from '../../protocol/questions/interaction-text.js';
import { plainName } from '../../protocol/values/plain-name.js';
import { plainLine } from '../strings/plain-line.js';

/** Lines of the context. */
const MAX_LINES = 6;

/** The last lines of the output of a node. */
export interface ContextPart {
  readonly title: string;
  readonly lines: readonly string[];
}

/** The last six lines of output of the nodes before a question, oldest first. */
export function contextOf(
  { nodes, outline }: Pick<RunController, 'nodes' | 'outline'>,
  nodeId: string,
  words: AnswerWords,
): readonly ContextPart[] {
  const before = outline === undefined ? undefined : ancestorsOf(nodeId, outline.edges);
  const ended = [...nodes.values()]
    .filter((node) => node.nodeId !== nodeId && node.status === 'completed')
    .filter((node) => before === undefined || before.has(node.nodeId))
    .sort((a, b) => (b.endedTs ?? 0) - (a.endedTs ?? 0));
  const parts: ContextPart[] = [];
  let left = MAX_LINES;
  for (const node of ended) {
    if (left === 0) break;
    const lines = linesOf(node, words).slice(-left);
    left -= lines.length;
    if (lines.length > 0) parts.unshift({ title: plainName(node.title) || node.nodeId, lines });
  }
  return parts;
}

/** The lines of a node's output; of an answer that it repeats, without secrets. */
function linesOf({ outputs, entries }: NodeRun, words: AnswerWords): readonly string[] {
  const answers = entries.flatMap((entry) =>
    entry.kind === 'answer' ? answerText(entry.question, entry.response, words) : [],
  );
  const text = answers.length > 0 ? answers.join('\n') : contentsText(outputContents(outputs));
  return text
    .split('\n')
    .map(plainLine)
    .filter((line) => line !== '');
}

/** Ids of all nodes from which edges lead to a node, over any number of nodes. */
function ancestorsOf(
  nodeId: string,
  edges: readonly { readonly from: string; readonly to: string }[],
): ReadonlySet<string> {
  const found = new Set([nodeId]);
  for (const id of found) for (const { from, to } of edges) if (to === id) found.add(from);
  return found;
}
