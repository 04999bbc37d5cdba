import { contentsText, isLLMContent, toContents, type ContentPart } from '../../../protocol/content.js';
import { base64Of, isFileSchema, isFileText } from '../../../protocol/values/file-text.js';
import { propertiesOf } from '../../../protocol/questions/interactions.js';
import {
  isFilledText,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '../../../protocol/values/json.js';
import { base64Size } from '../../content/media/safe-media.js';

/** The value of a row: a text, yes or no, or a file. */
export type AnswerValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'flag'; readonly isTrue: boolean }
  | { readonly kind: 'file'; readonly name: string; readonly bytes: number | undefined };

/** A row of the table of a filled-in form. */
export interface AnswerRow {
  /** Titles from the outermost to that of the field, or positions in a list, counted from 1. */
  readonly path: readonly string[];
  readonly values: readonly AnswerValue[];
}

/** Rows of a table; a larger answer is not shown as one. */
export const MAX_ANSWER_ROWS = 60;

/** A value that is still to be turned into rows. */
interface Rest {
  readonly path: readonly string[];
  readonly value: JsonValue;
  readonly schema: JsonObject;
}

/**
 * The members of a form's answer as rows in their order, named by the titles of the schema. Members of groups have rows
 * of their own, and so have the items of a list of groups; items that are plain values share one. Undefined for more
 * than 60 rows. Without recursion: values may be nested deeper than the stack.
 */
export function answerRows(response: JsonObject, schema: JsonObject): readonly AnswerRow[] | undefined {
  const rows: AnswerRow[] = [];
  const rest: Rest[] = membersOf(response, schema, []).reverse();
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (rows.length >= MAX_ANSWER_ROWS || rest.length > MAX_ANSWER_ROWS) return undefined;
    const { path, value, schema: own } = next;
    const values = valuesOf(value, own);
    if (values !== undefined) {
      if (values.length > 0) rows.push({ path, values });
      continue;
    }
    const members = Array.isArray(value)
      ? value.map((item, at) => ({ path: [...path, String(at + 1)], value: item, schema: itemsOf(own) }))
      : membersOf(value as JsonObject, own, path);
    rest.push(...members.reverse());
  }
  return rows;
}

function membersOf(value: JsonObject, schema: JsonObject, path: readonly string[]): Rest[] {
  const properties = propertiesOf(schema);
  return Object.entries(value).map(([name, member]) => {
    const own = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const property = isJsonObject(own) ? own : {};
    const { title } = property;
    return { path: [...path, isFilledText(title) ? title : name], value: member, schema: property };
  });
}

function itemsOf({ items }: JsonObject): JsonObject {
  return isJsonObject(items) ? items : {};
}

/** The values of one row; undefined for a group, or a list with one, which has several rows. */
function valuesOf(value: JsonValue, schema: JsonObject): readonly AnswerValue[] | undefined {
  if (Array.isArray(value)) {
    const items = value.map((item) => valuesOf(item, itemsOf(schema)));
    return items.every((item) => item !== undefined && item.length <= 1)
      ? items.flatMap((item) => item ?? [])
      : undefined;
  }
  if (value === null || value === '') return [];
  if (typeof value === 'boolean') return [{ kind: 'flag', isTrue: value }];
  if (typeof value === 'string' && (isFileSchema(schema) || isFileText(value))) {
    return [{ kind: 'file', name: '', bytes: base64Size(base64Of(value)) }];
  }
  if (typeof value !== 'object') return [{ kind: 'text', text: String(value) }];
  return isLLMContent(value) ? contentValues(value) : undefined;
}

function contentValues(value: JsonValue): readonly AnswerValue[] {
  const contents = toContents(value);
  const text = contentsText(contents);
  const files = contents.flatMap(({ parts }) => parts.flatMap((part) => fileOf(part) ?? []));
  return [...(text === '' ? [] : [{ kind: 'text', text } as const]), ...files];
}

function fileOf({ inlineData, storedData, fileData }: ContentPart): AnswerValue | undefined {
  if (inlineData !== undefined) {
    return { kind: 'file', name: inlineData.title ?? '', bytes: base64Size(inlineData.data) };
  }
  const name = storedData?.handle ?? fileData?.fileUri;
  return name === undefined ? undefined : { kind: 'file', name, bytes: undefined };
}
