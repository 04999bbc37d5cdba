import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  JsonNode,
  lineText,
  openAtFirst,
  visibleLines,
  type TreeValue,
} from '../../../src/elements/content/json-tree-model.js';
import { parseWrittenJson } from '../../../src/elements/content/written-json.js';

/** Numbers as no program would write them, and as they must be shown all the same. */
const NUMBERS = ['1.10', '10.00', '1e400', '-0', '0.0', '1E+2', '12345678901234567890', '9007199254740993'];

const numberToken = fc.oneof(
  fc.constantFrom(...NUMBERS),
  fc
    .tuple(fc.integer(), fc.stringMatching(/^\.\d{1,30}$/), fc.constantFrom('', 'e5', 'E-400'))
    .map((parts) => parts.join('')),
);

/** Keys that engines order, hide or overwrite. */
const key = fc.oneof(fc.constantFrom('k', '__proto__', 'constructor', '2', '1', ''), fc.string());
const space = fc.constantFrom('', ' ', '\n', '\t ');

/** A JSON text, and the tokens in it that must be shown. */
interface Text {
  readonly text: string;
  readonly tokens: readonly string[];
}

const { text: anyText } = fc.letrec<{ text: Text }>((tie) => ({
  text: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    numberToken.map((token): Text => ({ text: token, tokens: [token] })),
    fc.string().map((value): Text => ({ text: JSON.stringify(value), tokens: [JSON.stringify(value)] })),
    fc.constantFrom('true', 'false', 'null').map((token): Text => ({ text: token, tokens: [token] })),
    fc.tuple(fc.array(tie('text'), { maxLength: 5 }), space).map(([items, gap]): Text => ({
      text: `[${gap}${items.map(({ text }) => text).join(`${gap},${gap}`)}${gap}]`,
      tokens: items.flatMap(({ tokens }) => tokens),
    })),
    fc.tuple(fc.array(fc.tuple(key, tie('text')), { maxLength: 5 }), space).map(([members, gap]): Text => ({
      text: `{${gap}${members
        .map(([name, { text }]) => `${JSON.stringify(name)}${gap}:${gap}${text}`)
        .join(`${gap},`)}${gap}}`,
      tokens: members.flatMap(([name, { tokens }]) => [`${JSON.stringify(name)}:`, ...tokens]),
    })),
  ),
}));

/** The keys and scalars of the fully open tree, in its order. */
function drawnTokens(value: TreeValue): readonly string[] {
  const root = new JsonNode(value);
  const open = new Set<JsonNode>();
  const rest = [root];
  for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
    open.add(node);
    rest.push(...node.children);
  }
  return visibleLines(root, open).flatMap((line) => {
    const { key: name, value: shown, kind } = lineText(line, true);
    return [name.trimEnd(), kind === 'bracket' ? '' : shown].filter((token) => token !== '');
  });
}

describe('a JSON text', () => {
  it('is shown with every number and key as written, in its order, also those that occur twice', () => {
    fc.assert(
      fc.property(anyText, ({ text, tokens }) => {
        const value = parseWrittenJson(text);
        assert.ok(value !== undefined);
        assert.deepEqual(drawnTokens(value), tokens);
      }),
      { numRuns: 500 },
    );
  });

  it('is undefined when it is not valid', () => {
    for (const text of ['', '{', '[1,]', '{"a" 1}', '01', '"a', '[1] [2]', 'NaN', "{'a': 1}"])
      assert.equal(parseWrittenJson(text), undefined, text);
  });

  it('may be nested deeper than the stack', () => {
    const depth = 100_000;
    const root = new JsonNode(parseWrittenJson('['.repeat(depth) + ']'.repeat(depth)) ?? null);
    assert.ok(visibleLines(root, openAtFirst(root)).length > 100);
  });

  it('shows characters that would reorder it by their codes', () => {
    const root = new JsonNode(parseWrittenJson('{"a\u202eb": "c\u2066d"}') ?? null);
    const [, line] = visibleLines(root, openAtFirst(root));
    assert.ok(line !== undefined);
    const { key: name, value } = lineText(line, true);
    assert.equal(name + value, '"a\\u202eb": "c\\u2066d"');
  });
});
