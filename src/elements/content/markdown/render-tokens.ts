import { html, nothing, type TemplateResult } from 'lit';
import type { DirectiveResult } from 'lit/directive.js';
import type { Token } from './markdown-it.js';
import { ALERTS } from './syntax/alerts.js';
import { type DataPictures, describePicture } from './data-pictures.js';
import { growingText } from '../growing-text.js';
import { pictureStyle } from '../media/picture-size.js';
import { pictureUrl } from '../media/picture-url.js';
import { plainTextOf } from './plain-text-of.js';
import { textDirection } from './text-direction.js';
import { renderLink } from './render-link.js';
import type { PanelStrings } from '../../strings/english.js';

type Rendered = TemplateResult | DirectiveResult | string;

/** Input of the rendering, besides the tokens. */
interface RenderContext {
  readonly pictures: DataPictures;
  readonly strings: PanelStrings;
  /** True to draw a button for each block of code that copies it. */
  readonly hasCopy: boolean;
}

/** An open element and the children collected for it so far. */
interface Frame {
  readonly open: Token | undefined;
  readonly children: Rendered[];
  /** The text within, without its marks. */
  text: string;
}

/**
 * Renders the parser's flat list of tokens, in which some open elements and others close them. `isInLink` is true for
 * the text of a link.
 */
export function renderTokens(
  tokens: readonly Token[],
  context: RenderContext,
  isInLink = false,
): readonly Rendered[] {
  const root: Frame = { open: undefined, children: [], text: '' };
  const frames: Frame[] = [root];
  for (const token of tokens) {
    const frame = frames.at(-1) ?? root;
    if (token.nesting === 1) frames.push({ open: token, children: [], text: '' });
    else if (token.nesting === 0) {
      const isLinked = isInLink || frames.some(({ open }) => open?.tag === 'a');
      frame.children.push(...renderLeaf(token, context, isLinked));
      frame.text += plainTextOf([token]);
    } else if (frame.open !== undefined) {
      frames.pop();
      const outer = frames.at(-1) ?? root;
      outer.children.push(...renderElement(frame.open, frame, context, isInLink));
      outer.text += frame.text;
    }
  }
  return root.children;
}

function renderLeaf(token: Token, context: RenderContext, isInLink: boolean): readonly Rendered[] {
  const { pictures, strings } = context;
  const { content } = token;
  switch (token.type) {
    case 'inline':
      return renderTokens(token.children ?? [], context);
    case 'softbreak':
    case 'hardbreak':
      return [html`<br />`];
    case 'code_inline':
      return [html`<code>${pictures.restored(content)}</code>`];
    case 'formula':
      return [html`<span class="formula">${pictures.restored(content)}</span>`];
    case 'formula_block':
      return [html`<p class="formula">${pictures.restored(content)}</p>`];
    case 'note_mark':
      return [html`<sup>${content}</sup>`];
    case 'task_box': {
      const isDone = token.meta?.['isDone'] === true;
      const name = pictures.described(content, strings);
      return [html`<input type="checkbox" disabled .checked=${isDone} aria-label=${name} />`];
    }
    case 'code_block':
    case 'fence':
      return renderCodeBlock(token, context);
    case 'hr':
      return [html`<hr />`];
    case 'image':
      return [renderImage(token, context, isInLink)];
    case 'reference_definition':
      return token.hidden
        ? []
        : [html`<p class="definition" dir="auto">${pictures.described(content, strings)}</p>`];
    default:
      return [
        isInLink ? pictures.described(content, strings) : growingText(pictures.described(content, strings)),
      ];
  }
}

/** Code, below its language, what else stands there, and a button that copies it. */
function renderCodeBlock(
  { info, content }: Token,
  { pictures, strings, hasCopy }: RenderContext,
): readonly Rendered[] {
  const about = pictures.restored(info.trim());
  const label = strings.code(/^[\w#+.-]*/.exec(about)?.[0] ?? '');
  const code = pictures.restored(content.trimEnd());
  return [
    html`<div class="about">
      <span dir="auto">${about || label}</span>${hasCopy ? renderCopy(code, strings) : nothing}
    </div>`,
    // Focusable, because it scrolls if a line is long.
    html`<pre tabindex="0" role="group" aria-label=${label}><code>${growingText(code)}</code></pre>`,
  ];
}

function renderCopy(code: string, strings: PanelStrings): TemplateResult {
  return html`<sessions-panel-copy
    .text=${() => code}
    .label=${strings.copyCode}
    .strings=${strings}
  ></sessions-panel-copy>`;
}

/** A picture that is written into the text; for any other a link, because loading it would reveal the reader. */
function renderImage(token: Token, context: RenderContext, isInLink: boolean): Rendered {
  const { pictures, strings } = context;
  const src = attribute(token, 'src');
  const text = plainTextOf(token.children ?? []);
  const title = attribute(token, 'title');
  const picture = pictures.named(src);
  if (picture === undefined) {
    const children = text === '' ? [strings.image] : renderTokens(token.children ?? [], context, true);
    if (isInLink) return html`<span title=${[src, title].join(' ').trim()}>${children}</span>`;
    return renderLink({
      href: src,
      title,
      label: labelOf(token),
      children,
      text: text || strings.image,
      isInLink,
    });
  }
  const url = pictures.mayDraw(picture) ? pictureUrl(picture.mimeType, picture.base64) : undefined;
  if (url === undefined) return [text, `(${describePicture(picture, strings)})`].join(' ').trim();
  return html`<img
    src=${url}
    alt=${text || strings.image}
    title=${title || text || nothing}
    .style=${pictureStyle(picture.mimeType, picture.base64)}
    loading="lazy"
  />`;
}

function renderElement(
  open: Token,
  { children, text }: Frame,
  { pictures, strings }: RenderContext,
  isInLink: boolean,
): readonly Rendered[] {
  // The paragraphs of a tight list.
  if (open.hidden) return children;
  const dir = textDirection(text) ?? nothing;
  switch (open.tag) {
    case 'p':
      return [html`<p dir=${dir}>${children}</p>`];
    case 'h1':
    case 'h2':
      return [html`<p class="heading" role="heading" aria-level="5" dir=${dir}>${children}</p>`];
    case 'h3':
    case 'h4':
    case 'h5':
    case 'h6':
      return [html`<p class="heading small" role="heading" aria-level="6" dir=${dir}>${children}</p>`];
    case 'a': {
      const href = pictures.described(attribute(open, 'href'), strings);
      return [
        renderLink({ href, title: attribute(open, 'title'), label: labelOf(open), children, text, isInLink }),
      ];
    }
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
        html`<ol start=${attribute(open, 'start') || 1} class=${attribute(open, 'class') || nothing}>
          ${children}
        </ol>`,
      ];
    case 'li':
      return [
        html`<li
          class=${attribute(open, 'class') || nothing}
          value=${attribute(open, 'value') || nothing}
          dir=${dir}
        >
          ${children}
        </li>`,
      ];
    case 'blockquote':
      return [renderQuote(attribute(open, 'class'), children, strings)];
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
      return [html`<th class=${alignment(open)} dir=${dir}>${children}</th>`];
    case 'td':
      return [html`<td class=${alignment(open)} dir=${dir}>${children}</td>`];
    default:
      return children;
  }
}

/** A quote; one that stands out begins with the name of its kind. */
function renderQuote(kind: string, children: readonly Rendered[], { alerts }: PanelStrings): Rendered {
  const alert = ALERTS.find((one) => one === kind);
  if (alert === undefined) return html`<blockquote>${children}</blockquote>`;
  return html`<blockquote class="alert is-${alert}">
    <p class="alert-name">${alerts[alert]}</p>
    ${children}
  </blockquote>`;
}

/** The class for the alignment of a column; empty for none. */
function alignment(cell: Token): string {
  const side = /center|right|left/.exec(attribute(cell, 'style'))?.[0];
  return side === undefined ? '' : `is-${side}`;
}

function attribute(token: Token, name: string): string {
  return String(token.attrGet(name) ?? '');
}

/** The label of the definition that a link or image uses; empty for none. */
function labelOf({ meta }: Token): string {
  const label = meta?.['label'];
  return typeof label === 'string' ? label : '';
}
