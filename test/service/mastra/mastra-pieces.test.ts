import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PieceStore, pieceEvent } from '../../../src/service/mastra/mastra-pieces.js';
import { MastraRecording } from '../../support/mastra-recording.js';

const COUNTS = [0, 1, 2, 3, 4, 5].map((i) => ({ i }));

const start = (id: string, stepCallId: string) => ({
  type: 'workflow-step-start',
  payload: { id, stepCallId },
});
const output = (stepName: string, piece: string) => ({
  type: 'workflow-step-output',
  payload: { stepName, output: piece },
});
const end = (id: string) => ({ type: 'workflow-step-result', payload: { id } });

describe('what a run has streamed', () => {
  it('is complete from the stream of its caller', async () => {
    const store = new PieceStore();
    store.take(await (await MastraRecording.read('observed-twice')).chunks('A'));
    assert.deepEqual(store.piecesOf('busy', 0), COUNTS);
    assert.equal(store.isOver('busy'), true);
    assert.equal(store.isOver('left'), true, 'it waits for an answer');
  });

  it('is taken once where the server delivers it twice, whole or up to a cut', async () => {
    const recording = await MastraRecording.read('observed-twice');
    const store = new PieceStore();
    store.take(await recording.chunks('B'));
    assert.deepEqual(store.piecesOf('busy', 0), COUNTS.slice(0, 2));
    assert.equal(store.isOver('busy'), false);
    store.take(await recording.chunks('D'));
    assert.deepEqual(store.piecesOf('busy', 0), COUNTS);
    assert.deepEqual(store.piecesOf('busy', 4), COUNTS.slice(4));
  });

  it('keeps apart what came before a question and after its answer', () => {
    const store = new PieceStore();
    const before = [start('ask', 'c1'), output('ask', 'a'), end('ask')];
    const after = [start('ask', 'c2'), output('ask', 'b')];
    store.take([...before, ...after, ...before, ...after]);
    assert.deepEqual(store.piecesOf('ask', 0, 1), ['a']);
    assert.deepEqual(store.piecesOf('ask', 0), ['a', 'b']);
    assert.equal(store.isOver('ask'), false);
  });

  it('is nothing where the server has no stream, or another kind of answer', () => {
    const store = new PieceStore();
    assert.equal(store.take([{ error: 'a login page' }, { type: 'odd', payload: 1 }]), false);
    assert.equal(store.hasStream, false);
  });

  it('is text where a model streams it, and a report of its own otherwise', () => {
    const text = { content: { content: { role: 'model', parts: [{ text: 'Hi' }] } } };
    assert.deepEqual(pieceEvent('Hi'), text);
    assert.deepEqual(pieceEvent({ type: 'text-delta', payload: { text: 'Hi' } }), text);
    assert.deepEqual(pieceEvent({ piece: 'Hi' }), { custom: { piece: 'Hi' } });
  });
});
