import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { NumberField } from '../../../../src/elements/form/model/fields.js';
import { formFields } from '../../../../src/elements/form/model/fields-from-schema.js';
import { steppedNumber } from '../../../../src/elements/form/model/number-step.js';
import type { JsonObject } from '../../../../src/protocol/values/json.js';

function numberField(schema: JsonObject): NumberField {
  const form = formFields({ type: 'object', properties: { x: { type: 'number', ...schema } } }, '');
  const field = form.kind === 'object' ? form.fields[0] : undefined;
  assert.ok(field?.kind === 'number');
  return field;
}

const up = (schema: JsonObject, value?: number) => steppedNumber(numberField(schema), value, 1);
const down = (schema: JsonObject, value?: number) => steppedNumber(numberField(schema), value, -1);

describe('an arrow key in a field for a number', () => {
  it('leads from an empty field to an allowed number', () => {
    assert.equal(up({}), 0);
    assert.equal(up({ minimum: 1, multipleOf: 5 }), 5);
    assert.equal(up({ minimum: 1 }), 1);
    assert.equal(up({ maximum: -3, multipleOf: 2 }), -4);
    assert.equal(up({ exclusiveMinimum: 0, multipleOf: 0.1 }), 0.1);
    assert.equal(up({ type: 'integer', exclusiveMinimum: 0 }), 1);
    assert.equal(down({ type: 'integer', exclusiveMaximum: 0 }), -1);
  });

  it('leads from any number to the next multiple', () => {
    assert.equal(up({ multipleOf: 5 }, 3), 5);
    assert.equal(down({ multipleOf: 5 }, 3), 0);
    assert.equal(up({ multipleOf: 0.1 }, 0.2), 0.3);
    assert.equal(up({ maximum: 10, multipleOf: 4 }, 8), 8);
    assert.equal(down({ minimum: 1, multipleOf: 4 }, 4), 4);
    assert.equal(up({}, 1.5), 2.5);
  });

  it('never leaves the limits, as long as a multiple is within them', () => {
    const limit = fc.integer({ min: -1000, max: 1000 });
    const step = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(
        limit,
        step,
        fc.option(limit, { nil: undefined }),
        fc.boolean(),
        (minimum, multipleOf, value, isUp) => {
          const field = numberField({ minimum, maximum: minimum + 2 * multipleOf, multipleOf });
          const next = steppedNumber(field, value, isUp ? 1 : -1);
          assert.ok(next >= minimum && next <= minimum + 2 * multipleOf && next % multipleOf === 0);
        },
      ),
    );
  });
});
