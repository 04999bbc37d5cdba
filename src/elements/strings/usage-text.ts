import { totalUsage, type ModelUsage, type Usage } from '../../protocol/usage.js';
import type { FirstStrings } from './first-english.js';
import { perLocale, timeLocale } from './time-format.js';

const dollars = perLocale(
  (locale) =>
    new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol' }),
);
const short = perLocale((locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }));

/** “12.4k tokens · $0.08”; empty when nothing was used. */
export function usageText(usage: Usage | undefined, strings: FirstStrings): string {
  if (usage === undefined) return '';
  const { inputTokens = 0, outputTokens = 0, costUsd } = usage;
  const tokens = inputTokens + outputTokens;
  return [
    ...(tokens === 0 ? [] : [strings.tokens(shortCount(tokens, strings))]),
    ...(costUsd === undefined || costUsd === 0 ? [] : [costText(costUsd, strings)]),
  ].join(' · ');
}

/** The parts of a usage, a line for each model: “example-1: 11.2k in, 1.2k out, 540 of them for reasoning, $0.08”. */
export function usageLines(usages: readonly ModelUsage[], strings: FirstStrings): readonly string[] {
  return usages.map((usage) => {
    const { model, inputTokens, outputTokens, cachedInputTokens, reasoningTokens, costUsd } = usage;
    const count = (tokens: number | undefined, text: (count: string) => string) =>
      tokens === undefined ? [] : [text(shortCount(tokens, strings))];
    const parts = [
      ...count(inputTokens, strings.tokensIn),
      ...count(cachedInputTokens, strings.tokensCached),
      ...count(outputTokens, strings.tokensOut),
      ...count(reasoningTokens, strings.tokensReasoning),
      ...(costUsd === undefined ? [] : [costText(costUsd, strings)]),
    ];
    return `${model ?? strings.unnamedModel}: ${parts.join(', ')}`;
  });
}

/** The sum of a list by model, as text; empty when nothing was used. */
export function usageOfModels(usages: readonly ModelUsage[] | undefined, strings: FirstStrings): string {
  return usageText(totalUsage(usages ?? []), strings);
}

function costText(costUsd: number, { locale }: FirstStrings): string {
  const format = dollars(timeLocale(locale));
  return costUsd > 0 && costUsd < 0.01 ? `<${format.format(0.01)}` : format.format(costUsd);
}

/** “340”, “12.4k”, “1.2M”. */
function shortCount(count: number, { locale }: FirstStrings): string {
  const format = short(timeLocale(locale));
  if (count < 1000) return format.format(count);
  return count < 999_950 ? `${format.format(count / 1000)}k` : `${format.format(count / 1_000_000)}M`;
}
