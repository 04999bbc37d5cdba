import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { compileFunction } from 'node:vm';
import { build, type Plugin } from 'esbuild';
import type * as serverUnderTest from './server-under-test.js';
import type { SimulatedGlobals } from './simulated-globals.js';

/** What a process runs. */
export type ServerCode = typeof serverUnderTest;

/** A fault of the server: in a file of `src`, one text is replaced by another. */
export interface Mutation {
  readonly file: string;
  readonly text: string;
  readonly by: string;
}

/** The code of the server, to be loaded as often as there are processes at the same time. */
export type LoadServer = () => LoadedServer;

/**
 * The modules of one process. Their globals are those of `globals`, which is replaced when the process is: the code keeps no
 * state outside of what it creates.
 */
export interface LoadedServer {
  readonly code: ServerCode;
  globals: SimulatedGlobals | undefined;
}

const ROOT = new URL('../../../', import.meta.url);
/** What the code finds instead of the globals of Node. */
const NAMES = [
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'setImmediate',
  'performance',
  'Math',
  'Date',
  'crypto',
] as const;

/**
 * Bundles the server, with a fault if there is one.
 *
 * @throws Error when the text of the mutation is not in its file exactly once.
 */
export async function bundleServer(mutation?: Mutation): Promise<LoadServer> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./server-under-test.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    plugins: mutation === undefined ? [] : [mutating(mutation)],
  });
  const source = outputFiles[0]?.text ?? '';
  const run: unknown = compileFunction(source, ['module', 'exports', 'require', ...NAMES], {
    filename: 'simulated-server.cjs',
  });
  if (typeof run !== 'function') throw new TypeError('The bundle is no function.');
  return () => load(run as (...values: readonly unknown[]) => void);
}

function load(run: (...values: readonly unknown[]) => void): LoadedServer {
  const module: { exports: unknown } = { exports: {} };
  const loaded: { code: ServerCode; globals: SimulatedGlobals | undefined } = {
    code: module.exports as ServerCode,
    globals: undefined,
  };
  const current = (): SimulatedGlobals => {
    if (loaded.globals === undefined) throw new Error('No process runs this code.');
    return loaded.globals;
  };
  const values: Readonly<Record<(typeof NAMES)[number], unknown>> = {
    setTimeout: (callback: () => void, ms?: number) => current().setTimeout(callback, ms),
    clearTimeout: (timer: unknown) => current().clearTimer(timer),
    setInterval: (callback: () => void, ms?: number) => current().setInterval(callback, ms),
    clearInterval: (timer: unknown) => current().clearTimer(timer),
    setImmediate: (callback: () => void) => current().setImmediate(callback),
    performance: { now: () => current().monotonicMs() },
    Math: mathWith(() => current().random()),
    Date: dateWith(() => current().timeMs()),
    crypto: {
      randomUUID: () => current().randomUUID(),
      getRandomValues: (bytes: Uint8Array) => {
        bytes.set(bytes.map(() => Math.floor(current().random() * 256)));
        return bytes;
      },
    },
  };
  const noRequire = (name: string): never => {
    throw new Error(`The simulated server requires ${name}.`);
  };
  run(module, module.exports, noRequire, ...NAMES.map((name) => values[name]));
  loaded.code = module.exports as ServerCode;
  return loaded;
}

function mathWith(random: () => number): Math {
  return Object.defineProperty(Object.create(Math) as Math, 'random', { value: random });
}

function dateWith(now: () => number): DateConstructor {
  return class extends Date {
    static override now(): number {
      return now();
    }
  } as DateConstructor;
}

function mutating({ file, text, by }: Mutation): Plugin {
  const path = fileURLToPath(new URL(file, ROOT));
  return {
    name: 'mutation',
    setup({ onLoad, onEnd }) {
      let isDone = false;
      onLoad({ filter: /\.ts$/ }, async (args) => {
        if (args.path !== path) return undefined;
        const parts = (await readFile(path, 'utf8')).split(text);
        if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times: ${text}`);
        isDone = true;
        return { contents: parts.join(by), loader: 'ts' };
      });
      onEnd(() => {
        if (!isDone) throw new Error(`The server does not use ${file}.`);
      });
    },
  };
}
