import { plainName } from './values/plain-name.js';
import { GraphRunError } from './problems.js';
import type { SessionSummary } from './session-summary.js';

/** Properties that people set on a session; they are not part of its log. */
export interface SessionLabels {
  /** Shown instead of the graph's title. */
  readonly title?: string;
  /** Pinned to the top of the list. */
  readonly pinned?: boolean;
}

/** The labels of a session without any. */
export const NO_LABELS: SessionLabels = {};

/** Maximal length of a title, in UTF-16 code units. */
const MAX_TITLE_LENGTH = 200;

/**
 * Applies a change from untrusted JSON to labels: `title` (empty or null restores that of the graph) and
 * `pinned`. Returns the same object when nothing is different.
 *
 * @throws GraphRunError `invalid-request` for anything else.
 */
export function changeLabels(
  labels: SessionLabels,
  change: { readonly title?: unknown; readonly pinned?: unknown },
): SessionLabels {
  const title = change.title === undefined ? labels.title : parseTitle(change.title);
  const pinned = change.pinned ?? labels.pinned ?? false;
  if (typeof pinned !== 'boolean') throw invalid('“pinned” must be true or false.');
  if (title === labels.title && pinned === (labels.pinned ?? false)) return labels;
  return { ...(title === undefined ? {} : { title }), ...(pinned ? { pinned } : {}) };
}

/** Adds labels to a row. */
export function withLabels(row: SessionSummary, { title, pinned }: SessionLabels): SessionSummary {
  return {
    ...row,
    ...(title === undefined ? {} : { title, graphTitle: row.title ?? '' }),
    ...(pinned === true ? { pinned } : {}),
  };
}

/** Removes labels from a row that has them: the reverse of `withLabels`. */
export function withoutLabels(labelled: SessionSummary): SessionSummary {
  const { title, graphTitle, pinned: _, ...row } = labelled;
  const original = graphTitle ?? title ?? '';
  return { ...row, ...(original === '' ? {} : { title: original }) };
}

function parseTitle(value: unknown): string | undefined {
  if (value === null) return undefined;
  if (typeof value !== 'string') throw invalid('“title” must be a text.');
  const title = plainName(value.replaceAll(/[\p{Cc}\p{Cs}\s]+/gu, ' ').trim());
  if (title.length > MAX_TITLE_LENGTH) {
    throw invalid(`“title” may have at most ${MAX_TITLE_LENGTH} characters.`);
  }
  return title === '' ? undefined : title;
}

function invalid(message: string): GraphRunError {
  return new GraphRunError('invalid-request', message, { status: 400 });
}
