import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  JsonNode,
  lineText,
  openAtFirst,
  RANGE_SIZE,
  visibleLines,
  type JsonLine,
} from '../../../src/elements/content/json-tree-model.js';
import type { JsonValue } from '../../../src/protocol/values/json.js';
import { anyJson, deepList, deepObject, longList } from '../../support/hostile-json.js';

/** The lines of a fully open value. */
function allLines(value: JsonValue): { lines: readonly JsonLine[]; open: ReadonlySet<JsonNode> } {
  const root = new JsonNode(value);
  const open = new Set<JsonNode>();
  const rest = [root];
  for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
    open.add(node);
    rest.push(...node.children);
  }
  return { lines: visibleLines(root, open), open };
}

function textOf(lines: readonly JsonLine[], open: ReadonlySet<JsonNode>): string {
  return lines
    .filter(({ node }) => node.range === undefined)
    .map((line) => {
      const { key, value, end } = lineText(line, open.has(line.node));
      return key + value + end;
    })
    .join('\n');
}

function firstLines(value: JsonValue): { text: string; lines: readonly JsonLine[] } {
  const root = new JsonNode(value);
  const open = openAtFirst(root);
  const lines = visibleLines(root, open);
  return { text: textOf(lines, open), lines };
}

describe('the tree of a JSON value', () => {
  it('equals the JSON when fully open', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        const { lines, open } = allLines(value);
        const text = textOf(lines, open);
        // Without indentation, which would be quadratic in the depth.
        const written =
          lines.length < 5000 ? JSON.stringify(value, null, 1).replaceAll(/^ +/gm, '') : undefined;
        if (written !== undefined) assert.equal(text, written);
        else assert.equal(text.replaceAll('\n', '').length, lengthOf(value));
      }),
      { numRuns: 150 },
    );
  });

  it('shows a small value in full at first', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        const written = JSON.stringify(value, null, 1).replaceAll(/^ +/gm, '');
        fc.pre(written.split('\n').length < RANGE_SIZE);
        assert.equal(firstLines(value as JsonValue).text, written);
      }),
    );
  });

  it('knows the position of every node among its siblings', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        for (const { node } of firstLines(value).lines) {
          assert.equal(node.level, (node.parent?.level ?? 0) + 1);
          if (node.parent !== undefined) assert.equal(node.parent.children[node.position - 1], node);
          assert.equal(node.setSize, node.parent?.childCount ?? 1);
          assert.ok(node.setSize <= RANGE_SIZE);
        }
      }),
    );
  });

  for (const [name, make] of [
    ['a million members', () => longList(1_000_000)],
    [
      'a million keys',
      () => Object.fromEntries(Array.from({ length: 1_000_000 }, (_, at) => [`k${at}`, at])),
    ],
    ['lists a hundred thousand levels deep', () => deepList(100_000)],
    ['objects a hundred thousand levels deep', () => deepObject(100_000)],
    ['ten thousand objects of a hundred keys', () => Array.from({ length: 10_000 }, () => manyKeys())],
  ] as const) {
    it(`draws a few lines of ${name}`, () => {
      const { lines } = firstLines(make());
      assert.ok(lines.length > 10, `${lines.length} lines`);
      assert.ok(lines.length <= 200, `${lines.length} lines`);
    });
  }

  it('reaches every member of a large list through ranges', () => {
    const root = new JsonNode(Array.from({ length: 123_456 }, (_, at) => at));
    let node = root;
    const way: string[] = [];
    while (node.childCount > 0) {
      const before = node.children.filter(({ range, value }) => (range?.[0] ?? Number(value)) <= 98_765);
      node = before.at(-1)!;
      if (node.range !== undefined) way.push(node.range.join('-'));
    }
    assert.deepEqual(way, ['90000-100000', '98700-98800']);
    assert.equal(node.value, 98_765);
  });

  it('folds a long string, never within a character', () => {
    const text = `${'a'.repeat(999)}\u{1f600}${'b'.repeat(1000)}`;
    const node = new JsonNode(text);
    const folded = lineText({ node, isClose: false }, false);
    assert.deepEqual([folded.value, folded.hidden], [JSON.stringify('a'.repeat(999)), 1002]);
    const whole = lineText({ node, isClose: false }, true);
    assert.deepEqual([whole.value, whole.hidden], [JSON.stringify(text), 0]);
  });
});

function manyKeys(): JsonValue {
  return Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`k${at}`, at]));
}

/** Length of a value as JSON with no spaces except after keys; JSON.stringify may overflow the stack. */
function lengthOf(value: JsonValue): number {
  let length = 0;
  const rest: JsonValue[] = [value];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (typeof next !== 'object' || next === null) length += JSON.stringify(next).length;
    else {
      const members = Object.entries(next);
      length += 2 + Math.max(0, members.length - 1);
      for (const [key, member] of members) {
        if (!Array.isArray(next)) length += JSON.stringify(key).length + 2;
        rest.push(member);
      }
    }
  }
  return length;
}
