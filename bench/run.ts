/** `npm run bench -- <name> [numbers]`; README.md explains the figures. */
import { churn } from './churn.js';
import { cluster } from './cluster.js';
import { drain } from './drain.js';
import { floor } from './floor.js';
import { idle } from './idle.js';
import { lookBack } from './look-back.js';
import { list } from './panel-list.js';
import { sessionView } from './panel-session-view.js';
import { postgres } from './postgres.js';
import { replay } from './replay.js';
import { stalled } from './stalled.js';
import { stalls } from './stalls.js';
import { starts } from './starts.js';

const BENCHMARKS: Readonly<Record<string, (...numbers: number[]) => Promise<void>>> = {
  stalled,
  replay,
  idle,
  churn,
  drain,
  stalls,
  starts,
  postgres,
  cluster,
  list,
  'session-view': sessionView,
  'look-back': lookBack,
  floor,
};

const [name = '', ...numbers] = process.argv.slice(2);
const run = Object.hasOwn(BENCHMARKS, name) ? BENCHMARKS[name] : undefined;
if (run === undefined || numbers.some((number) => !/^\d+$/.test(number))) {
  console.error(`Usage: npm run bench -- <${Object.keys(BENCHMARKS).join('|')}> [numbers]`);
  process.exitCode = 2;
} else {
  await run(...numbers.map(Number));
  // Unread sockets must not keep the process alive.
  process.exit();
}
