import type { JsonObject, JsonValue } from '../../../src/protocol/values/json.js';
import { anyValue, HOSTILE_NUMBERS, HOSTILE_TEXTS } from './hostile-values.js';
import type { SeededRandom } from './seeded-random.js';

const NODE_TYPES = [
  'input',
  'ask-text',
  'ask-choice',
  'ask-consent',
  'generate',
  'image',
  'webpage',
  'output',
  'fail',
  'flood',
  'sleep',
];
const NO_NODE_TYPES = ['__proto__', 'constructor', 'nope', ''];

/** A graph of up to five nodes, most of which can be run, or something close to one. */
export function anyGraph(random: SeededRandom): JsonObject {
  const size = 1 + random.below(5);
  return {
    ...(random.chance(0.7) ? { title: random.pick(HOSTILE_TEXTS) } : {}),
    nodes: Array.from({ length: size }, (_, position) => anyNode(random, position)),
    ...(random.chance(0.8) ? { edges: random.list(5, () => anyEdge(random, size)).flat() } : {}),
  };
}

function anyNode(random: SeededRandom, position: number): JsonObject {
  return {
    id: random.chance(0.96) ? `n${position}` : random.pick(HOSTILE_TEXTS),
    type: random.chance(0.99) ? random.pick(NODE_TYPES) : random.pick(NO_NODE_TYPES),
    ...(random.chance(0.5) ? { metadata: anyMetadata(random) } : {}),
    configuration: random.chance(0.95) ? anyConfiguration(random) : anyValue(random),
  };
}

function anyMetadata(random: SeededRandom): JsonValue {
  if (random.chance(0.05)) return anyValue(random);
  return { title: random.pick(HOSTILE_TEXTS), description: random.pick(HOSTILE_TEXTS) };
}

/** Settings of all the example nodes, small enough that a run takes no longer than a moment. */
function anyConfiguration(random: SeededRandom): JsonObject {
  const quick: JsonObject = {
    prompt: random.pick(HOSTILE_TEXTS),
    choices: random.chance(0.95) ? ['a', { id: 'b', label: random.pick(HOSTILE_TEXTS) }] : anyValue(random),
    events: random.pick([0, 1, 3, 20]),
    bytes: random.pick([0, 10, 100]),
    thoughts: random.pick([0, 1]),
    delayMs: 0,
    // A stubborn node works for `delayMs` whatever happens to its session; a long one would outlive the test.
    stubborn: random.chance(0.1),
  };
  if (random.chance(0.9)) return quick;
  const slow = { delayMs: random.pick(HOSTILE_NUMBERS), workMs: random.pick(HOSTILE_NUMBERS) };
  return { ...quick, ...slow, stubborn: false, schema: anyValue(random) };
}

/** One edge that leads onwards, mostly; none where there is nothing to lead to. */
function anyEdge(random: SeededRandom, size: number): readonly JsonValue[] {
  const from = random.below(size);
  const to = from + 1 + random.below(size - from);
  const ports = { out: random.pick(HOSTILE_TEXTS), in: random.pick(HOSTILE_TEXTS) };
  const arePortsNamed = random.chance(0.1);
  if (random.chance(0.03)) return [anyValue(random)];
  if (to >= size && random.chance(0.9)) return [];
  return [{ from: `n${from}`, to: `n${to}`, ...(arePortsNamed ? ports : {}) }];
}
