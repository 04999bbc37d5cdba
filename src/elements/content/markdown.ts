import { html, type TemplateResult } from 'lit';
import MarkdownIt, { type Token } from 'markdown-it';
import { hiddenTarget } from './link-target.js';
import { safeLink } from './safe-media.js';
import type { PanelStrings } from '../strings/english.js';

type Rendered = TemplateResult | string;

/** Maximum length of formatted text, in characters: parsing a longer one would block the page noticeably. */
const MAX_MARKDOWN_LENGTH = 40_000;

/**
 * Syntax that Markdown shows differently from plain text with its line breaks. The space before it stays within
 * its line: across lines, the time would grow with the square of their number.
 */
const SYNTAX =
  /[*_`[\]|~\\]|^[ \t]*(?:[-+]|#{1,6}|\d{1,9}[.)])\s|^[ \t]*>|https?:\/\/|<mailto:|&[#\w]+;|^[=-]{3,}[ \t]*$/m;

/** True for a text that is worth formatting. */
export function isMarkdown(text: string): boolean {
  return text.length <= MAX_MARKDOWN_LENGTH && SYNTAX.test(text);
}

/**
 * Number of blocks within each other up to which a text is formatted: 20 levels of lists, 40 of quotes. It bounds the
 * time and the stack for hostile texts.
 */
const MAX_NESTING = 40;

type Parser = ReturnType<typeof MarkdownIt>;

let parser: Parser | undefined;

/** The parser, created on first use: creating it costs more than showing most sessions. */
function markdownParser(): Parser {
  if (parser === undefined) {
    // `html: false` leaves markup as text.
    parser = MarkdownIt('default', { html: false, linkify: true, breaks: true, maxNesting: MAX_NESTING });
    // Link only addresses with a scheme: “readme.md” is a file.
    parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
    parser.validateLink = (url: string) => safeLink(url) !== undefined;
  }
  return parser;
}

/**
 * Renders Markdown. Maps the parser's tokens to the elements listed here without any HTML text, so there is
 * nothing to sanitise: no markup, attribute, style or image of the text can get through, whatever the parser
 * returns. A text that is nested too deeply is shown as it is: the parser would leave out parts of it. Use with
 * `markdownStyles`.
 */
export function renderMarkdown(text: string, strings: PanelStrings): TemplateResult {
  const tokens = markdownParser().parse(text, {});
  // The parser skips what is within a block of the last level.
  if (tokens.some(({ level, nesting }) => nesting === 1 && level >= MAX_NESTING - 1)) {
    return html`<div class="markdown"><p class="source" dir="auto" .textContent=${text}></p></div>`;
  }
  return html`<div class="markdown">${renderTokens(tokens, strings)}</div>`;
}

/** An open element and the children collected for it so far. */
interface Frame {
  readonly open: Token | undefined;
  readonly children: Rendered[];
  /** The text within, without its marks. */
  text: string;
}

/** Renders the parser's flat list of tokens, in which some open elements and others close them. */
function renderTokens(tokens: readonly Token[], strings: PanelStrings): readonly Rendered[] {
  const root: Frame = { open: undefined, children: [], text: '' };
  const frames: Frame[] = [root];
  for (const token of tokens) {
    const frame = frames.at(-1) ?? root;
    if (token.nesting === 1) frames.push({ open: token, children: [], text: '' });
    else if (token.nesting === 0) {
      frame.children.push(...renderLeaf(token, strings));
      frame.text += token.type.endsWith('break') ? ' ' : token.content;
    } else if (frame.open !== undefined) {
      frames.pop();
      const outer = frames.at(-1) ?? root;
      outer.children.push(...renderElement(frame.open, frame.children, frame.text));
      outer.text += frame.text;
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
      // Focusable, because it scrolls if a line is long.
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
      // A link instead of the image: loading it would reveal the reader to its server.
      return [renderLink(attribute(token, 'src'), [token.content || strings.image], token.content)];
    default:
      return [token.content];
  }
}

function renderElement(open: Token, children: readonly Rendered[], text: string): readonly Rendered[] {
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
      return [renderLink(attribute(open, 'href'), children, text)];
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
        html`<ol start=${attribute(open, 'start') || 1}>
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
      return [html`<th class=${alignment(open)} dir="auto">${children}</th>`];
    case 'td':
      return [html`<td class=${alignment(open)} dir="auto">${children}</td>`];
    default:
      return children;
  }
}

/** The class for the alignment of a column; empty for none. */
function alignment(cell: Token): string {
  const side = /center|right|left/.exec(attribute(cell, 'style'))?.[0];
  return side === undefined ? '' : `is-${side}`;
}

function renderLink(href: string, children: readonly Rendered[], text: string): Rendered {
  const url = safeLink(href);
  if (url === undefined) return html`${children}`;
  // The title shows the real target; a text that shows another one is followed by it.
  const target = hiddenTarget(text, url);
  const link = html`<a href=${url} title=${url} target="_blank" rel="noopener noreferrer">${children}</a>`;
  return target === undefined ? link : html`${link} <span class="target">(${target})</span>`;
}

function attribute(token: Token, name: string): string {
  return String(token.attrGet(name) ?? '');
}
