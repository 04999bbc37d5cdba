import { hashText, pick, seededNumbers } from './random.js';

/** The subject of a text, as far as a prompt names it. */
export interface Subject {
  readonly topic: string;
  readonly mood: string;
}

/** Only the beginning of a text is searched for its subject: the expressions below are slow for long texts. */
const MAX_READ_CHARS = 1000;

const MOODS = ['calm', 'playful', 'melancholy'] as const;

/** Reads topic and mood from a prompt: “… about green beans in a calm mood”. */
export function subjectOf(prompt: string, material: string): Subject {
  const beginning = prompt.slice(0, MAX_READ_CHARS);
  const quoted = /\babout\s+[“"]([^”"]+)[”"]/i.exec(beginning)?.[1];
  const plain = /\babout\s+([^.,;:!?\n]+?)(?=\s+in an?\b|[.,;:!?\n]|$)/i.exec(beginning)?.[1];
  const topic = firstLine(quoted ?? plain ?? material) || firstLine(prompt) || 'nothing in particular';
  const lower = prompt.toLowerCase();
  const mood = MOODS.find((word) => lower.includes(word));
  return { topic, mood: mood ?? pick(MOODS, seededNumbers(hashText(prompt))) };
}

const MAX_TOPIC_CHARS = 60;

/** The first sentence of a text, without its full stop, cut at a word. */
function firstLine(text: string): string {
  const beginning = text.trimStart().slice(0, MAX_READ_CHARS);
  const line = beginning.split('\n').find((part) => part.trim() !== '') ?? '';
  const sentence = (/^.*?[.!?](?=\s|$)/.exec(line)?.[0] ?? line).replace(/\s+/g, ' ').trim();
  const bare = sentence.replace(/[.!?]+$/, '');
  if (bare.length <= MAX_TOPIC_CHARS) return bare;
  return `${bare.slice(0, MAX_TOPIC_CHARS).replace(/\s+\S*$/, '')}…`;
}

/**
 * Writes a text that a model might write: poems if the prompt asks for them, else a few sentences. The same
 * prompt and material always give the same text.
 */
export function composeText(prompt: string, material: string): string {
  const subject = subjectOf(prompt, material);
  const next = seededNumbers(hashText(`${prompt}\n${material}`));
  if (/haiku|poem|stanza/i.test(prompt)) return composeHaiku(subject, countIn(prompt), next);
  return composeProse(subject, material, next);
}

const NUMBER_WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const MAX_STANZAS = 12;

/** The first number of a prompt, as digits or as a word; 1 when there is none. */
function countIn(prompt: string): number {
  const word = /\d+|\b(?:one|two|three|four|five|six|seven|eight|nine|ten)\b/i.exec(prompt)?.[0] ?? '1';
  const count = /\d/.test(word) ? Number(word) : NUMBER_WORDS.indexOf(word.toLowerCase());
  return Math.min(Math.max(count, 1), MAX_STANZAS);
}

/** First, second and third lines by mood; `%` is the topic. */
const HAIKU: Readonly<Record<string, readonly [readonly string[], readonly string[], readonly string[]]>> = {
  calm: [
    [
      'Morning light settles',
      'Soft rain on the sill',
      'Mist leaves the valley',
      'The house holds its breath',
    ],
    ['%, and nothing to do', '% under a slow sky', '%, quiet as a stone', '%, and the kettle hums'],
    ['the clock forgets us', 'one leaf turns over', 'somewhere a door shuts', 'shadows grow longer'],
  ],
  playful: [
    [
      'Hop, skip, and a splash',
      'Who left the gate wide?',
      'Two socks, neither match',
      'A wink from the moon',
    ],
    ['% doing cartwheels', '% up to no good', '% steals the whole show', '% giggling out loud'],
    ['the cat disapproves', 'catch me if you can', 'oops, there goes the hat', 'nobody saw that'],
  ],
  melancholy: [
    ['Late bus, empty seats', 'Letters never sent', 'The last leaf lets go', 'Cold tea by the phone'],
    ['%, the way it once was', '% fading in the rain', '%, and an empty chair', '% behind dusty glass'],
    ['still I keep the key', 'the platform stays wet', 'no one asks me why', 'dusk has all the words'],
  ],
};

function composeHaiku({ topic, mood }: Subject, stanzas: number, next: () => number): string {
  const [first = [], second = [], third = []] = HAIKU[mood] ?? [];
  const starts = [first, second, third].map((lines) => Math.floor(next() * lines.length));
  // Advancing from a random start keeps neighbouring stanzas different.
  const line = (lines: readonly string[], part: number, stanza: number): string =>
    lines[((starts[part] ?? 0) + stanza * (part + 1)) % lines.length] ?? '';
  return Array.from({ length: stanzas }, (_, stanza) =>
    [
      line(first, 0, stanza),
      sentenceCase(line(second, 1, stanza).replace('%', () => topic)),
      line(third, 2, stanza),
    ].join('\n'),
  ).join('\n\n');
}

const OPENINGS = [
  'There is more to % than one sees at first.',
  'Ask three people about % and you get four answers.',
  '% rewards a second look.',
];
const MIDDLES = [
  'What matters most is where it begins: with something small that somebody noticed.',
  'The details are plain, and that is why they are easy to miss.',
  'Two things stand out: how ordinary it looks, and how much depends on it.',
  'It helps to begin with what is certain and to leave the rest open.',
];
const CLOSINGS = [
  'A good next step is to try it on one real case and to keep what works.',
  'If only one thing is kept from this, let it be that.',
  'The rest can wait until somebody asks for it.',
];

function composeProse({ topic }: Subject, material: string, next: () => number): string {
  const given = firstLine(material);
  const source = given === '' || given === topic ? [] : [`It starts from this: “${given}”.`];
  const opening = sentenceCase(pick(OPENINGS, next).replace('%', () => topic));
  const body = [...source, pick(MIDDLES, next)].join(' ');
  return `${opening} ${body}\n\n${pick(CLOSINGS, next)}`;
}

function sentenceCase(text: string): string {
  const [first = '', ...rest] = text;
  return first.toUpperCase() + rest.join('');
}
