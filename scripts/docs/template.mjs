import { escapeHtml } from './escape-html.mjs';
import { PAGES } from './pages.mjs';

/** A page without scripts that loads only its style and its pictures. */
const POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'";

/**
 * Lays out a page of the site: a menu with the sections of this page, its text, the pages before and after it.
 *
 * @param {string} name
 * @param {import('./render-markdown.mjs').RenderedPage} page
 * @returns {string}
 */
export function layOut(name, { title, html, sections }) {
  const index = PAGES.findIndex((page) => page.name === name);
  const entries = PAGES.map((page, position) => {
    const current = position === index ? ' aria-current="page"' : '';
    const link = `<a href="${page.name}.html"${current}>${escapeHtml(page.label)}</a>`;
    const inner =
      position === index && sections.length > 1 ? `<ul>${sections.map(sectionLink).join('')}</ul>` : '';
    return `<li>${link}${inner}</li>`;
  });
  const heading = name === 'index' ? 'graph-sessions' : `${title} – graph-sessions`;
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${escapeHtml(heading)}</title>
    <link rel="icon" href="icon.svg" />
    <link rel="stylesheet" href="page.css" />
  </head>
  <body>
    <a class="skip" href="#text">Skip to the text</a>
    <header>
      <a class="home" href="index.html"><img src="icon.svg" alt="" width="24" height="24" />graph-sessions</a>
      <a class="live" href="live.html">Live demo</a>
    </header>
    <nav aria-label="Pages"><ul>${entries.join('')}</ul></nav>
    <main id="text" tabindex="-1">
      ${accessible(html)}
      <footer>${neighbour(PAGES[index - 1], 'prev')}${neighbour(PAGES[index + 1], 'next')}</footer>
    </main>
  </body>
</html>
`;
}

/** @param {{id: string, text: string}} section */
function sectionLink({ id, text }) {
  return `<li><a href="#${id}">${escapeHtml(text)}</a></li>`;
}

/** @param {import('./pages.mjs').PageSource | undefined} page @param {'prev' | 'next'} direction */
function neighbour(page, direction) {
  if (page === undefined) return '<span></span>';
  const label = escapeHtml(page.label);
  const text = direction === 'prev' ? `← ${label}` : `${label} →`;
  return `<a rel="${direction}" href="${page.name}.html">${text}</a>`;
}

/**
 * Makes what scrolls sideways reachable by keyboard, and no header cell of an empty one.
 *
 * @param {string} html
 */
function accessible(html) {
  return html
    .replaceAll('<table>', '<div class="table" tabindex="0" role="group" aria-label="Table"><table>')
    .replaceAll('</table>', '</table></div>')
    .replaceAll('<th></th>', '<td></td>')
    .replaceAll('<pre>', '<pre tabindex="0">');
}
