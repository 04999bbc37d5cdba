import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InProcessScheduler, type ScheduledTask } from '../../src/runner/task-scheduler.js';

/** Counts the turns of the event loop until `work` resolves. */
async function countTurns(work: (turn: () => number) => Promise<unknown>): Promise<void> {
  let turns = 0;
  let isCounting = true;
  const count = (): void => {
    turns += 1;
    if (isCounting) setImmediate(count);
  };
  setImmediate(count);
  await work(() => turns);
  isCounting = false;
}

function task(nodeId: string, run: () => Promise<void>): ScheduledTask {
  return { sessionId: 's', nodeId, nodeType: 't', run };
}

void test('a thousand nodes start in their order, in many turns of the event loop', async () => {
  const starts: { readonly node: number; readonly turn: number }[] = [];
  await countTurns(
    (turn) =>
      new Promise<void>((resolve) => {
        const scheduler = new InProcessScheduler();
        for (let node = 0; node < 1000; node += 1) {
          scheduler.schedule(
            task(`n${node}`, async () => {
              starts.push({ node, turn: turn() });
              if (node === 999) resolve();
            }),
          );
        }
      }),
  );
  assert.deepEqual(
    starts.map(({ node }) => node),
    Array.from({ length: 1000 }, (_, node) => node),
  );
  const perTurn = new Map<number, number>();
  for (const { turn } of starts) perTurn.set(turn, (perTurn.get(turn) ?? 0) + 1);
  assert.ok(Math.max(...perTurn.values()) <= 50, `${Math.max(...perTurn.values())} started in one turn`);
});

void test('a task starts after the work of its caller, without waiting for a turn', async () => {
  const order: string[] = [];
  const scheduler = new InProcessScheduler();
  const started = new Promise<void>((resolve) => {
    setImmediate(() => order.push('turn'));
    scheduler.schedule(
      task('n', async () => {
        order.push('task');
        resolve();
      }),
    );
  });
  order.push('caller');
  await started;
  assert.deepEqual(order, ['caller', 'task']);
});

void test('tasks that are scheduled while others start or after all have started run, too', async () => {
  const order: string[] = [];
  const scheduler = new InProcessScheduler();
  await new Promise<void>((resolve) => {
    scheduler.schedule(
      task('a', async () => {
        order.push('a');
        scheduler.schedule(task('b', async () => void order.push('b')));
        await new Promise((later) => setImmediate(later));
        scheduler.schedule(
          task('c', async () => {
            order.push('c');
            resolve();
          }),
        );
      }),
    );
  });
  assert.deepEqual(order, ['a', 'b', 'c']);
});
