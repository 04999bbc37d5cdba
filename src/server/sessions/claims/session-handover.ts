import type { StoreClaims } from '../../cluster/store-claims.js';
import type { WakeBus } from '../../cluster/wake-bus.js';
import { Wakeup } from '../../scheduling/wakeup.js';
import type { RunnerHost } from '../runner-host.js';
import type { SessionCache } from '../session-cache.js';
import type { Session } from '../session.js';

/** Dependencies of `handOver`. */
export interface HandoverContext {
  readonly claims: StoreClaims;
  readonly bus: WakeBus;
  readonly cache: SessionCache;
  readonly host: RunnerHost;
}

/**
 * Leaves the sessions that this process runs to the others, each as soon as none of its nodes runs: those that run may
 * finish, within `limitMs`; no other starts here. `requests` resolves when those are answered that may make a session run
 * here all the same. Never rejects: what cannot be given back, the others find out.
 */
export async function handOver(
  limitMs: number,
  requests: Promise<unknown>,
  { claims, bus, cache, host }: HandoverContext,
): Promise<void> {
  const untilMs = performance.now() + limitMs;
  const leave = async (session: Session): Promise<void> => {
    await untilIdle(session, untilMs);
    const { ownership } = session;
    if (ownership === undefined || session.runner === undefined || hasWork(session)) return;
    session.letGo();
    try {
      await claims.release([ownership]);
      bus.publish({ kind: 'ready' });
    } catch {
      // All are given back when this process leaves, or found when it counts as dead.
    }
  };
  const leaving = new Set<Promise<void>>();
  const begin = (session: Session): void => {
    const left = leave(session).finally(() => leaving.delete(left));
    leaving.add(left);
  };
  host.leave(begin);
  for (const session of cache.all()) begin(session);
  await requests;
  while (leaving.size > 0) await Promise.all(leaving);
}

/** Resolves when no node of a session runs, or at a time. */
async function untilIdle(session: Session, untilMs: number): Promise<void> {
  const wakeup = new Wakeup();
  session.watch(wakeup);
  while (session.runner !== undefined && hasWork(session) && performance.now() < untilMs) {
    await wakeup.sleep(untilMs - performance.now());
  }
  session.unwatch(wakeup);
}

/** True while a node runs, or an event of one is being written. */
function hasWork({ durable, draft }: Session): boolean {
  if (durable !== draft) return true;
  return [...(durable?.state.nodes.values() ?? [])].some(({ status }) => status === 'running');
}
