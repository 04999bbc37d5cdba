import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { parseManifest, type NamedPart } from '../support/manifest.js';

const read = (path: string): Promise<string> => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
const names = (parts: readonly NamedPart[]): readonly string[] => parts.map(({ name }) => name);

describe('what frameworks and editors know about the panel', () => {
  it('the component of React has each event of the manifest', async () => {
    const { events } = await parseManifest();
    const source = await read('dist/react.js');
    const known = [...source.matchAll(/^ +(on\w+): '([\w-]+)',$/gm)].map(([, prop, event]) => ({
      prop,
      event,
    }));
    const expected = names(events).map((event) => ({
      prop: `on-${event}`.replaceAll(/-(.)/g, (_dash, letter: string) => letter.toUpperCase()),
      event,
    }));
    assert.deepEqual(known, expected);
  });

  it('web-types.json and the data for VS Code have each attribute, event, slot and variable, with its text', async () => {
    const { attributes, events, slots, cssProperties, cssParts } = await parseManifest();
    const webTypes = JSON.parse(await read('dist/web-types.json')) as {
      contributions: {
        html: {
          elements: {
            name: string;
            attributes: NamedPart[];
            slots: NamedPart[];
            js: { events: NamedPart[]; properties: NamedPart[] };
          }[];
        };
        css: { properties: NamedPart[]; parts: NamedPart[] };
      };
    };
    const [element] = webTypes.contributions.html.elements;
    assert.equal(element?.name, 'sessions-panel');
    assert.deepEqual(names(element.attributes), names(attributes));
    assert.deepEqual(names(element.js.events), names(events));
    assert.deepEqual(names(element.slots), names(slots));
    assert.ok(names(element.js.properties).includes('history'));
    const { css, html } = webTypes.contributions;
    assert.deepEqual(names(css.properties).slice(0, cssProperties.length), names(cssProperties));
    assert.deepEqual(names(css.parts).slice(0, cssParts.length), names(cssParts));
    assert.deepEqual(names(html.elements), ['sessions-panel', 'sessions-drawer']);
    const data = JSON.parse(await read('dist/vscode.html-custom-data.json')) as {
      tags: { name: string; attributes: NamedPart[] }[];
    };
    assert.deepEqual(names(data.tags), ['sessions-panel', 'sessions-drawer']);
    assert.deepEqual(names(data.tags[0]?.attributes ?? []), names(attributes));
    const parts = [...element.attributes, ...element.js.events, ...(data.tags[0]?.attributes ?? [])];
    assert.deepEqual(
      parts.filter(({ description = '' }) => description === ''),
      [],
    );
  });
});
