import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

/** An attribute, event, slot, part or variable of an element. */
export interface NamedPart {
  readonly name: string;
  readonly description?: string;
}

/** The public parts of `<sessions-panel>`. */
export interface PanelManifest {
  readonly attributes: readonly NamedPart[];
  readonly events: readonly NamedPart[];
  readonly slots: readonly NamedPart[];
  readonly cssParts: readonly NamedPart[];
  readonly cssProperties: readonly NamedPart[];
}

/** Reads what the built manifest says about the panel. */
export async function parseManifest(): Promise<PanelManifest> {
  const text = await readFile(new URL('../../custom-elements.json', import.meta.url), 'utf8');
  const { modules } = JSON.parse(text) as {
    readonly modules: readonly { readonly declarations: readonly (PanelManifest & { tagName?: string })[] }[];
  };
  const panel = modules
    .flatMap(({ declarations }) => declarations)
    .find(({ tagName }) => tagName === 'sessions-panel');
  assert.ok(panel !== undefined, 'the manifest has no panel');
  return panel;
}
