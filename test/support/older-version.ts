import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Ending } from './postgres.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** What a server in a process of its own consists of. */
const PARTS = ['src/protocol', 'src/runner', 'src/server', 'package.json', 'tsconfig.json'];
const MEMBER = 'test/support/cluster-member.ts';

/** Something that the version before this one did not have: in a file, one text is replaced by another. */
interface Step {
  readonly file: string;
  readonly text: string | RegExp;
  readonly by: string;
}

/** The list of all graphs: the newest step of the tables, and all that others notice of a server that does not know it. */
const ALL_GRAPHS: readonly Step[] = [
  {
    file: 'src/server/store/sql/sql-schema.ts',
    text: /^ {4}'0013-all-graphs': \{\n.*?^ {4}\},\n/ms,
    by: '',
  },
  { file: 'src/protocol/stream/features.ts', text: '  ALL_GRAPHS_FEATURE,\n', by: '' },
  {
    file: 'src/server/http/parse-requests.ts',
    text: "const graphs = query.get('graphs');",
    by: 'const graphs: string | null = null;',
  },
  {
    file: 'src/server/sessions/following/list-follower.ts',
    text: "    bus.publish({ kind: 'list', listKey: listKeyOf(principal, undefined), revision });\n",
    by: '',
  },
];

/**
 * Makes a server as it was before the list of all graphs, from a copy of these sources without it: its tables lack the newest
 * step, it refuses such lists, and it sends no hints about them. Resolves with the script of `ClusterProcess`; it is removed in
 * the end.
 */
export async function olderVersion(user: Ending): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'graph-sessions-older-'));
  user.after(() => rm(directory, { recursive: true, force: true }));
  for (const part of PARTS) await cp(join(ROOT, part), join(directory, part), { recursive: true });
  await cp(join(ROOT, MEMBER), join(directory, MEMBER));
  await symlink(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  for (const { file, text, by } of ALL_GRAPHS) {
    const path = join(directory, file);
    const parts = (await readFile(path, 'utf8')).split(text);
    assert.equal(parts.length, 2, `${file} has it once`);
    await writeFile(path, parts.join(by));
  }
  return join(directory, MEMBER);
}
