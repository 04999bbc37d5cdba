import { isFiniteNumber, isJsonObject, isText, type JsonValue } from './values/json.js';

const COUNTS = ['inputTokens', 'outputTokens', 'cachedInputTokens', 'reasoningTokens', 'costUsd'] as const;

/** Models of a node or session that are distinguished; what further ones used has no model. */
const MAX_MODELS = 20;

/** What calls of models used: a type and no interface, so that it is JSON. A count that no call has named is absent. */
export type Usage = {
  /** Tokens of the prompts, with those from a cache. */
  readonly inputTokens?: number;
  /** Tokens of the responses, with those of reasoning. */
  readonly outputTokens?: number;
  readonly cachedInputTokens?: number;
  readonly reasoningTokens?: number;
  /** US dollars. */
  readonly costUsd?: number;
};

/** The usage of one model; of calls that name none, if `model` is absent. */
export type ModelUsage = Usage & { readonly model?: string };

/** Reads counts from untrusted JSON. Those that are not a finite number of at least 0 are passed over; undefined: none is left. */
export function parseUsage(value: JsonValue | undefined): Usage | undefined {
  if (!isJsonObject(value)) return undefined;
  const counts = COUNTS.flatMap((name) => {
    const count = value[name];
    return isFiniteNumber(count) && count >= 0 ? [[name, count] as const] : [];
  });
  return counts.length === 0 ? undefined : Object.fromEntries(counts);
}

/** Reads the usage that an agent event reports; undefined for any other report. */
export function reportedUsage({ usage }: { readonly [name: string]: JsonValue }): ModelUsage | undefined {
  const counts = parseUsage(usage);
  if (counts === undefined || !isJsonObject(usage)) return undefined;
  const { model } = usage;
  return isText(model) && model !== '' ? { ...counts, model: model.slice(0, 100) } : counts;
}

/** Adds the usage of a call to that of earlier ones, model by model. */
export function addUsage(
  known: readonly ModelUsage[] = [],
  { model, ...counts }: ModelUsage,
): readonly ModelUsage[] {
  const isKnown = known.some((each) => each.model === model);
  const name = isKnown || known.length < MAX_MODELS ? model : undefined;
  const before = known.find((each) => each.model === name);
  const sum = {
    ...totalUsage([...(before === undefined ? [] : [before]), counts]),
    ...(name === undefined ? {} : { model: name }),
  };
  return before === undefined ? [...known, sum] : known.map((each) => (each === before ? sum : each));
}

/** The sum over models; undefined without any. */
export function totalUsage(usages: readonly Usage[]): Usage | undefined {
  const counts = COUNTS.flatMap((name) => {
    const values = usages.flatMap((usage) => usage[name] ?? []);
    const sum = values.reduce((total, value) => total + value, 0);
    return values.length === 0 ? [] : [[name, Math.min(sum, Number.MAX_SAFE_INTEGER)] as const];
  });
  return counts.length === 0 ? undefined : Object.fromEntries(counts);
}
