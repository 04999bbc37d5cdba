import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { query, type Ending } from './postgres.js';

/** A disk of a database that can be filled. */
export interface FillableDisk {
  /** How it is made. */
  readonly kind: 'file system' | 'trigger';
  /** Fills it. */
  fill(): Promise<void>;
  /** Makes room on it. */
  empty(): Promise<void>;
}

/**
 * Puts the events of a database on a disk of 4 MiB that can be filled, until the test ends: a real one where this process may
 * mount one, and is on the machine of the database; else a trigger that raises what PostgreSQL does then (53100).
 */
export async function fillableDisk(t: Ending, url: string): Promise<FillableDisk> {
  const directory = await mkdtemp(join(tmpdir(), 'graph-sessions-disk-'));
  const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', directory]);
  if (mount.status !== 0) {
    await rm(directory, { recursive: true });
    return disturbedBy(url);
  }
  const name = `disk_${randomBytes(6).toString('hex')}`;
  const [row] = (await query(url, 'show data_directory')) as { data_directory: string }[];
  const { uid, gid } = await stat(row?.data_directory ?? '');
  await chown(directory, uid, gid);
  await query(url, `create tablespace ${name} location '${directory}'`);
  await query(url, `alter table graph_sessions.events set tablespace ${name}`);
  const filler = join(directory, 'filler');
  t.after(async () => {
    await rm(filler, { force: true });
    await query(url, 'alter table graph_sessions.events set tablespace pg_default');
    await query(url, `drop tablespace ${name}`);
    spawnSync('umount', [directory]);
    await rm(directory, { recursive: true });
  });
  return { kind: 'file system', fill: () => fill(filler), empty: () => rm(filler) };
}

/** Writes a file until the disk is full. */
async function fill(path: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (;;) await file.write(Buffer.alloc(4096));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  } finally {
    await file.close();
  }
}

function disturbedBy(url: string): FillableDisk {
  const body = `begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end`;
  return {
    kind: 'trigger',
    fill: async () => {
      await query(
        url,
        `create function graph_sessions.full_disk() returns trigger language plpgsql as $$ ${body} $$;
         create trigger full_disk before insert on graph_sessions.events execute function graph_sessions.full_disk()`,
      );
    },
    empty: async () => {
      await query(url, 'drop function graph_sessions.full_disk() cascade');
    },
  };
}
