import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { JsonValue } from '../../../src/protocol/values/json.js';
import { escapeKey } from '../../../src/protocol/schema/json-pointer.js';
import { applyJsonPatch } from '../../../src/runner/ag-ui/json-patch.js';

describe('a JSON patch', () => {
  // Examples of RFC 6902, appendix A.
  const examples: readonly (readonly [string, JsonValue, readonly JsonValue[], JsonValue | undefined])[] = [
    ['A.1', { foo: 'bar' }, [{ op: 'add', path: '/baz', value: 'qux' }], { foo: 'bar', baz: 'qux' }],
    [
      'A.2',
      { foo: ['bar', 'baz'] },
      [{ op: 'add', path: '/foo/1', value: 'qux' }],
      { foo: ['bar', 'qux', 'baz'] },
    ],
    ['A.3', { baz: 'qux', foo: 'bar' }, [{ op: 'remove', path: '/baz' }], { foo: 'bar' }],
    ['A.4', { foo: ['bar', 'qux', 'baz'] }, [{ op: 'remove', path: '/foo/1' }], { foo: ['bar', 'baz'] }],
    ['A.5', { baz: 'qux' }, [{ op: 'replace', path: '/baz', value: 'boo' }], { baz: 'boo' }],
    [
      'A.6',
      { foo: { bar: 'baz', waldo: 'fred' }, qux: { corge: 'grault' } },
      [{ op: 'move', from: '/foo/waldo', path: '/qux/thud' }],
      { foo: { bar: 'baz' }, qux: { corge: 'grault', thud: 'fred' } },
    ],
    [
      'A.7',
      { foo: ['all', 'grass', 'cows', 'eat'] },
      [{ op: 'move', from: '/foo/1', path: '/foo/3' }],
      { foo: ['all', 'cows', 'eat', 'grass'] },
    ],
    ['A.8', { baz: 'qux' }, [{ op: 'test', path: '/baz', value: 'qux' }], { baz: 'qux' }],
    ['A.9', { baz: 'qux' }, [{ op: 'test', path: '/baz', value: 'bar' }], undefined],
    [
      'A.10',
      { foo: 'bar' },
      [{ op: 'add', path: '/child', value: { grandchild: {} } }],
      { foo: 'bar', child: { grandchild: {} } },
    ],
    ['A.12', { foo: 'bar' }, [{ op: 'add', path: '/baz/bat', value: 'qux' }], undefined],
    ['A.14', { '/': 9, '~1': 10 }, [{ op: 'test', path: '/~01', value: 10 }], { '/': 9, '~1': 10 }],
    ['A.16', { foo: ['bar'] }, [{ op: 'add', path: '/foo/-', value: ['abc'] }], { foo: ['bar', ['abc']] }],
    ['the whole', { a: 1 }, [{ op: 'replace', path: '', value: [1] }], [1]],
    ['into itself', { a: { b: 1 } }, [{ op: 'move', from: '/a', path: '/a/b' }], undefined],
    ['a copy', { a: [1] }, [{ op: 'copy', from: '/a', path: '/b' }], { a: [1], b: [1] }],
    ['a value null', { a: 1 }, [{ op: 'replace', path: '/a', value: null }], { a: null }],
    ['beyond the end', [1], [{ op: 'add', path: '/2', value: 1 }], undefined],
    ['an index that is none', [1], [{ op: 'replace', path: '/00', value: 1 }], undefined],
    ['half of which cannot be applied', { a: 1 }, [{ op: 'remove', path: '/a' }, { op: 'no' }], undefined],
  ];
  for (const [name, document, patch, expected] of examples)
    it(`of RFC 6902 or beyond: ${name}`, () => {
      const before = structuredClone(document);
      assert.deepEqual(applyJsonPatch(document, patch), expected);
      assert.deepEqual(document, before);
    });

  it('puts any value under any name, and takes it away again', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.string(),
        fc.jsonValue(),
        (object, name, json) => {
          const document = JSON.parse(JSON.stringify(object));
          const value = JSON.parse(JSON.stringify(json));
          const path = `/${escapeKey(name)}`;
          const added = applyJsonPatch(document, [{ op: 'add', path, value }]);
          assert.deepEqual(applyJsonPatch(added ?? null, [{ op: 'test', path, value }]), added);
          const { [name]: _, ...rest } = document;
          assert.deepEqual(applyJsonPatch(added ?? null, [{ op: 'remove', path }]), rest);
        },
      ),
    );
  });

  it('never throws, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (document, patch) => {
        applyJsonPatch(JSON.parse(JSON.stringify(document)), JSON.parse(JSON.stringify(patch)));
      }),
    );
  });
});
