import { html, type TemplateResult } from 'lit';
import MarkdownIt, { type Token } from 'markdown-it';
import { safeLink } from './safe-media.js';
import type { PanelStrings } from '../strings/english.js';

type Rendered = TemplateResult | string;

/** Longer texts are shown as they are: nobody reads them formatted, and parsing them would be felt. */
const MAX_MARKDOWN_LENGTH = 40_000;

/** Something that Markdown would show in another way than plain text with its line breaks. */
const SYNTAX =
  /[*_`[\]|~\\]|^\s*(?:[-+]|#{1,6}|\d{1,9}[.)])\s|^\s*>|https?:\/\/|<mailto:|&[#\w]+;|^[=-]{3,}\s*$/m;

/** True for a text that is worth formatting. */
export function isMarkdown(text: string): boolean {
  return text.length <= MAX_MARKDOWN_LENGTH && SYNTAX.test(text);
}

type Parser = ReturnType<typeof MarkdownIt>;

let parser: Parser | undefined;

/** Made on first use, because making it costs more than showing most sessions. */
function markdownParser(): Parser {
  if (parser === undefined) {
    // `html: false` leaves markup as text; `maxNesting` bounds time and stack for hostile texts.
    parser = MarkdownIt('default', { html: false, linkify: true, breaks: true, maxNesting: 20 });
    // Only what says that it is an address is one: “readme.md” is not.
    parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
    parser.validateLink = (url: string) => safeLink(url) !== undefined;
  }
  return parser;
}

/**
 * Markdown as templates. The parser's tokens are mapped to the elements listed here, so there is no HTML
 * text on the way and nothing to sanitise: no markup, attribute, style or image of the text can come
 * through, whatever the parser makes of it. Use with `markdownStyles`.
 */
export function renderMarkdown(text: string, strings: PanelStrings): TemplateResult {
  return html`<div class="markdown">${renderTokens(markdownParser().parse(text, {}), strings)}</div>`;
}

interface Frame {
  readonly open: Token | undefined;
  readonly children: Rendered[];
}

/** The parser gives a flat list in which some tokens open and close others. */
function renderTokens(tokens: readonly Token[], strings: PanelStrings): readonly Rendered[] {
  const root: Frame = { open: undefined, children: [] };
  const frames: Frame[] = [root];
  for (const token of tokens) {
    const frame = frames.at(-1) ?? root;
    if (token.nesting === 1) frames.push({ open: token, children: [] });
    else if (token.nesting === 0) frame.children.push(...renderLeaf(token, strings));
    else if (frame.open !== undefined) {
      frames.pop();
      (frames.at(-1) ?? root).children.push(...renderElement(frame.open, frame.children));
    }
  }
  return root.children;
}

function renderLeaf(token: Token, strings: PanelStrings): readonly Rendered[] {
  switch (token.type) {
    case 'inline':
      return renderTokens(token.children ?? [], strings);
    case 'softbreak':
    case 'hardbreak':
      return [html`<br />`];
    case 'code_inline':
      return [html`<code>${token.content}</code>`];
    case 'code_block':
    case 'fence': {
      const label = strings.code(/^[\w#+.-]*/.exec(token.info.trim())?.[0] ?? '');
      // Focusable, because it scrolls by itself when a line is long.
      return [
        html`<pre
          tabindex="0"
          role="group"
          aria-label=${label}
        ><code>${token.content.trimEnd()}</code></pre>`,
      ];
    }
    case 'hr':
      return [html`<hr />`];
    case 'image':
      // An image from elsewhere would tell its server who reads this: it is a link instead.
      return [renderLink(attribute(token, 'src'), [token.content || strings.image])];
    default:
      return [token.content];
  }
}

function renderElement(open: Token, children: readonly Rendered[]): readonly Rendered[] {
  // The paragraphs of a tight list.
  if (open.hidden) return children;
  switch (open.tag) {
    case 'p':
      return [html`<p dir="auto">${children}</p>`];
    case 'h1':
    case 'h2':
      return [html`<p class="heading" role="heading" aria-level="5" dir="auto">${children}</p>`];
    case 'h3':
    case 'h4':
    case 'h5':
    case 'h6':
      return [html`<p class="heading small" role="heading" aria-level="6" dir="auto">${children}</p>`];
    case 'a':
      return [renderLink(attribute(open, 'href'), children)];
    case 'strong':
      return [html`<strong>${children}</strong>`];
    case 'em':
      return [html`<em>${children}</em>`];
    case 's':
      return [html`<s>${children}</s>`];
    case 'ul':
      return [
        html`<ul>
          ${children}
        </ul>`,
      ];
    case 'ol':
      return [
        html`<ol start=${Number(attribute(open, 'start')) || 1}>
          ${children}
        </ol>`,
      ];
    case 'li':
      return [html`<li dir="auto">${children}</li>`];
    case 'blockquote':
      return [html`<blockquote>${children}</blockquote>`];
    case 'table':
      return [
        html`<div class="table" tabindex="0" role="group">
          <table>
            ${children}
          </table>
        </div>`,
      ];
    case 'thead':
      return [
        html`<thead>
          ${children}
        </thead>`,
      ];
    case 'tbody':
      return [
        html`<tbody>
          ${children}
        </tbody>`,
      ];
    case 'tr':
      return [
        html`<tr>
          ${children}
        </tr>`,
      ];
    case 'th':
      return [html`<th dir="auto">${children}</th>`];
    case 'td':
      return [html`<td dir="auto">${children}</td>`];
    default:
      return children;
  }
}

function renderLink(href: string, children: readonly Rendered[]): Rendered {
  const url = safeLink(href);
  if (url === undefined) return html`${children}`;
  // The title tells where it really leads.
  return html`<a href=${url} title=${url} target="_blank" rel="noopener noreferrer">${children}</a>`;
}

function attribute(token: Token, name: string): string {
  return String(token.attrGet(name) ?? '');
}
