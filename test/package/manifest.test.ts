import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';

interface Named {
  readonly name: string;
  readonly default?: string;
}

interface Declaration {
  readonly tagName?: string;
  readonly members: readonly Named[];
  readonly attributes: readonly Named[];
  readonly cssProperties: readonly Named[];
}

/** What the built manifest says about the panel. */
async function panel(): Promise<Declaration> {
  const file = new URL('../../custom-elements.json', import.meta.url);
  const { modules } = JSON.parse(await readFile(file, 'utf8')) as {
    readonly modules: readonly { readonly declarations: readonly Declaration[] }[];
  };
  const declarations = modules.flatMap((module) => module.declarations);
  const declaration = declarations.find(({ tagName }) => tagName === 'sessions-panel');
  assert.ok(declaration !== undefined);
  return declaration;
}

describe('the manifest of the elements', () => {
  it('names no member that is internal', async () => {
    const { members, attributes } = await panel();
    const names = [...members, ...attributes].map(({ name }) => name);
    assert.ok(names.includes('graph-id') && names.includes('graphId'));
    const internal = names.filter((name) => /^(#|isListShown|isMenuOpen|announcement)/.test(name));
    assert.deepEqual(internal, []);
    assert.doesNotMatch(JSON.stringify([...members, ...attributes]), /#[a-z]/);
  });

  it('has the default of each variable, without private tokens', async () => {
    const { cssProperties } = await panel();
    const defaults = new Map(cssProperties.map((property) => [property.name, property.default]));
    assert.equal(defaults.get('--sessions-panel-height'), '100%');
    assert.equal(
      defaults.get('--sessions-panel-running'),
      'var(--vscode-charts-blue, light-dark(#1769b5, #5cb3f9))',
    );
    assert.equal(
      defaults.get('--sessions-panel-surface'),
      'color-mix(in srgb, #5b76ad 7%, var(--sessions-panel-background))',
    );
    assert.deepEqual(
      cssProperties.filter(({ default: text = '--_' }) => text.includes('--_')),
      [],
    );
  });
});
