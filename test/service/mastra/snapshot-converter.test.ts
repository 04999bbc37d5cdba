import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GraphRunEvent } from '../../../src/protocol/events.js';
import { toInteraction } from '../../../src/protocol/questions/interactions.js';
import { questionText } from '../../../src/protocol/questions/interaction-text.js';
import { parseRun } from '../../../src/service/mastra/mastra-records.js';
import { MastraRecording, type Converted } from '../../support/mastra-recording.js';

/** The events in words: their type and their node. */
function inWords({ events }: Converted): readonly string[] {
  return events.map((event) => ('nodeId' in event ? `${event.type} ${event.nodeId}` : event.type));
}

/** The text of the questions of the log. */
function questionTexts(events: readonly GraphRunEvent[]): readonly string[] {
  return events.flatMap((event) =>
    event.type === 'inputRequired' ? [questionText(toInteraction(event))] : [],
  );
}

async function recorded(name: string): Promise<readonly Converted[]> {
  return (await MastraRecording.read(name)).convertAll();
}

function last(all: readonly Converted[]): Converted {
  const found = all.at(-1);
  assert.ok(found !== undefined);
  return found;
}

describe('a recorded run of Mastra’s server as events', () => {
  it('has its steps in the order of their times, its outputs and its end', async () => {
    const run = last(await recorded('plain'));
    assert.deepEqual(inWords(run), [
      'graphStart',
      'nodeStart write',
      'nodeEnd write',
      'nodeStart out',
      'nodeEnd out',
      'graphComplete',
    ]);
    assert.deepEqual(run.state.outputs, { out: { topic: 'BEANS ON A WIRE' } });
    assert.equal(run.state.nodes.get('write')?.startedTs, 1795835230136);
    assert.equal(run.state.nodes.get('write')?.endedTs, 1795835230398);
  });

  it('is the same in the list as alone', async () => {
    const recording = await MastraRecording.read('plain');
    const [listed] = recording.listed;
    assert.deepEqual(recording.convert(listed), recording.convert(recording.runs.at(-1)));
  });

  it('does not take its input for a step', async () => {
    const { runs } = await MastraRecording.read('plain');
    const { runId, status } = runs[0] ?? assert.fail();
    const steps = { input: { topic: 'x' }, ask: { status: 'running', startedAt: 5 } };
    assert.deepEqual(
      parseRun({ runId, status, steps }).steps.map(({ name }) => name),
      ['ask'],
    );
  });

  it('asks while a step is suspended, and has the answer after that, without what was asked', async () => {
    const [waiting, done] = await recorded('question');
    assert.ok(waiting !== undefined && done !== undefined);
    assert.equal(waiting.state.status, 'suspended');
    assert.deepEqual(questionTexts(waiting.events), ['What is the topic?']);
    assert.deepEqual(questionTexts(done.events), ['The question is no longer kept.']);
    const answer = done.events.find((event) => event.type === 'inputResolved');
    assert.deepEqual(answer?.response, { answer: 'beans' });
    assert.deepEqual(done.keys.slice(0, waiting.keys.length), waiting.keys, 'the log has only grown');
  });

  it('skips the steps behind a failed one, and lets the others end', async () => {
    const { state } = last(await recorded('failing'));
    const statuses = [...state.nodes.values()].map(({ nodeId, status }) => [nodeId, status]);
    assert.deepEqual(statuses, [
      ['bad', 'failed'],
      ['good', 'completed'],
      ['behind', 'skipped'],
    ]);
    assert.equal(state.error, 'no luck');
    assert.equal(state.nodes.get('behind')?.causedBy, 'bad');
  });

  it('is cancelled although a step of it says that it runs or waits', async () => {
    for (const { state } of await recorded('cancel')) {
      assert.equal(state.status, 'cancelled');
      assert.equal(state.pending.size, 0);
    }
  });

  it('waits for the same question after its server was killed', async () => {
    const [question, running, cancelled] = await recorded('restart');
    assert.deepEqual([...(question?.state.pending.keys() ?? [])], ['ask@1795836444732']);
    assert.equal(running?.state.status, 'running');
    assert.equal(cancelled?.state.status, 'cancelled');
  });

  it('has the steps of an inner workflow inside its step, and the question at the one that asks', async () => {
    const [waiting, done] = await recorded('nested');
    assert.equal(waiting?.state.status, 'suspended');
    assert.deepEqual([...(waiting?.state.pending.keys() ?? [])], ['editor.review@1795945521273']);
    assert.deepEqual(
      [...(done?.state.nodes.values() ?? [])].map(({ nodeId, parent, title }) => [nodeId, parent, title]),
      [
        ['editor', undefined, 'editor'],
        ['publish', undefined, 'publish'],
        ['editor.draft', 'editor', 'draft'],
        ['editor.review', 'editor', 'review'],
      ],
    );
    assert.deepEqual(done?.keys.slice(0, waiting?.keys.length), waiting?.keys);
  });

  it('names the second question of a step by the time of the first answer', async () => {
    const [first, second, done] = await recorded('twice');
    assert.deepEqual([...(first?.state.pending.keys() ?? [])], ['ask@1795945472211']);
    assert.deepEqual([...(second?.state.pending.keys() ?? [])], ['ask@1795945472211@1795945472380']);
    assert.deepEqual(questionTexts(second?.events ?? []), ['The question is no longer kept.', 'Second?']);
    assert.equal(done?.state.status, 'completed');
  });

  it('has an instance and a question for each item, and ends those that were answered', async () => {
    const all = await recorded('per-item');
    assert.deepEqual(
      all.map(({ state }) => [...state.pending.values()].map(({ nodeId }) => nodeId)),
      [['item#1', 'item#2', 'item#3'], ['item#1', 'item#3'], ['item#1', 'item#3'], ['item#3'], []],
    );
    assert.deepEqual(questionTexts(all[0]?.events ?? []), [
      'What about a?',
      'What about b?',
      'What about c?',
    ]);
    const { state } = last(all);
    assert.deepEqual(state.nodes.get('item#2')?.outputs, { output: 'b: B' });
    assert.equal(state.nodes.get('item#2')?.of, 'item');
    assert.equal(state.nodes.get('item#2')?.parent, 'item');
    assert.equal(state.status, 'completed');
  });

  it('does not take the answer to an item for one to the next', async () => {
    const [, second] = await recorded('items-in-turn');
    assert.deepEqual([...(second?.state.pending.keys() ?? [])], ['item#2@1795945522108']);
    assert.deepEqual([...(second?.state.resolved.keys() ?? [])], ['item#1@1795945522108']);
  });

  it('asks only for the next item where each item is a workflow', async () => {
    const [waiting, , failed] = await recorded('nested-items');
    assert.deepEqual(
      [...(waiting?.state.pending.values() ?? [])].map(({ nodeId }) => nodeId),
      ['editor#1'],
    );
    assert.equal(waiting?.state.status, 'running', 'the other item is not taken for one that waits');
    assert.equal(failed?.state.status, 'failed');
  });

  it('is drawn with its edges alone where it has branches or loops', async () => {
    const outlines = (await recorded('loop-branch')).map(({ state }) => state.outline);
    assert.deepEqual(outlines[0], {
      title: 'loop',
      nodes: [
        { id: 'mapping_loop_0', type: 'mastra', title: 'map' },
        { id: 'count', type: 'mastra' },
        { id: 'end', type: 'mastra' },
      ],
      edges: [
        { from: 'mapping_loop_0', to: 'count' },
        { from: 'count', to: 'end' },
      ],
      order: 'none',
    });
    assert.deepEqual(outlines[1]?.edges, [
      { from: 'beans', to: 'end' },
      { from: 'other', to: 'end' },
    ]);
    const [plain] = await recorded('plain');
    assert.equal(plain?.state.outline?.order, undefined);
  });

  it('is refused when it has no id or no status', () => {
    for (const value of [
      undefined,
      null,
      [],
      {},
      { runId: 'r' },
      { runId: '', status: 'success' },
      '<html>',
    ]) {
      assert.throws(() => parseRun(value), { code: 'protocol-error' });
    }
  });

  it('is taken as far as it can be read', () => {
    const steps = { a: null, b: 1, c: { status: 'success' }, d: { status: 'success', startedAt: 'soon' } };
    const run = parseRun({ runId: 'r', status: 'odd', createdAt: 7, steps, serializedStepGraph: 'none' });
    assert.deepEqual(run.steps, []);
    assert.equal(run.createdMs, 7);
  });
});
