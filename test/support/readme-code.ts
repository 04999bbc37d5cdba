import assert from 'node:assert/strict';

/** The first block of code in a language below a heading of the README. */
export function codeOf(readme: string, heading: string, language: string): string {
  const section = readme.split(`### ${heading}\n`)[1]?.split('\n### ')[0] ?? '';
  const code = section.split(`\`\`\`${language}\n`)[1]?.split('\n```')[0];
  assert.ok(code !== undefined, `README has no ${language} code under “${heading}”`);
  return code;
}
