import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

const ELEMENTS = new URL('../../src/elements/', import.meta.url);

/** Every style sheet below the elements, as text. */
const sheets = readdirSync(ELEMENTS, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.styles.ts'))
  .map((file) => ({ file, text: readFileSync(new URL(file, ELEMENTS), 'utf8') }));

/** The names of the containers that a sheet declares: those of its host, or those of other elements. */
function declared(text: string, isHost: boolean): readonly string[] {
  return [...text.matchAll(/(?<selector>[^{}]+)\{(?<body>[^{}]*)\}/g)].flatMap(({ groups = {} }) => {
    const name = /\bcontainer: (?<name>[\w-]+) \//.exec(groups['body'] ?? '')?.groups?.['name'];
    return name !== undefined && groups['selector']?.includes(':host') === isHost ? [name] : [];
  });
}

const queried = (text: string): readonly string[] =>
  [...text.matchAll(/@container (?<name>[a-z][\w-]*) \(/g)].map(({ groups = {} }) => groups['name'] ?? '');

describe('a container that is queried by its name', () => {
  it('exists, and is no host of a shadow tree above that of the query, which WebKit does not find', () => {
    const inTrees = new Set(sheets.flatMap(({ text }) => declared(text, false)));
    assert.ok(sheets.length > 20, 'the sheets are read');
    const lost = sheets.flatMap(({ file, text }) =>
      queried(text)
        .filter((name) => !inTrees.has(name) && !hostsOfRoom(file).includes(name))
        .map((name) => `${file}: ${name}`),
    );
    assert.deepEqual(lost, []);
  });
});

/** Containers that are hosts of the trees to which a sheet belongs: a room without an element is drawn by the room around it. */
function hostsOfRoom(file: string): readonly string[] {
  const folder = folderOf(file);
  const room = sheets.filter((sheet) => folderOf(sheet.file) === folder);
  const hasElement = room.some(({ text }) => text.includes(':host'));
  if (!hasElement && folder.includes('/')) return hostsOfRoom(folder);
  return room.flatMap(({ text }) => declared(text, true));
}

function folderOf(file: string): string {
  return file.slice(0, file.lastIndexOf('/'));
}
