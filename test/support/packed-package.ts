import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));

/** Runs npm with arguments; its name alone cannot be executed on Windows. Returns what it prints. */
export async function npm(args: readonly string[], cwd: string): Promise<string> {
  const cli = process.env['npm_execpath'];
  const { stdout } =
    cli === undefined
      ? await run('npm', [...args], { cwd })
      : await run(process.execPath, [cli, ...args], { cwd });
  return stdout;
}

/** The package as users get it: packed by npm from the built files, and unpacked. */
export class PackedPackage {
  /** A folder of its own, outside the project. */
  readonly folder: string;
  /** The path of its tarball. */
  readonly tarball: string;

  private constructor(folder: string, tarball: string) {
    this.folder = folder;
    this.tarball = tarball;
  }

  /** Packs what `npm test` has built; remove it with `remove`. */
  static async create(): Promise<PackedPackage> {
    const folder = await mkdtemp(join(tmpdir(), 'graph-sessions-package-'));
    const printed = await npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root);
    const [pack] = JSON.parse(printed) as { filename: string }[];
    const tarball = join(folder, pack?.filename ?? '');
    await run('tar', ['-xzf', tarball, '-C', folder]);
    return new PackedPackage(folder, tarball);
  }

  /** The path of one of its files. */
  file(path: string): string {
    return join(this.folder, 'package', path);
  }

  /**
   * Creates a project that has installed the package: the packages of this project are its others.
   *
   * @param replaced paths in `node_modules` of the new project, with the folder in `node_modules` of this project that
   *   they get instead of their own
   */
  async install(name: string, replaced: Readonly<Record<string, string>> = {}): Promise<string> {
    const modules = join(this.folder, name, 'node_modules');
    await mkdir(modules, { recursive: true });
    const link = async (path: string, target = join(root, 'node_modules', path)): Promise<void> => {
      await mkdir(dirname(join(modules, path)), { recursive: true });
      await symlink(target, join(modules, path), 'junction');
    };
    for (const path of await installedPackages()) {
      if (replaced[path] === undefined) await link(path);
    }
    for (const [path, target] of Object.entries(replaced))
      await link(path, join(root, 'node_modules', target));
    await link('graph-sessions', this.file('.'));
    return join(this.folder, name);
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}

/** The packages of this project, each by its path in `node_modules`. */
async function installedPackages(): Promise<readonly string[]> {
  const modules = join(root, 'node_modules');
  const names = (await readdir(modules)).filter((name) => !name.startsWith('.'));
  const paths = names.map(async (name) =>
    name.startsWith('@') ? (await readdir(join(modules, name))).map((part) => `${name}/${part}`) : [name],
  );
  return (await Promise.all(paths)).flat();
}
