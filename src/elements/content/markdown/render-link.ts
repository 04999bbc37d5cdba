import { html, nothing, type TemplateResult } from 'lit';
import type { DirectiveResult } from 'lit/directive.js';
import { hiddenTarget } from './link-target.js';
import { safeLink } from '../media/safe-media.js';

type Rendered = TemplateResult | DirectiveResult | string;

/** A link as it was parsed. */
export interface LinkParts {
  /** The address, as it was written. */
  readonly href: string;
  /** The title and the label of its definition; empty for none. */
  readonly title: string;
  readonly label: string;
  /** The drawn text, and the same text without its marks. */
  readonly children: readonly Rendered[];
  readonly text: string;
  /** True within another link. */
  readonly isInLink: boolean;
}

/** Characters that an address shows only in their encoded form, because they are invisible or turn the text around. */
const HIDDEN = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u;

/**
 * Renders a link. Only an absolute http, https or mailto link leads somewhere. Of any other the words are shown, and
 * then its address: the page from which a relative one counts is unknown here.
 */
export function renderLink(link: LinkParts): Rendered {
  const { href, children, text, isInLink } = link;
  const url = safeLink(href);
  if (url === undefined || isInLink) return renderWords(link);
  const target = hiddenTarget(text, url);
  const shown = text.trim() === '' ? [href] : children;
  // The title shows the real target; a text that shows another one is followed by it.
  const anchor = html`<a href=${url} title=${titleOf(url, link)} target="_blank" rel="noopener noreferrer"
    >${shown}</a
  >`;
  return target === undefined ? anchor : html`${anchor} <span class="target">(${target})</span>`;
}

function renderWords(link: LinkParts): Rendered {
  const { href, children, text } = link;
  const address = readable(href);
  if (address === '' || text.trim() === address || text.trim() === href) return html`${children}`;
  const space = text.trim() === '' ? '' : ' ';
  return html`${children}${space}<span class="target" title=${titleOf('', link) || nothing}
      >(${address})</span
    >`;
}

/** The address, then its title or label, which is not shown. */
function titleOf(url: string, { title, label, text }: LinkParts): string {
  const isShown = text.toLowerCase().includes(label.toLowerCase());
  return [url, title, isShown ? '' : label].filter((part) => part !== '').join(' · ');
}

/** An address for reading: decoded, if that hides nothing. */
function readable(href: string): string {
  try {
    const address = decodeURI(href);
    return HIDDEN.test(address) ? href : address;
  } catch {
    // It is not encoded as addresses are.
    return href;
  }
}
