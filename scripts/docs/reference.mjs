/**
 * @typedef {{name: string, description?: string, default?: string, type?: {text: string}, privacy?: string | undefined, kind?: string, fieldName?: string, attribute?: string, return?: {type: {text: string}}, parameters?: {name: string, type?: {text: string}}[]}} Entry
 * @typedef {{tagName?: string, attributes?: Entry[], members?: Entry[], events?: Entry[], slots?: Entry[], cssParts?: Entry[], cssProperties?: Entry[]}} Declaration
 * @typedef {{modules: {declarations: Declaration[]}[]}} Manifest
 */

/**
 * Writes the reference of `<sessions-panel>` as Markdown, from the manifest.
 *
 * @param {Manifest} manifest
 * @returns {string}
 */
export function referenceOf(manifest) {
  const find = (/** @type {string} */ tag) => {
    const found = manifest.modules
      .flatMap(({ declarations }) => declarations)
      .find(({ tagName }) => tagName === tag);
    if (found === undefined) throw new Error(`The manifest has no ${tag}.`);
    return found;
  };
  const panel = find('sessions-panel');
  const drawer = find('sessions-drawer');
  const isPublic = (/** @type {Entry} */ { privacy }) => privacy !== 'private' && privacy !== 'protected';
  const members = (panel.members ?? []).filter(isPublic);
  return `# Reference of the panel

Made from \`custom-elements.json\`, which editors and other tools read, too.

## Properties and attributes

${fieldTable(panel)}

## Methods

${table(
  ['method', 'meaning'],
  members
    .filter(({ kind }) => kind === 'method')
    .map(({ name, parameters = [], description }) => [
      code(`${name}(${parameters.map((parameter) => parameter.name).join(', ')})`),
      description,
    ]),
)}

## Events

All events bubble and cross shadow roots. \`preventDefault()\` on a cancelable one keeps the panel from doing what the event
announces, so that the host can do it.

${table(['event', 'class', 'when'], named(panel.events, true))}

## Slots

${table(['slot', 'content'], named(panel.slots))}

## CSS custom properties

${table(
  ['variable', 'default', 'meaning'],
  (panel.cssProperties ?? []).map((entry) => [
    code(entry.name),
    entry.default === undefined ? '' : code(entry.default),
    entry.description,
  ]),
)}

## CSS parts

![The panel with a box around each part, and its name](parts.png)

${table(['part', 'piece'], named(panel.cssParts))}

## The drawer

\`<sessions-drawer>\`, registered by \`graph-sessions/drawer.js\`; see [In a drawer](embedding.md#in-a-drawer).

${fieldTable(drawer)}

${table(['event', 'class', 'when'], named(drawer.events, true))}

${table(['part', 'piece'], named(drawer.cssParts))}
`;
}

/** @param {Declaration} element */
function fieldTable({ attributes = [], members = [] }) {
  const attributeOf = new Map(attributes.map(({ name, fieldName }) => [fieldName, name]));
  return table(
    ['property', 'attribute', 'type', 'meaning'],
    members
      .filter(({ kind, privacy }) => kind === 'field' && privacy !== 'private' && privacy !== 'protected')
      .map(({ name, type, description }) => {
        const attribute = attributeOf.get(name);
        return [
          code(name),
          attribute === undefined ? '' : code(attribute),
          code(type?.text ?? ''),
          description,
        ];
      }),
  );
}

/** @param {readonly Entry[] | undefined} entries @param {boolean} [isTyped] */
function named(entries = [], isTyped = false) {
  return entries.map(({ name, type, description }) => [
    code(name),
    ...(isTyped ? [code(type?.text ?? '')] : []),
    description,
  ]);
}

/** @param {string} text */
function code(text) {
  return text === '' ? '' : `\`${text}\``;
}

/** @param {readonly string[]} head @param {readonly (readonly (string | undefined)[])[]} rows */
function table(head, rows) {
  const line = (/** @type {readonly (string | undefined)[]} */ cells) =>
    `| ${cells.map((cell = '') => cell.replaceAll('\n', ' ').replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
