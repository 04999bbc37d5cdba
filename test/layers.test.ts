import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { posix, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { parseSync } from 'vite';

/** What the files of a layer may import: layers (whole, a file, or `type` only) and packages. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  protocol: ['eventsource-parser'],
  runner: ['protocol'],
  controller: ['protocol', 'signal-polyfill'],
  service: ['protocol', 'runner/graph-runner.ts'],
  conformance: ['protocol', 'service/graph-run-service.ts'],
  actions: ['service/graph-run-service.ts', 'controller', 'protocol'],
  elements: ['controller', 'actions', 'protocol', 'lit'],
  server: ['protocol', 'runner', 'node:', 'kysely', 'libsql', 'pg'],
  'define.ts': ['protocol', 'runner', 'controller', 'service', 'actions', 'elements', 'index.ts', 'lit'],
  'index.ts': ['protocol', 'runner', 'controller', 'service', 'actions', 'elements'],
};

/** Beyond the layer's own list: the one bridge between signals and Lit, and the one parser of Markdown. */
const ALLOWED_IN_FILE: Readonly<Record<string, readonly string[]>> = {
  'elements/signal-element.ts': ['signal-polyfill'],
  'elements/schema-check.ts': ['@cfworker/json-schema'],
  'elements/markdown.ts': ['markdown-it'],
};

const FORBIDDEN_SYNTAX: Readonly<Record<string, string>> = {
  Decorator: 'decorators are shipped unlowered by some build tools',
  TSAnyKeyword: 'use unknown instead of any',
  TSEnumDeclaration: 'use a union of strings instead of an enum',
};

interface Import {
  /** A file below src, or a package with its subpath. */
  readonly target: string;
  readonly isType: boolean;
}

interface Source {
  readonly imports: Import[];
  readonly forbidden: string[];
}

const src = fileURLToPath(new URL('../src/', import.meta.url));

const sources = new Map(
  readdirSync(src, { recursive: true, encoding: 'utf8' })
    .map((file) => file.split(sep).join('/'))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => [file, read(file)]),
);

function read(file: string): Source {
  const { program, errors } = parseSync(file, readFileSync(src + file, 'utf8'));
  assert.deepEqual(errors, [], file);
  const source: Source = { imports: [], forbidden: [] };
  visit(program, file, source);
  return source;
}

/** Collects what the syntax tree of a file imports, in any of the ways there are, and what it must not use. */
function visit(node: unknown, file: string, into: Source): void {
  if (typeof node !== 'object' || node === null) return;
  if (Array.isArray(node)) {
    for (const child of node) visit(child, file, into);
    return;
  }
  const { type, source, importKind, exportKind } = node as Record<string, unknown>;
  const reason = FORBIDDEN_SYNTAX[String(type)];
  if (reason) into.forbidden.push(`${file}: ${reason}`);
  if (typeof source === 'object' && source !== null && 'value' in source) {
    const isType = importKind === 'type' || exportKind === 'type' || type === 'TSImportType';
    into.imports.push({ target: resolve(file, String(source.value)), isType });
  }
  for (const child of Object.values(node)) visit(child, file, into);
}

function resolve(file: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  return posix.join(posix.dirname(file), specifier).replace(/\.js$/, '.ts');
}

function isAllowed(file: string, { target, isType }: Import): boolean {
  const layer = file.split('/')[0] ?? '';
  if (layer !== file && target.startsWith(`${layer}/`)) return true;
  return [...(ALLOWED[layer] ?? []), ...(ALLOWED_IN_FILE[file] ?? [])].some((entry) => {
    const [, typeOnly, name = ''] = /^(type )?(.*)$/.exec(entry) ?? [];
    const isMatch = target === name || target.startsWith(name.endsWith(':') ? name : `${name}/`);
    return isMatch && (!typeOnly || isType);
  });
}

/** The first cycle that is reachable from `file`, as the list of its files. */
function findCycle(file: string, path: readonly string[], done: Set<string>): readonly string[] | undefined {
  if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
  if (done.has(file)) return undefined;
  for (const { target } of sources.get(file)?.imports ?? []) {
    const cycle = findCycle(target, [...path, file], done);
    if (cycle) return cycle;
  }
  done.add(file);
  return undefined;
}

test('a layer imports only the layers and packages below it', () => {
  const violations = [...sources].flatMap(([file, { imports }]) =>
    imports.filter((entry) => !isAllowed(file, entry)).map(({ target }) => `${file} imports ${target}`),
  );
  assert.deepEqual(violations, []);
});

test('every relative import is a file that exists', () => {
  const missing = [...sources].flatMap(([file, { imports }]) =>
    imports
      .filter(({ target }) => target.endsWith('.ts') && !sources.has(target))
      .map(({ target }) => `${file} imports ${target}`),
  );
  assert.deepEqual(missing, []);
});

test('no files import each other in a circle', () => {
  const done = new Set<string>();
  const cycles = [...sources.keys()].map((file) => findCycle(file, [], done)?.join(' -> '));
  assert.deepEqual(cycles.filter(Boolean), []);
});

test('no decorators, no any, no enum', () => {
  assert.deepEqual(
    [...sources.values()].flatMap(({ forbidden }) => forbidden),
    [],
  );
});
