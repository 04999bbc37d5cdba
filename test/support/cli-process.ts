import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

// Built by `npm test` before any test runs.
const CLI = fileURLToPath(new URL('../../dist/server/node/cli.js', import.meta.url));

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The server in its own process, started from the command line. */
export class CliProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<Exit>;
  /** Its output so far. */
  output = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = once(child, 'close').then(([code, signal]: (number | NodeJS.Signals | null)[]) => ({
      code: typeof code === 'number' ? code : null,
      signal: typeof signal === 'string' ? signal : null,
    }));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
    }
  }

  /** Starts it; it is killed after the test. */
  static spawn(t: TestContext, ...args: readonly string[]): CliProcess {
    return CliProcess.run(t, process.execPath, [CLI, ...args]);
  }

  /** Starts it with more variables in its environment. */
  static spawnWith(t: TestContext, environment: NodeJS.ProcessEnv, ...args: readonly string[]): CliProcess {
    return CliProcess.run(t, process.execPath, [CLI, ...args], environment);
  }

  /** Starts it by a shell that first runs another command. */
  static spawnAfter(t: TestContext, command: string, ...args: readonly string[]): CliProcess {
    return CliProcess.run(t, 'sh', ['-c', `${command}; exec "$0" "$@"`, process.execPath, CLI, ...args]);
  }

  /** Starts any program; it is killed after the test. */
  static run(
    t: TestContext,
    program: string,
    args: readonly string[],
    environment: NodeJS.ProcessEnv = {},
  ): CliProcess {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    });
    t.after(() => child.kill('SIGKILL'));
    return new CliProcess(child);
  }

  /** Resolves with its address once it listens. */
  async url(): Promise<string> {
    for (;;) {
      const match = /^graph-sessions server listening on (http:\/\/\S+)$/m.exec(this.output);
      if (match?.[1] !== undefined) return match[1];
      assert.equal(this.#child.exitCode, null, this.output);
      const { stdout, stderr } = this.#child;
      assert.ok(stdout && stderr);
      await Promise.race([once(stdout, 'data'), once(stderr, 'data'), this.#ended]);
    }
  }

  get pid(): number {
    assert.ok(this.#child.pid !== undefined);
    return this.#child.pid;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Sends a signal that it survives. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Sends a signal and resolves when it has ended. */
  kill(signal: NodeJS.Signals): Promise<Exit> {
    this.#child.kill(signal);
    return this.#ended;
  }

  ended(): Promise<Exit> {
    return this.#ended;
  }
}
