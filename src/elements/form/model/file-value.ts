import type { ContentPart } from '../../../protocol/content.js';
import { isFileSchema } from '../../../protocol/values/file-text.js';
import { isFiniteNumber, isText, pickMembers, type JsonObject } from '../../../protocol/values/json.js';
import type { FieldBase, FileField, Form } from './fields.js';
import { setValue, type FormDraft } from './form-draft.js';

/** The field of a schema for a file; undefined for other texts, and for a secret, which is typed. */
export function fileField(base: FieldBase, schema: JsonObject): FileField | undefined {
  if (!isFileSchema(schema) || base.isSecret) return undefined;
  const { contentMediaType, format, maxLength } = schema;
  const isUrl = format === 'data-url';
  // Four characters of base64 hold three bytes; the beginning of a URL takes some more characters.
  const room = isFiniteNumber(maxLength) ? maxLength - (isUrl ? DATA_URL_START : 0) : undefined;
  return {
    ...base,
    kind: 'file',
    encoding: isUrl ? 'data-url' : 'base64',
    accept: isText(contentMediaType) ? contentMediaType : '',
    ...pickMembers(schema, ['minLength', 'maxLength'], isFiniteNumber),
    ...pickMembers(schema, ['pattern'], isText),
    ...(room === undefined ? {} : { maxBytes: Math.max(0, Math.floor(room / 4) * 3) }),
  };
}

/** Characters before the data in a URL with a usual media type. */
const DATA_URL_START = 'data:application/octet-stream;base64,'.length;

/** The draft with a file at a field, which replaces another one. Its name is kept as the typed text. */
export function setFile(form: Form, draft: FormDraft, field: FileField, part: ContentPart): FormDraft {
  const { data = '', mimeType = 'application/octet-stream', title } = part.inlineData ?? {};
  const value = field.encoding === 'data-url' ? `data:${mimeType};base64,${data}` : data;
  const next = setValue(form, draft, field.pointer, value);
  return title === undefined ? next : { ...next, typed: { ...next.typed, [field.pointer]: title } };
}
