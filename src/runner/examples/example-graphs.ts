import type { Graph, GraphEdge, GraphNode } from '../../protocol/graph.js';
import type { JsonObject } from '../../protocol/values/json.js';

function step(id: string, type: string, title: string, configuration: JsonObject = {}): GraphNode {
  return { id, type, metadata: { title }, configuration };
}

/** Connects nodes in a line. */
function line(...ids: readonly string[]): readonly GraphEdge[] {
  return ids.slice(1).map((to, index) => ({ from: ids[index] ?? to, to }));
}

/** Asks for a topic, a number and a mood, writes haiku, draws a picture and makes a page of both. */
export const haikuGraph: Graph = {
  title: 'Haiku',
  nodes: [
    step('topic', 'input', 'Topic', { description: 'What is the topic?', required: true }),
    step('stanzas', 'ask-text', 'Stanzas', {
      prompt: 'How many stanzas about **{{topic}}**?',
      inputType: 'edit_note',
      skipLabel: 'Not now',
    }),
    step('mood', 'ask-choice', 'Mood', {
      prompt: 'Which mood?',
      choices: ['Calm', 'Playful', 'Melancholy'],
      layout: 'row',
      noneOfTheAboveLabel: 'Surprise me',
    }),
    step('poet', 'generate', 'Poet', {
      prompt: 'Write {{stanzas}} haiku about “{{topic}}” in this mood: {{mood}}.',
      thoughts: 4,
      delayMs: 500,
      search: true,
    }),
    step('picture', 'image', 'Picture', { prompt: '{{topic}}, {{mood}}', delayMs: 1500 }),
    step('page', 'webpage', 'Page', { prompt: '{{topic}}', delayMs: 600 }),
    step('output', 'output', 'Result'),
  ],
  edges: [...line('topic', 'stanzas', 'mood', 'poet', 'page', 'output'), ...line('mood', 'picture', 'page')],
};

/** Two independent questions that are open at once; a summary joins their answers. */
export const twoQuestionsGraph: Graph = {
  title: 'Two questions at once',
  nodes: [
    step('where', 'ask-text', 'Where to', { prompt: 'Where should the trip go?', inputType: 'edit_note' }),
    step('when', 'ask-choice', 'When', {
      prompt: 'When would you like to travel?',
      choices: [
        { id: 'spring', label: 'Spring' },
        { id: 'summer', label: 'Summer' },
        { id: 'autumn', label: 'Autumn' },
        { id: 'winter', label: 'Winter' },
      ],
      layout: 'grid',
    }),
    step('weather', 'generate', 'Weather notes', {
      prompt: 'Notes about packing for any weather.',
      thoughts: 3,
    }),
    step('plan', 'generate', 'Trip plan', { prompt: 'Plan a trip about {{where}}, {{when}}.' }),
    step('output', 'output', 'Result'),
  ],
  edges: [...line('where', 'plan', 'output'), ...line('when', 'plan'), ...line('weather', 'plan')],
};

/** One branch fails and another one succeeds; the nodes after the failure are skipped. */
export const failingBranchGraph: Graph = {
  title: 'A failing branch',
  nodes: [
    step('outline', 'generate', 'Outline', { prompt: 'Outline an article about tea gardens.', thoughts: 2 }),
    step('draft', 'generate', 'Draft', { prompt: 'Write about tea gardens.', thoughts: 4 }),
    step('sources', 'fail', 'Sources', {
      message: 'The library did not answer: 503 Service Unavailable',
      delayMs: 800,
    }),
    step('citations', 'generate', 'Citations', { prompt: 'List the citations.' }),
    step('article', 'webpage', 'Article', { prompt: 'Tea gardens' }),
    step('draft-page', 'webpage', 'Draft page', { prompt: 'Tea gardens (draft)' }),
  ],
  edges: [
    ...line('outline', 'draft', 'draft-page'),
    ...line('outline', 'sources', 'citations', 'article'),
    ...line('draft', 'article'),
  ],
};

/** Its last and most expensive node fails at first: run again from it, the nodes before it are reused. */
export const lateFailureGraph: Graph = {
  title: 'A late failure',
  nodes: [
    step('topic', 'input', 'Topic', { description: 'What is the film about?', required: true }),
    step('script', 'generate', 'Script', {
      prompt: 'Write a script about {{topic}}.',
      thoughts: 3,
      delayMs: 300,
    }),
    step('scenes', 'generate', 'Scenes', { prompt: 'List the scenes.', thoughts: 2, delayMs: 300 }),
    step('poster', 'image', 'Poster', { prompt: '{{topic}}', delayMs: 900 }),
    step('film', 'flaky', 'Film', {
      message: 'The render farm stopped after 41 minutes: out of memory',
      delayMs: 1500,
    }),
  ],
  edges: [...line('topic', 'script', 'scenes', 'film'), ...line('topic', 'poster', 'film')],
};

/** A run of about a minute in nine nodes, some of them in parallel. */
export const longRunGraph: Graph = {
  title: 'A long run',
  nodes: [
    step('collect', 'sleep', 'Collect notes', { delayMs: 14_000 }),
    step('themes', 'generate', 'Find themes', {
      prompt: 'Find themes about city birds.',
      thoughts: 6,
      delayMs: 1500,
    }),
    step('history', 'generate', 'History', {
      prompt: 'Tell the story about swifts.',
      thoughts: 8,
      delayMs: 1500,
    }),
    step('habitat', 'generate', 'Habitat', {
      prompt: 'Explain about nesting places.',
      thoughts: 5,
      delayMs: 1500,
    }),
    step('cooling', 'sleep', 'Wait for the index', { delayMs: 14_000 }),
    step('essay', 'generate', 'Essay', { prompt: 'Write about city birds.', thoughts: 8, delayMs: 1500 }),
    step('cover', 'image', 'Cover', { prompt: 'City birds at dawn', delayMs: 6000 }),
    step('page', 'webpage', 'Page', { prompt: 'City birds', delayMs: 6000 }),
    step('output', 'output', 'Result'),
  ],
  edges: [
    ...line('collect', 'themes', 'history', 'essay', 'page', 'output'),
    ...line('themes', 'habitat', 'essay'),
    ...line('themes', 'cooling', 'essay'),
    ...line('themes', 'cover', 'page'),
  ],
};

/** Ten thousand events, as fast as they can be stored. */
export const floodGraph: Graph = {
  title: '10,000 events',
  nodes: [
    step('flood', 'flood', 'Flood', { events: 10_000, bytes: 200 }),
    step('output', 'output', 'Result'),
  ],
  edges: line('flood', 'output'),
};

/** Asks for permission before it continues. */
export const consentGraph: Graph = {
  title: 'Ask for consent',
  nodes: [
    step('permission', 'ask-consent', 'Permission', {
      consentType: 'GET_ANY_WEBPAGE',
      scope: { url: 'https://example.org' },
    }),
    step('summary', 'generate', 'Summary', {
      prompt: 'Summarise what was found. Permission: {{permission}}.',
    }),
  ],
  edges: line('permission', 'summary'),
};

/** A multiple choice with “none of the above”. */
export const multipleChoiceGraph: Graph = {
  title: 'Multiple choice',
  nodes: [
    step('toppings', 'ask-choice', 'Toppings', {
      prompt: 'What goes on top? Pick **any number**.',
      choices: ['Tomato', 'Basil', 'Olives', 'Mushrooms', 'Capers'],
      selectionMode: 'multiple',
      layout: 'grid',
      noneOfTheAboveLabel: 'Just cheese',
    }),
    step('recipe', 'generate', 'Recipe', { prompt: 'Write a recipe about pizza with {{toppings}}.' }),
  ],
  edges: line('toppings', 'recipe'),
};

const ORDER_SCHEMA: JsonObject = {
  type: 'object',
  title: 'Order',
  required: ['name', 'delivery'],
  properties: {
    name: { type: 'string', title: 'Name', minLength: 1 },
    size: { type: 'string', title: 'Size', enum: ['small', 'medium', 'large'], default: 'medium' },
    count: { type: 'integer', title: 'How many', minimum: 1, maximum: 20, default: 1 },
    isGift: { type: 'boolean', title: 'It is a present' },
    delivery: {
      type: 'object',
      title: 'Delivery',
      required: ['street'],
      properties: {
        street: { type: 'string', title: 'Street' },
        city: { type: 'string', title: 'City' },
        day: { type: 'string', title: 'Day', format: 'date' },
      },
    },
    notes: { type: 'array', title: 'Notes', items: { type: 'string' } },
  },
};

/** A form with nested fields. */
export const nestedFormGraph: Graph = {
  title: 'Order form',
  nodes: [
    step('order', 'input', 'Order', { schema: ORDER_SCHEMA }),
    step('confirmation', 'generate', 'Confirmation', { prompt: 'Confirm the order: {{order}}' }),
  ],
  edges: line('order', 'confirmation'),
};

/** All example graphs by a short id, in the order in which a gallery shows them. */
export const exampleGraphs = {
  haiku: haikuGraph,
  twoQuestions: twoQuestionsGraph,
  failingBranch: failingBranchGraph,
  lateFailure: lateFailureGraph,
  longRun: longRunGraph,
  flood: floodGraph,
  consent: consentGraph,
  multipleChoice: multipleChoiceGraph,
  nestedForm: nestedFormGraph,
} satisfies Readonly<Record<string, Graph>>;
