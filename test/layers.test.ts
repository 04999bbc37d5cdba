import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { posix, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { parseSync } from 'vite';

type Allowed = Readonly<Record<string, readonly string[]>>;

/** The rooms that the inbox and every room of a session may import. */
const SESSION = [
  'elements/question',
  'elements/form',
  'elements/content',
  'elements/base',
  'elements/parts',
  'elements/strings',
  'elements/theme',
];

/**
 * What the files of a layer may import beyond the layer: other layers, single files and packages. Layers
 * without rooms (below) may also import everything of their own.
 */
const LAYERS: Allowed = {
  protocol: ['eventsource-parser'],
  runner: ['protocol'],
  controller: ['protocol', 'signal-polyfill'],
  loading: [],
  service: ['protocol', 'loading'],
  conformance: ['protocol', 'service/graph-run-service.ts'],
  actions: ['service/graph-run-service.ts', 'controller', 'protocol', 'loading'],
  elements: ['controller', 'actions', 'protocol', 'loading', 'lit'],
  server: ['protocol'],
  'define.ts': [
    'protocol',
    'runner',
    'controller',
    'service',
    'actions',
    'elements',
    'loading',
    'index.ts',
    'lit',
  ],
  'drawer.ts': ['elements/drawer'],
  'bundle.ts': ['define.ts', 'index.ts'],
  'index.ts': ['protocol', 'runner', 'controller', 'service', 'actions', 'elements'],
};

/** What the rooms of the server's sessions may all import. */
const BELOW_SESSIONS = [
  'server/cluster/*',
  'server/writing',
  'server/scheduling',
  'server/store',
  'server/limits.ts',
];

/**
 * What the files of a room may import beyond the room itself and what its layer may: `x` is the folder `x` with
 * all that is in it, `x/*` the files of `x` without its rooms. A file belongs to the innermost room around it.
 */
const ROOMS: Allowed = {
  'protocol/values': [],
  'protocol/*': ['protocol/questions', 'protocol/schema', 'protocol/stream', 'protocol/values'],
  'protocol/stream': ['protocol/*', 'protocol/values'],
  'protocol/questions': ['protocol/*', 'protocol/schema', 'protocol/values'],
  'protocol/schema': ['protocol/values'],
  'protocol/session-file': ['protocol/*', 'protocol/questions', 'protocol/schema', 'protocol/values'],

  'controller/*': ['controller/run', 'controller/inbox'],
  'controller/inbox': ['controller/*', 'controller/run'],
  'controller/run': ['controller/*'],

  'actions/*': ['actions/inbox', 'actions/reading'],
  'actions/inbox': ['actions/*', 'actions/reading'],
  'actions/reading': [],

  'runner/*': [],
  'runner/examples': ['runner/*'],
  'runner/ag-ui': ['runner/*'],

  'service/*': [],
  'service/http': ['service/*', 'service/http/attempts'],
  'service/http/attempts': ['service/*', 'service/http/*'],
  'service/http/legacy': ['service/*', 'service/http/*', 'service/http/attempts'],
  'service/publish': ['service/*'],
  'service/memory': ['service/*', 'service/publish', 'runner/graph-runner.ts'],
  'service/file': ['service/*', 'service/publish', 'protocol/session-file'],
  'service/polled': ['service/*', 'service/publish'],
  'service/kit': ['service/*', 'service/polled', 'service/publish'],
  'service/langgraph/*': ['service/*', 'service/langgraph/turns', 'service/polled', 'service/publish'],
  'service/langgraph/turns': ['service/*', 'service/langgraph/*', 'service/polled', 'service/publish'],
  'service/mastra': ['service/*', 'service/polled', 'service/publish'],
  'service/tabs': ['service/*'],

  'server/*': ['runner/graph-runner.ts'],
  'server/node': [
    'server/http',
    'server/credentials',
    'server/store',
    'server/scheduling',
    'server/limits.ts',
    'runner',
    'node:',
  ],
  'server/http': [
    'server/http/admission',
    'server/streams',
    'server/sessions',
    'server/scheduling',
    'server/store',
    'server/limits.ts',
    'runner/graph-runner.ts',
  ],
  'server/http/admission': [
    'server/sessions/session-errors.ts',
    'server/scheduling',
    'server/store/storable-text.ts',
    'server/limits.ts',
  ],
  'server/streams': ['server/sessions', 'server/scheduling', 'server/store', 'server/limits.ts'],
  'server/sessions/*': [
    'server/sessions/changes',
    'server/sessions/claims',
    'server/sessions/following',
    'server/sessions/upkeep',
    'server/credentials',
    ...BELOW_SESSIONS,
    'runner/graph-runner.ts',
  ],
  'server/sessions/changes': [
    'server/sessions/*',
    'server/sessions/following',
    ...BELOW_SESSIONS,
    'runner/graph-runner.ts',
  ],
  'server/sessions/upkeep': ['server/sessions/*', ...BELOW_SESSIONS, 'runner/graph-runner.ts'],
  'server/sessions/following': ['server/sessions/*', ...BELOW_SESSIONS],
  'server/sessions/claims': ['server/sessions/*', ...BELOW_SESSIONS, 'runner/graph-runner.ts'],
  'server/writing': ['server/scheduling', 'server/store', 'server/limits.ts', 'runner/graph-runner.ts'],
  'server/scheduling': [],
  'server/credentials': ['node:'],
  'server/cluster/*': ['server/store/ownership.ts'],
  'server/cluster/postgres': [
    'server/cluster/*',
    'server/store/*',
    'server/store/sql',
    'server/scheduling',
    'node:',
    'kysely',
    'pg',
  ],
  'server/store/*': ['server/cluster/*', 'server/scheduling', 'node:'],
  'server/store/sql': ['server/store/*', 'server/cluster/*', 'server/scheduling', 'kysely'],
  'server/store/sqlite': [
    'server/store/*',
    'server/store/sql',
    'server/scheduling',
    'node:',
    'kysely',
    'libsql',
  ],
  'server/store/postgres': [
    'server/store/*',
    'server/store/sql',
    'server/cluster',
    'server/scheduling',
    'kysely',
    'pg',
  ],

  'elements/strings': [],
  'elements/theme': [],
  'elements/parts': ['elements/strings'],
  'elements/base': ['elements/parts', 'elements/strings', 'elements/theme'],
  'elements/content': [
    'elements/content/markdown',
    'elements/base',
    'elements/parts',
    'elements/strings',
    'elements/theme',
  ],
  'elements/content/markdown/*': [
    'elements/content/*',
    'elements/content/markdown/syntax',
    'elements/content/media',
    'elements/strings',
    'markdown-it',
  ],
  'elements/content/markdown/syntax': ['elements/content/markdown/*', 'markdown-it'],
  'elements/content/output': [
    'elements/content/*',
    'elements/content/media',
    'elements/content/page',
    'elements/base',
    'elements/parts',
    'elements/strings',
    'elements/theme',
  ],
  'elements/list': ['elements/base', 'elements/parts', 'elements/strings', 'elements/theme'],
  'elements/drawer': ['elements/base', 'elements/parts', 'elements/strings', 'elements/theme'],
  'elements/form/schema': [],
  'elements/form/model': ['elements/form/schema'],
  'elements/form': [
    'elements/form/model',
    'elements/form/schema',
    'elements/content',
    'elements/base',
    'elements/parts',
    'elements/strings',
    'elements/theme',
  ],
  'elements/question/review': [
    'elements/form',
    'elements/content',
    'elements/base',
    'elements/parts',
    'elements/strings',
    'elements/theme',
  ],
  'elements/question': [
    'elements/question/review',
    'elements/form',
    'elements/content',
    'elements/base',
    'elements/parts',
    'elements/strings',
    'elements/theme',
  ],
  'elements/files': ['elements/base', 'elements/parts', 'elements/strings', 'elements/theme'],
  'elements/rerun': ['elements/base', 'elements/parts', 'elements/strings', 'elements/theme'],
  'elements/inbox': SESSION,
  'elements/session': [...SESSION, 'elements/session'],
  'elements/session/activity': [...SESSION, 'elements/session/*'],
  'elements/session/timeline': [...SESSION, 'elements/session/*'],
  'elements/session/player': [...SESSION, 'elements/session/*', 'elements/session/timeline'],
  'elements/session/events': [...SESSION, 'elements/session/*'],
  'elements/panel': [
    'elements/session',
    'elements/files',
    'elements/rerun',
    'elements/inbox',
    'elements/list',
    'elements/content',
    'elements/base',
    'elements/parts',
    'elements/strings',
    'elements/theme',
  ],
};

/** Imports of single files: packages with one user, and the rooms that an index lists. */
const FILES: Allowed = {
  'runner/index.ts': ['runner'],
  'server/index.ts': ['server'],
  'server/store/open-store.ts': ['server/store/sqlite', 'server/store/postgres'],
  // The only way to the mode for older servers: everything else reads version 1 of the protocol alone.
  'service/http/http-graph-run-service.ts': ['service/http/legacy'],
  'elements/base/signal-element.ts': ['signal-polyfill'],
  'elements/form/schema/schema-check.ts': ['@cfworker/json-schema'],
};

const FORBIDDEN_SYNTAX: Readonly<Record<string, string>> = {
  Decorator: 'decorators are shipped unlowered by some build tools',
  TSAnyKeyword: 'use unknown instead of any',
  TSEnumDeclaration: 'use a union of strings instead of an enum',
};

interface Source {
  /** Files below src, and packages with their subpath. */
  readonly imports: { readonly target: string }[];
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

/** Collects all imports in the syntax tree of a file, and the syntax that it must not use. */
function visit(node: unknown, file: string, into: Source): void {
  if (typeof node !== 'object' || node === null) return;
  if (Array.isArray(node)) {
    for (const child of node) visit(child, file, into);
    return;
  }
  const { type, source } = node as Record<string, unknown>;
  const reason = FORBIDDEN_SYNTAX[String(type)];
  if (reason) into.forbidden.push(`${file}: ${reason}`);
  if (typeof source === 'object' && source !== null && 'value' in source) {
    into.imports.push({ target: resolve(file, String(source.value)) });
  }
  for (const child of Object.values(node)) visit(child, file, into);
}

function resolve(file: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  return posix.join(posix.dirname(file), specifier).replace(/\.js$/, '.ts');
}

/** The innermost room around a file; if there is none, its layer. */
function roomOf(file: string): string {
  const folder = posix.dirname(file);
  if (folder === '.') return file;
  const rooms = Object.keys(ROOMS).filter((room) => contains(room, file));
  return rooms.sort((a, b) => b.length - a.length)[0] ?? layerOf(file);
}

function layerOf(file: string): string {
  return file.split('/')[0] ?? '';
}

/** Whether `entry` of a table names `target`: a file, a package or part of it, a folder, or the files of a folder. */
function contains(entry: string, target: string): boolean {
  if (entry.endsWith('/*')) return posix.dirname(target) === entry.slice(0, -2);
  return target === entry || target.startsWith(entry.endsWith(':') ? entry : `${entry}/`);
}

function isAllowed(file: string, target: string): boolean {
  const room = roomOf(file);
  if (sources.has(target) && roomOf(target) === room) return true;
  const allowed = [...(LAYERS[layerOf(file)] ?? []), ...(ROOMS[room] ?? []), ...(FILES[file] ?? [])];
  return allowed.some((entry) => contains(entry, target));
}

/** The files, and everything that they import, directly or through other files. */
function reachableFrom(files: readonly string[]): ReadonlySet<string> {
  const reached = new Set(files);
  for (const file of reached) {
    for (const { target } of sources.get(file)?.imports ?? []) reached.add(target);
  }
  return reached;
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

test('a file imports only the layers, rooms and packages below its own', () => {
  const violations = [...sources].flatMap(([file, { imports }]) =>
    imports.filter(({ target }) => !isAllowed(file, target)).map(({ target }) => `${file} imports ${target}`),
  );
  assert.deepEqual(violations, []);
});

test('forms without a DOM import only the protocol and the schema library', () => {
  const rooms = ['elements/form/model', 'elements/form/schema'];
  const imports = [...sources].flatMap(([file, source]) =>
    rooms.some((room) => contains(room, file)) ? source.imports.map(({ target }) => target) : [],
  );
  const allowed = [...rooms, 'protocol', '@cfworker/json-schema'];
  const others = imports.filter((target) => !allowed.some((entry) => contains(entry, target)));
  assert.ok(imports.length > 0);
  assert.deepEqual(others, []);
});

test('the client of version 1 reaches no module for older servers', () => {
  const reached = reachableFrom([
    'service/http/session-connection.ts',
    'service/http/session-stream.ts',
    'service/http/monitor-connection.ts',
    'service/http/session-receiver.ts',
    'service/http/attempts/stream-attempt.ts',
    'service/http/attempts/reconnect.ts',
  ]);
  assert.deepEqual(
    [...reached].filter((file) => contains('service/http/legacy', file)),
    [],
  );
  const importers = [...sources].filter(([file, { imports }]) =>
    imports.some(({ target }) => contains('service/http/legacy', target) && roomOf(file) !== roomOf(target)),
  );
  assert.deepEqual(
    importers.map(([file]) => file),
    ['service/http/http-graph-run-service.ts'],
  );
});

test('every room and file of the tables exists', () => {
  const names = [LAYERS, ROOMS, FILES].flatMap((table) => [
    ...Object.keys(table),
    ...Object.values(table).flat(),
  ]);
  const layers = new Set([...sources.keys()].map(layerOf));
  const unknown = names
    .filter((name) => layers.has(layerOf(name)))
    .filter((name) => ![...sources.keys()].some((file) => contains(name, file)));
  assert.deepEqual(unknown, []);
});

test('every file of a layer with rooms belongs to a room', () => {
  const layersWithRooms = new Set(Object.keys(ROOMS).map(layerOf));
  const strays = [...sources.keys()].filter(
    (file) => layersWithRooms.has(layerOf(file)) && roomOf(file) === layerOf(file),
  );
  assert.deepEqual(strays, []);
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

test('F2 nothing that runs in a page needs a secure context for its identifiers', () => {
  const users = [...sources.keys()].filter(
    (file) =>
      layerOf(file) !== 'server' && /randomUUID\(|crypto\.subtle/.test(readFileSync(src + file, 'utf8')),
  );
  assert.deepEqual(users, []);
});
