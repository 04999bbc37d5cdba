import type { MarkdownIt, StateCore } from '../markdown-it.js';

/** The kinds of quote that stand out, as GitHub writes them. */
export const ALERTS = ['note', 'tip', 'important', 'warning', 'caution'] as const;

/** A kind of quote that stands out. */
export type Alert = (typeof ALERTS)[number];

/** Reads the kind of a quote that begins with a line such as `[!NOTE]`; its class is then that kind. */
export function addAlerts(parser: MarkdownIt): void {
  parser.core.ruler.push('alerts', markAlerts);
}

function markAlerts({ tokens }: StateCore): void {
  for (const [index, quote] of tokens.entries()) {
    if (quote.type !== 'blockquote_open') continue;
    const line = tokens[index + 2];
    const word = /^\[!([a-z]{3,9})\][ \t]*(?:\n|$)/i.exec(line?.type === 'inline' ? line.content : '')?.[1];
    const alert = ALERTS.find((one) => one === word?.toLowerCase());
    const [first] = line?.children ?? [];
    // The mark may also be a link, if there is a definition of it.
    if (alert === undefined || first?.type !== 'text') continue;
    quote.attrSet('class', alert);
    // The mark and the line break after it.
    line?.children?.splice(0, 2);
    const paragraph = tokens[index + 1];
    if (paragraph !== undefined && line?.children?.length === 0) paragraph.hidden = true;
  }
}
