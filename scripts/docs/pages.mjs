/** The pages of the documentation site, in the order of its menu. */

/**
 * @typedef {object} PageSource
 * @property {string} file path of the Markdown file from the root of the project
 * @property {string} name name of its page, without an ending
 * @property {string} label its words in the menu
 */

/** @type {readonly PageSource[]} */
export const PAGES = [
  { file: 'README.md', name: 'index', label: 'Overview' },
  { file: 'docs/start.md', name: 'start', label: 'Start in five minutes' },
  { file: 'docs/embedding.md', name: 'embedding', label: 'Embed the panel' },
  { file: 'docs/frameworks.md', name: 'frameworks', label: 'React, Vue, Svelte, Angular, Lit' },
  { file: 'examples/README.md', name: 'examples', label: 'Examples' },
  { file: 'docs/theming.md', name: 'theming', label: 'Change its look' },
  { file: 'docs/reference.md', name: 'reference', label: 'Reference of the panel' },
  { file: 'docs/server.md', name: 'server', label: 'Run a server' },
  { file: 'docs/langgraph.md', name: 'langgraph', label: 'LangGraph' },
  { file: 'docs/mastra.md', name: 'mastra', label: 'Mastra' },
  { file: 'docs/backends.md', name: 'backends', label: 'A backend of your own' },
  { file: 'docs/troubleshooting.md', name: 'troubleshooting', label: 'Troubleshooting' },
  { file: 'docs/browsers.md', name: 'browsers', label: 'Browsers and versions' },
  { file: 'PROTOCOL.md', name: 'protocol', label: 'Protocol' },
  { file: 'CONTRIBUTING.md', name: 'contributing', label: 'Contributing' },
  { file: 'CHANGELOG.md', name: 'changelog', label: 'Changelog' },
];
