/**
 * The manifest is for users of the package: it names the elements, by the files that are published, and
 * not the functions and styles that the elements are made of.
 */
const publishedElements = {
  name: 'published-elements',
  /** @param {{customElementsManifest: {modules: Module[]}}} phase */
  packageLinkPhase({ customElementsManifest }) {
    const elements = customElementsManifest.modules.filter(hasElement);
    for (const module of elements) {
      for (const declaration of module.declarations ?? []) {
        declaration.members = declaration.members?.filter(({ name }) => !name.startsWith('#'));
        // What is dispatched without a description is a guess from an argument of its constructor.
        declaration.events = declaration.events?.filter(({ description }) => description !== undefined);
      }
    }
    customElementsManifest.modules = JSON.parse(JSON.stringify(elements), (_key, value) =>
      typeof value === 'string' ? value.replace(/^\/?src\/(.+)\.ts$/, 'dist/$1.js') : value,
    );
  },
};

/**
 * @typedef {{tagName?: string, members?: {name: string}[] | undefined,
 *   events?: {description?: string}[] | undefined}} Declaration
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

export default {
  globs: ['src/elements/**/*.ts', 'src/define.ts'],
  litelement: true,
  plugins: [publishedElements],
  // package.json names the manifest already.
  packagejson: false,
};
