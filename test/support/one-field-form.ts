import type { Form } from '../../src/elements/form/model/fields.js';
import { formFields } from '../../src/elements/form/model/fields-from-schema.js';
import { formValues, type FormDraft } from '../../src/elements/form/model/form-draft.js';
import { checkForm } from '../../src/elements/form/model/validate.js';
import type { JsonObject, JsonValue } from '../../src/protocol/values/json.js';

/** The form of an object with one field, `x`. */
export function formOf(x: JsonObject, isRequired = true): Form {
  return formFields({ type: 'object', properties: { x }, required: isRequired ? ['x'] : [] }, '');
}

/** The value of `x` that is sent, `'nothing'` without one; or the kinds of the problems by field. */
export function sentValue(form: Form, draft: FormDraft): JsonValue {
  const problems = checkForm(form, draft);
  if (problems.size > 0) {
    return Object.fromEntries([...problems].map(([pointer, { kind }]) => [pointer, kind]));
  }
  const { x = 'nothing' } = formValues(form, draft);
  return x;
}
