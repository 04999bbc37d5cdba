import { contentJson, isLLMContent, textContent, toContents } from '../../protocol/content.js';
import type { GraphNode } from '../../protocol/graph.js';
import { NONE_OF_THE_ABOVE } from '../../protocol/questions/interactions.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../protocol/values/json.js';
import type { NodeContext, NodeHandler } from '../node-handler.js';
import { sleep } from './sleep.js';
import { numberSetting, objectSetting, setting, settingsCheck, textSetting } from './configuration.js';
import { contextOutputs, fillTemplate } from './contents.js';
import { isNothing } from './input-handler.js';

const THOUGHT_EVERY_MS = 500;

/** `ask-text`: asks for text or files, then works on the answer for `workMs`. Its output is the answer. */
export const askTextHandler: NodeHandler = {
  isIdempotent: true,
  check: settingsCheck(
    {
      prompt: 'text',
      inputType: ['asterisk', 'edit_note', 'upload'],
      skipLabel: 'text',
      workMs: 'count',
    },
    ['prompt'],
  ),
  async run(context) {
    const { node, signal } = context;
    const { input } = await context.ask({
      waitForInput: {
        ...promptOf(context),
        inputType: textSetting(node, 'inputType') ?? 'asterisk',
        ...optionalText(node, 'skipLabel'),
      },
    });
    let leftMs = numberSetting(node, 'workMs', 0);
    for (; leftMs >= THOUGHT_EVERY_MS; leftMs -= THOUGHT_EVERY_MS) {
      await sleep(THOUGHT_EVERY_MS, signal);
      await context.emit({
        type: 'thoughtEvent',
        text: '**Reading the answer**\n\nWorking with what was said.',
      });
    }
    await sleep(leftMs, signal);
    const contents = isLLMContent(input) ? [input] : toContents(input);
    return contextOutputs(contents.filter((content) => !isNothing(content)));
  },
};

/** `ask-choice`: asks to choose. Its output is the chosen labels, joined by commas. */
export const askChoiceHandler: NodeHandler = {
  isIdempotent: true,
  check(node) {
    if (choicesOf(node).length === 0) return 'its configuration needs “choices”';
    return checkChoiceSettings(node);
  },
  async run(context) {
    const { node } = context;
    const choices = choicesOf(node);
    const response = await context.ask({
      waitForChoice: {
        ...promptOf(context),
        choices: choices.map(({ id, label }) => ({ id, content: contentJson(textContent(label)) })),
        selectionMode: textSetting(node, 'selectionMode') ?? 'single',
        layout: textSetting(node, 'layout') ?? 'list',
        ...optionalText(node, 'noneOfTheAboveLabel'),
      },
    });
    const { selected } = response;
    const ids: JsonValue = (isJsonObject(selected) ? selected['ids'] : undefined) ?? [];
    const labels = (Array.isArray(ids) ? ids : []).map((id: JsonValue) => labelOf(node, choices, id));
    return contextOutputs(labels.length === 0 ? [] : [textContent(labels.join(', '))]);
  },
};

/** `ask-consent`: asks to allow something. Its output is the text “granted” or “denied”. */
export const askConsentHandler: NodeHandler = {
  isIdempotent: true,
  check: settingsCheck({ consentType: 'text', scope: 'object' }),
  async run({ node, ask }) {
    const response = await ask({
      queryConsent: {
        consentType: textSetting(node, 'consentType') ?? 'GET_ANY_WEBPAGE',
        scope: objectSetting(node, 'scope') ?? {},
        graphUrl: '',
      },
    });
    return contextOutputs([textContent(response['consent'] === true ? 'granted' : 'denied')]);
  },
};

const checkChoiceSettings = settingsCheck({
  prompt: 'text',
  selectionMode: ['single', 'multiple'],
  layout: ['list', 'row', 'grid'],
  noneOfTheAboveLabel: 'text',
});

interface ConfiguredChoice {
  readonly id: string;
  readonly label: string;
}

function choicesOf(node: GraphNode): readonly ConfiguredChoice[] {
  const choices = setting(node, 'choices');
  if (!Array.isArray(choices)) return [];
  return choices.flatMap((choice: JsonValue): readonly ConfiguredChoice[] => {
    if (typeof choice === 'string') return [{ id: choice, label: choice }];
    if (!isJsonObject(choice) || typeof choice['id'] !== 'string') return [];
    const { id, label } = choice;
    return [{ id, label: typeof label === 'string' ? label : id }];
  });
}

function labelOf(node: GraphNode, choices: readonly ConfiguredChoice[], id: JsonValue): string {
  if (id === NONE_OF_THE_ABOVE) return textSetting(node, 'noneOfTheAboveLabel') ?? 'none of these';
  return choices.find((choice) => choice.id === id)?.label ?? String(id);
}

function promptOf(context: NodeContext): JsonObject {
  const prompt = textSetting(context.node, 'prompt') ?? '';
  return { prompt: contentJson(textContent(fillTemplate(prompt, context))) };
}

function optionalText(node: GraphNode, key: string): JsonObject {
  const text = textSetting(node, key);
  return text === undefined ? {} : { [key]: text };
}
