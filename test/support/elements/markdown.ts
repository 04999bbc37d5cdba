import { html, render } from 'lit';
import { contentStyles } from '../../../src/elements/content/content.styles.js';
import { renderContent } from '../../../src/elements/content/content-view.js';
import type { ContentOptions } from '../../../src/elements/content/text-view.js';
import { englishStrings } from '../../../src/elements/strings/english.js';
import { all, box, one, settled } from './page.js';

/** Draws a text of a run as the panel does; 600 pixels wide. */
export async function showText(text: string, options: Partial<ContentOptions> = {}): Promise<HTMLElement> {
  const parent = box(600, 400);
  render(
    html`<style>
        ${contentStyles}</style
      >${renderContent({ parts: [{ text }] }, { strings: englishStrings, ...options })}`,
    parent,
  );
  await settled(parent);
  return parent;
}

/** Tags of the elements of a drawn Markdown text, in order. */
export function tagsOf(element: Element): string {
  return all(one(element, '.markdown'), '*')
    .map(({ localName }) => localName)
    .join(' ');
}
