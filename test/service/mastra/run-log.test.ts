import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GraphRunEvent } from '../../../src/protocol/events.js';
import { PieceStore } from '../../../src/service/mastra/mastra-pieces.js';
import { RunLog } from '../../../src/service/mastra/run-log.js';
import { convertRun } from '../../../src/service/mastra/snapshot-converter.js';
import { parseFlow } from '../../../src/service/mastra/mastra-workflow.js';
import { MastraRecording } from '../../support/mastra-recording.js';

/** The log of a connection that saw all recorded states of a run. */
async function watched(name: string): Promise<readonly GraphRunEvent[]> {
  const recording = await MastraRecording.read(name);
  const log = new RunLog();
  const store = new PieceStore();
  for (const run of recording.runs) {
    const flow = parseFlow(run.stepGraph);
    log.take(convertRun(run, { sessionId: 's', workflow: recording.workflow, flow }), store);
  }
  return log.events;
}

const answers = (events: readonly GraphRunEvent[]) =>
  events.flatMap((event) =>
    event.type === 'inputResolved' ? [[event.interactionId, event.response] as const] : [],
  );

describe('the log of a run that is watched', () => {
  it('keeps what was asked, and the answer to a second question, which the record has for the first', async () => {
    const events = await watched('twice');
    assert.match(JSON.stringify(events.filter(({ type }) => type === 'inputRequired')), /First\?.*Second\?/);
    assert.deepEqual(answers(events), [
      ['ask@1795945472211', { answer: 'A' }],
      ['ask@1795945472211@1795945472380', { answer: 'B' }],
    ]);
  });

  it('has the answer to each item, also to the last one, of which the record has the answer alone', async () => {
    const events = await watched('per-item');
    assert.deepEqual(
      answers(events).map(([id, response]) => [id.split('@')[0], JSON.stringify(response)]),
      [
        ['item#2', '{"input":{"role":"user","parts":[{"text":"B"}]}}'],
        ['item#1', '{"input":{"role":"user","parts":[{"text":"A"}]}}'],
        ['item#3', '{"input":{"role":"user","parts":[{"text":"C"}]}}'],
      ],
    );
    assert.deepEqual(
      events.map(({ index }) => index),
      events.map((_, position) => position),
    );
    assert.equal(events.at(-1)?.type, 'graphComplete');
  });

  it('never goes back in time', async () => {
    for (const name of ['per-item', 'items-in-turn', 'nested', 'early-answer']) {
      const times = (await watched(name)).map(({ ts }) => ts ?? 0);
      assert.deepEqual(
        times,
        [...times].sort((a, b) => a - b),
        name,
      );
    }
  });
});

describe('the mark of a run', () => {
  it('is the same after the question was answered and forgotten, and another one for other events', async () => {
    const recording = await MastraRecording.read('question');
    const marks = recording.runs.map((run) => {
      const log = new RunLog();
      const flow = parseFlow(run.stepGraph);
      log.take(convertRun(run, { sessionId: 's', workflow: recording.workflow, flow }), new PieceStore());
      return [0, 1, 2, 3, 4].map((count) => log.markOf(count));
    });
    assert.deepEqual(marks[0]?.slice(0, 4), marks[1]?.slice(0, 4));
    assert.equal(new Set(marks[1]).size, 5);
    assert.equal(marks[0]?.[4], undefined, 'there are no more events');
  });
});
