import { posix } from 'node:path';
import MarkdownIt from 'markdown-it';

/**
 * @typedef {object} RenderedPage
 * @property {string} title text of its first heading
 * @property {string} html
 * @property {readonly {readonly id: string, readonly text: string}[]} sections its headings of the second level
 * @property {ReadonlySet<string>} ids all ids in it
 * @property {readonly string[]} links addresses of its links, as they are on the site
 * @property {readonly string[]} files files of the project that it shows or links to
 */

/**
 * Renders a Markdown file for the site. Links to other pages and to files of the project lead to their place there.
 *
 * @param {string} text
 * @param {string} file its path from the root of the project, from which its links start
 * @param {ReadonlyMap<string, string>} pageNames names of the pages by file
 * @returns {RenderedPage}
 */
export function renderMarkdown(text, file, pageNames) {
  const markdown = new MarkdownIt();
  const tokens = markdown.parse(text, {});
  const ids = new Set();
  /** @type {{id: string, text: string}[]} */
  const sections = [];
  let title = '';
  for (const [index, token] of tokens.entries()) {
    if (token.type !== 'heading_open') continue;
    const heading = textOf(tokens[index + 1]?.children ?? []);
    const id = uniqueId(heading, ids);
    token.attrSet('id', id);
    if (token.tag === 'h1' && title === '') title = heading;
    if (token.tag === 'h2') sections.push({ id, text: heading });
  }
  const links = [];
  const files = [];
  for (const token of tokens.flatMap(({ children }) => children ?? [])) {
    const name = token.type === 'image' ? 'src' : token.type === 'link_open' ? 'href' : undefined;
    if (name === undefined) continue;
    const address = String(token.attrGet(name));
    const place = placeOf(address, file, pageNames);
    token.attrSet(name, place.address);
    if (place.file !== undefined) files.push(place.file);
    if (name === 'href') links.push(place.address);
  }
  return { title, html: markdown.renderer.render(tokens, markdown.options, {}), sections, ids, links, files };
}

/** @param {readonly {readonly type: string, readonly content: string}[]} inline */
function textOf(inline) {
  return inline.map(({ content }) => content).join('');
}

/**
 * The id that GitHub gives a heading, so that a link works in both places.
 *
 * @param {string} heading
 * @param {Set<string>} ids gets the id
 */
function uniqueId(heading, ids) {
  const plain = heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');
  let id = plain;
  for (let count = 1; ids.has(id); count += 1) id = `${plain}-${count}`;
  ids.add(id);
  return id;
}

/**
 * @param {string} address
 * @param {string} from
 * @param {ReadonlyMap<string, string>} pageNames
 * @returns {{address: string, file?: string}}
 */
function placeOf(address, from, pageNames) {
  if (/^([a-z]+:|#)/.test(address)) return { address };
  const [path = '', anchor] = address.split('#');
  const file = posix.normalize(posix.join(posix.dirname(from), path));
  const suffix = anchor === undefined ? '' : `#${anchor}`;
  const page = pageNames.get(file.replace(/\.html$/, '.md'));
  if (page !== undefined) return { address: `${page}.html${suffix}` };
  const isPicture = /\.(png|svg)$/.test(file);
  return { address: isPicture ? `files/${file}` : `files/${file}.txt`, file };
}
