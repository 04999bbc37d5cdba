import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'libsql';
import type { CliProcess } from './cli-process.js';

/** Something that happens to a process from outside, and passes. */
export interface MachineFault {
  /** Why it cannot be brought about on this machine; undefined where it can. */
  readonly skip?: string;
  /** Brings it about. Resolves with what ends it, which may be called after the process has died. */
  begin(cli: CliProcess, directory: string): Promise<() => void>;
}

/**
 * No file of the process can grow: what a write gets on a full disk, except for the code of the error. Needs no
 * rights, and disturbs no other process.
 */
const fullDisk: MachineFault = {
  ...(spawnSync('prlimit', ['--version']).status === 0
    ? {}
    : { skip: 'needs prlimit (util-linux) to keep the files of a process from growing' }),
  async begin(cli, directory) {
    const files = await readdir(directory);
    const sizes = await Promise.all(files.map(async (file) => (await stat(join(directory, file))).size));
    limitFileSize(cli, String(Math.max(...sizes)));
    return () => {
      if (cli.isRunning) limitFileSize(cli, 'unlimited');
    };
  },
};

/** A backup tool, or a transaction that was left open in a shell, holds the write lock of the database. */
const foreignLock: MachineFault = {
  async begin(_cli, directory) {
    const database = new Database(join(directory, 'sessions.db'), { timeout: 5000 });
    database.exec('BEGIN IMMEDIATE');
    return () => {
      database.exec('ROLLBACK');
      database.close();
    };
  },
};

/** The process does not run for a while: a suspended machine, a frozen container, a debugger. */
const pause: MachineFault = {
  async begin(cli) {
    cli.signal('SIGSTOP');
    return () => cli.signal('SIGCONT');
  },
};

export const MACHINE_FAULTS = { fullDisk, foreignLock, pause } as const;

function limitFileSize(cli: CliProcess, soft: string): void {
  const { status, stderr } = spawnSync('prlimit', ['--pid', String(cli.pid), `--fsize=${soft}:unlimited`]);
  assert.equal(status, 0, String(stderr));
}
