/** Elements that are blocks: white space at their edges means nothing. */
const BLOCKS = /\s*(<\/?(?:p|heading|small-heading|ul|ol|li|blockquote|hr|pre)\b[^>]*>)\s*/g;

/**
 * The structure of a drawn Markdown text, or of the HTML of the specification, in a form in which equal ones are equal:
 * its elements, texts, numbers of lists and addresses of links.
 */
export function structureOf(root: Node): string {
  return [...root.childNodes].map(writeNode).join('').replaceAll(/ +/g, ' ').replaceAll(BLOCKS, '$1').trim();
}

function writeNode(node: Node): string {
  if (node.nodeType === Node.TEXT_NODE) return escape(node.textContent ?? '').replaceAll(/[ \n]+/g, ' ');
  if (!(node instanceof Element)) return '';
  const content = structureOf(node);
  const name = nameOf(node);
  switch (name) {
    // Of both, the lines of a paragraph are drawn as lines.
    case 'br':
      return ' ';
    case 'pre':
      return `<pre>${escape(node.textContent?.trimEnd() ?? '')
        .replaceAll('\n', '¶')
        .replaceAll(' ', '·')}</pre>`;
    case 'ol':
      return `<ol ${node.getAttribute('start') ?? 1}>${content}</ol>`;
    case 'a':
      return `<a ${new URL(node.getAttribute('href') ?? '').href}>${writeInline(node)}</a>`;
    case 'hr':
    case 'img':
      return `<${name}>`;
    case '':
      return writeInline(node);
    default:
      return `<${name}>${isInline(name) ? writeInline(node) : content}</${name}>`;
  }
}

function writeInline(node: Node): string {
  return [...node.childNodes].map(writeNode).join('');
}

function isInline(name: string): boolean {
  return ['em', 'strong', 'code', 's'].includes(name);
}

/** The name of an element; empty for one that only holds others, and for what is added to the text. */
function nameOf(element: Element): string {
  const { localName, classList } = element;
  if (classList.contains('heading')) return classList.contains('small') ? 'small-heading' : 'heading';
  if (/^h[12]$/.test(localName)) return 'heading';
  if (/^h[3-6]$/.test(localName)) return 'small-heading';
  return ['div', 'span', 'body'].includes(localName) ? '' : localName;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
