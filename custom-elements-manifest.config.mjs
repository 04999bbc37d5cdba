import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { variableDefaults } from './scripts/manifest/variable-defaults.mjs';

const ELEMENTS = 'src/elements';

/** Members whose documentation says `@internal`, as `Class.member`. */
const internals = new Set();

/**
 * The manifest is for users of the package: it names the elements, by the files that are published, and
 * neither the functions and styles that the elements are made of nor what is internal to them.
 */
const publishedElements = {
  name: 'published-elements',
  /** @param {{ts: Compiler, node: Node}} phase */
  analyzePhase({ ts, node }) {
    if (!ts.isPropertyDeclaration(node)) return;
    if (ts.getJSDocTags(node).some(({ tagName }) => tagName.text === 'internal'))
      internals.add(`${node.parent?.name?.getText()}.${node.name?.getText()}`);
  },
  /** @param {{customElementsManifest: {modules: Module[]}}} phase */
  packageLinkPhase({ customElementsManifest }) {
    const defaults = variableDefaults(styleTexts());
    const elements = customElementsManifest.modules.filter(hasElement);
    for (const module of elements) {
      for (const declaration of module.declarations ?? []) {
        const isPublic = (/** @type {Member} */ { name, fieldName = name, privacy, inheritedFrom }) =>
          !fieldName.startsWith('#') &&
          privacy !== 'protected' &&
          !internals.has(`${inheritedFrom?.name ?? declaration.name}.${fieldName}`);
        declaration.members = declaration.members?.filter(isPublic);
        declaration.attributes = declaration.attributes?.filter(isPublic);
        for (const member of [...(declaration.members ?? []), ...(declaration.attributes ?? [])]) {
          // A default that is computed from private state says nothing.
          if (/#|this\./.test(member.default ?? '')) delete member.default;
          // The base classes have no tag, and so no place in the manifest.
          delete member.inheritedFrom;
        }
        // What is dispatched without a description is a guess from an argument of its constructor.
        declaration.events = declaration.events?.filter(({ description }) => description !== undefined);
        for (const property of declaration.cssProperties ?? []) {
          const text = defaults.get(property.name);
          if (text !== undefined) property.default = text;
        }
      }
    }
    customElementsManifest.modules = JSON.parse(JSON.stringify(elements), (_key, value) =>
      typeof value === 'string' ? value.replace(/^\/?src\/(.+)\.ts$/, 'dist/$1.js') : value,
    );
  },
};

/**
 * What the analyzer's own compiler offers; its types are not those of the project's compiler.
 *
 * @typedef {{parent?: Node, name?: {getText(): string}}} Node
 * @typedef {{isPropertyDeclaration(node: Node): boolean,
 *   getJSDocTags(node: Node): readonly {tagName: {text: string}}[]}} Compiler
 */

/**
 * @typedef {{name: string, fieldName?: string, default?: string, privacy?: string,
 *   inheritedFrom?: {name: string}}} Member
 * @typedef {{name?: string, tagName?: string, members?: Member[] | undefined, attributes?: Member[] | undefined,
 *   events?: {description?: string}[] | undefined, cssProperties?: Member[]}} Declaration
 * @typedef {{declarations?: Declaration[]}} Module
 */

/**
 * Not of base classes, which have no tag.
 *
 * @param {Module} module
 */
function hasElement({ declarations = [] }) {
  return declarations.some(({ tagName }) => tagName);
}

/** The text of all styles. */
function styleTexts() {
  return readdirSync(ELEMENTS, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.styles.ts') || file.endsWith('theme.ts'))
    .map((file) => readFileSync(join(ELEMENTS, file), 'utf8'))
    .join('\n');
}

export default {
  globs: ['src/elements/**/*.ts', 'src/define.ts', 'src/drawer.ts'],
  litelement: true,
  plugins: [publishedElements],
  // package.json names the manifest already.
  packagejson: false,
};
