import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

/** The first block of code in a language below a heading of a document, such as `docs/server.md`. */
export async function codeOf(document: string, heading: string, language: string): Promise<string> {
  const text = await readFile(new URL(`../../${document}`, import.meta.url), 'utf8');
  const section = text.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const code = section.split(`\`\`\`${language}\n`)[1]?.split('\n```')[0];
  assert.ok(code !== undefined, `${document} has no ${language} code under “${heading}”`);
  return code;
}
