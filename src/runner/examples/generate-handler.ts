import { contentJson, textContent } from '../../protocol/content.js';
import type { JsonObject } from '../../protocol/values/json.js';
import type { NodeContext, NodeHandler } from '../node-handler.js';
import { sleep } from './sleep.js';
import { composeText, subjectOf } from './compose-text.js';
import { isSet, numberSetting, settingsCheck, textSetting } from './configuration.js';
import { allInputs, contextOutputs, fillTemplate, readableText } from './contents.js';

/**
 * `generate`: simulates a language model. Emits `thoughts` thoughts, one per `delayMs`, then streams a text
 * made from `prompt` and its inputs, which is its output. With `search` it emits a function call, too.
 */
export const generateHandler: NodeHandler = {
  isIdempotent: true,
  check: settingsCheck({ prompt: 'text', thoughts: 'count', delayMs: 'count', search: 'switch' }),
  async run(context) {
    const { node, emit, signal } = context;
    const delayMs = numberSetting(node, 'delayMs', 300);
    const material = readableText(allInputs(context));
    const prompt = fillTemplate(textSetting(node, 'prompt') ?? material, context);
    const { topic } = subjectOf(prompt, material);
    const thoughts = Math.floor(numberSetting(node, 'thoughts', 3));
    for (let index = 0; index < thoughts; index += 1) {
      await sleep(delayMs, signal);
      await emit({ type: 'thoughtEvent', text: thought(index, topic) });
    }
    if (isSet(node, 'search')) await search(context, topic, delayMs);
    const text = composeText(prompt, material);
    for (const piece of streamPieces(text)) {
      await sleep(Math.min(delayMs / 4, 80), signal);
      await emit({
        type: 'agentEvent',
        event: { content: { content: contentJson(textContent(piece, 'model')) } },
      });
    }
    await emit({ type: 'agentEvent', event: { usage: usageOf(prompt, material, text, thoughts) } });
    return contextOutputs([textContent(text, 'model')]);
  },
};

/** What a model would have used: about a token for four characters. */
function usageOf(prompt: string, material: string, text: string, thoughts: number): JsonObject {
  const tokens = (chars: number) => Math.ceil(chars / 4);
  const inputTokens = 900 + tokens(prompt.length + material.length);
  const reasoningTokens = 180 * thoughts;
  const outputTokens = tokens(text.length) + reasoningTokens;
  const costUsd = (inputTokens * 2 + outputTokens * 10) / 1_000_000;
  return { model: 'example-1', inputTokens, outputTokens, reasoningTokens, costUsd };
}

const THOUGHTS: readonly (readonly [title: string, body: string])[] = [
  ['Reading the request', 'This is about “%”. First, what is really being asked for?'],
  ['Choosing an angle', 'One clear image of “%” says more than a list of facts.'],
  ['Gathering words', 'Collecting words that belong to “%”, then leaving half of them out.'],
  ['Trying a first version', 'Writing it down once without stopping.'],
  ['Reading it aloud', 'Does the rhythm hold? One word too many in the middle.'],
  ['Polishing', 'Small changes only. It should still sound like “%”.'],
];

function thought(index: number, topic: string): string {
  const [title, body] = THOUGHTS[index % THOUGHTS.length] ?? ['Thinking', ''];
  return `**${title}**\n\n${body.replaceAll('%', () => topic)}`;
}

async function search({ node, emit, signal }: NodeContext, topic: string, delayMs: number): Promise<void> {
  const callId = `${node.id}-search`;
  const name = 'search_web';
  const title = 'Searching the Web';
  await emit({
    type: 'agentEvent',
    event: { functionCall: { callId, name, args: { query: topic }, icon: 'search', title } },
  });
  await sleep(delayMs, signal);
  const response = { results: [{ title: `Notes on ${topic}`, url: 'https://example.org/notes' }] };
  await emit({
    type: 'agentEvent',
    event: { functionResult: { callId, content: { parts: [{ functionResponse: { name, response } }] } } },
  });
}

/** Splits a text into lines or sentences, as a model streams it; joined they are the text. */
export function streamPieces(text: string): readonly string[] {
  return text.match(/[^\n.!?]*[\n.!?]+\s*|[^\n.!?]+$/g) ?? [];
}
