/**
 * The library that parses Markdown. The build replaces this module by one that contains the library, with
 * `named-references.ts` in place of its table of HTML's named characters, a third of its size.
 */
export { default as MarkdownParser } from 'markdown-it';
export type { Env, MarkdownIt, StateBlock, StateCore, StateInline, Token } from 'markdown-it';
