import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dropClosedDrafts } from '../../../src/actions/reading/closed-drafts.js';
import { dropDraftsOfDeleted } from '../../../src/actions/reading/drop-deleted-drafts.js';
import { memoryDraftStore } from '../../../src/controller/draft-store.js';
import { DraftsController } from '../../../src/controller/drafts-controller.js';
import { RunController } from '../../../src/controller/run/run-controller.js';
import { textContent } from '../../../src/protocol/content.js';
import type { GraphRunEvent, GraphRunEventBody, ResolvedBy } from '../../../src/protocol/events.js';
import type { MonitorMessage, SessionMessage } from '../../../src/protocol/stream/messages.js';
import type { SessionStatus } from '../../../src/protocol/session-summary.js';

const DRAFT = { kind: 'text', content: textContent('Tw') };
const SENT = { input: textContent('Two') as never };

const ASKED: readonly GraphRunEventBody[] = [
  { type: 'graphStart', sessionId: 's' },
  { type: 'nodeStart', nodeId: 'n' },
  { type: 'inputRequired', nodeId: 'n', interactionId: 'i', suspendEvent: { waitForInput: {} } },
];
const resolved = (by: ResolvedBy): GraphRunEventBody => ({
  type: 'inputResolved',
  nodeId: 'n',
  interactionId: 'i',
  by,
});

const STATUS_AFTER = {
  graphError: 'failed',
  graphCancelled: 'cancelled',
  graphComplete: 'completed',
} as const;

function rowOf(sessionId: string, status: SessionStatus): MonitorMessage {
  return { kind: 'row', row: { sessionId, status, createdAt: 0, updatedAt: 0, pendingInputs: 0 } };
}

/** A page that shows the session of a log, with the drafts that the browser stores. */
class Page {
  readonly run = new RunController();
  readonly drafts: DraftsController;
  #count = 0;

  constructor(store = memoryDraftStore()) {
    this.drafts = new DraftsController(store);
    this.run.open('s');
  }

  /** The server's log when the page was loaded, and its later events. */
  replay(...bodies: readonly GraphRunEventBody[]): void {
    this.#apply([
      { kind: 'start', replayTotal: bodies.length },
      ...this.#events(bodies),
      { kind: 'replayComplete' },
      { kind: 'connection', connection: { phase: 'live', attempt: 0 } },
    ]);
  }

  follow(...bodies: readonly GraphRunEventBody[]): void {
    this.#apply(this.#events(bodies));
  }

  #events(bodies: readonly GraphRunEventBody[]): readonly SessionMessage[] {
    return bodies.map((body) => {
      const event: GraphRunEvent = { ...body, index: this.#count };
      this.#count += 1;
      return { kind: 'event', event };
    });
  }

  #apply(messages: readonly SessionMessage[]): void {
    this.run.apply(messages);
    dropClosedDrafts(this.drafts, this.run);
  }
}

describe('unsent input of a question that closes', () => {
  it('is shown with the notice that it expired, and survives a reload until that is dismissed', () => {
    const store = memoryDraftStore();
    const page = new Page(store);
    page.replay(...ASKED);
    page.drafts.set('s', 'i', DRAFT);
    const end: readonly GraphRunEventBody[] = [
      resolved('expired'),
      { type: 'nodeError', nodeId: 'n', error: 'not answered in time' },
      { type: 'graphError', sessionId: 's', error: 'not answered in time' },
    ];
    page.follow(...end);
    assert.deepEqual(
      page.run.closedQuestions.map(({ reason, unsentDraft }) => [reason, unsentDraft]),
      [['expired', DRAFT]],
    );
    const reloaded = new Page(store);
    reloaded.replay(...ASKED, ...end);
    assert.deepEqual(
      reloaded.run.closedQuestions.map(({ reason, unsentDraft }) => [reason, unsentDraft]),
      [['expired', DRAFT]],
    );
    reloaded.drafts.remove('s', 'i');
    const third = new Page(store);
    third.replay(...ASKED, ...end);
    assert.deepEqual(third.run.closedQuestions, []);
  });

  for (const [how, end] of [
    ['failed', { type: 'nodeError', nodeId: 'n', error: 'out of memory' }],
    ['was skipped', { type: 'nodeSkipped', nodeId: 'n', causedBy: 'm' }],
    ['completed without it', { type: 'nodeEnd', nodeId: 'n', outputs: {} }],
  ] as const satisfies readonly (readonly [string, GraphRunEventBody])[]) {
    it(`is shown when its node ${how}, and survives reloads and the end of the session until it is dismissed`, () => {
      const store = memoryDraftStore();
      const page = new Page(store);
      page.replay(...ASKED);
      page.drafts.set('s', 'i', DRAFT);
      const shown = ({ run }: Page) =>
        run.closedQuestions.map(({ reason, unsentDraft }) => [reason, unsentDraft]);
      page.follow(end);
      assert.equal(page.run.status, 'running');
      assert.deepEqual(shown(page), [['nodeEnded', DRAFT]]);
      page.follow({ type: 'thoughtEvent', nodeId: 'm', text: 'on' });
      const reloaded = new Page(store);
      reloaded.replay(...ASKED, end);
      assert.deepEqual(shown(reloaded), [['nodeEnded', DRAFT]]);
      for (const last of [
        { type: 'graphCancelled', sessionId: 's' },
        { type: 'graphError', sessionId: 's', error: 'no' },
        { type: 'graphComplete', sessionId: 's' },
      ] as const) {
        const ended = new Page(store);
        ended.replay(...ASKED, end, last);
        assert.deepEqual(shown(ended), [['nodeEnded', DRAFT]], last.type);
      }
      reloaded.drafts.remove('s', 'i');
      const third = new Page(store);
      third.replay(...ASKED, end);
      assert.deepEqual(third.run.closedQuestions, []);
    });
  }

  it('is shown when it was sent too late', () => {
    const page = new Page();
    page.replay(...ASKED);
    const [interaction] = page.run.interactions;
    assert.ok(interaction !== undefined);
    page.run.rememberSent('i', SENT);
    page.run.setAnswer('i', { phase: 'sending' });
    page.follow(resolved('expired'));
    assert.deepEqual(page.run.closedQuestions, [], 'the server decides first whether it was in time');
    page.run.markClosed(interaction);
    assert.deepEqual(
      page.run.closedQuestions.map(({ reason, unsentResponse }) => [reason, unsentResponse]),
      [['expired', SENT]],
    );
  });

  it('is shown when the session ends without it, and stays in the store until that is dismissed', () => {
    const store = memoryDraftStore();
    const page = new Page(store);
    page.replay(...ASKED);
    page.drafts.set('s', 'i', DRAFT);
    page.follow({ type: 'graphCancelled', sessionId: 's' });
    assert.deepEqual(
      page.run.closedQuestions.map(({ reason, unsentDraft }) => [reason, unsentDraft]),
      [['ended', DRAFT]],
    );
    assert.equal(store.keys().length, 1);
  });

  for (const end of [
    { type: 'graphError', sessionId: 's', error: 'out of memory' },
    { type: 'graphCancelled', sessionId: 's' },
    { type: 'graphComplete', sessionId: 's' },
  ] as const) {
    for (const ofNode of [[], [{ type: 'nodeError', nodeId: 'n', error: 'out of memory' }]] as const) {
      const how = ofNode.length === 0 ? 'of the session' : 'of the session after that of its node';
      it(`is shown, and kept until that is dismissed, after an unwatched ${end.type} ${how}`, () => {
        const store = memoryDraftStore();
        new DraftsController(store).set('s', 'i', DRAFT);
        for (let visit = 0; visit < 2; visit += 1) {
          const page = new Page(store);
          dropDraftsOfDeleted(page.drafts, [rowOf('s', STATUS_AFTER[end.type])]);
          page.replay(...ASKED, ...ofNode, end);
          assert.deepEqual(
            page.run.closedQuestions.map(({ unsentDraft, interaction }) => [
              unsentDraft,
              interaction.interactionId,
            ]),
            [[DRAFT, 'i']],
          );
        }
        new DraftsController(store).remove('s', 'i');
        const last = new Page(store);
        last.replay(...ASKED, ...ofNode, end);
        assert.deepEqual(last.run.closedQuestions, []);
      });
    }
  }

  it('is removed without a notice if it was answered before the session failed', () => {
    const store = memoryDraftStore();
    new DraftsController(store).set('s', 'i', DRAFT);
    const page = new Page(store);
    page.replay(...ASKED, resolved('response'), { type: 'graphError', sessionId: 's', error: 'no' });
    assert.deepEqual(page.run.closedQuestions, []);
    assert.deepEqual(store.keys(), []);
  });

  it('gives no notice if it was typed and sent in another tab', () => {
    const store = memoryDraftStore();
    new DraftsController(store).set('s', 'i', DRAFT);
    const page = new Page(store);
    page.replay(...ASKED);
    assert.deepEqual(page.drafts.get('s', 'i'), DRAFT);
    page.follow({ ...resolved('response'), response: { input: textContent('Tw') as never } } as never);
    assert.equal(page.run.closedQuestions[0]?.reason, 'answered');
    assert.equal(page.run.closedQuestions[0].unsentDraft, undefined);
  });

  it('stays when its session ended according to the list, and is removed when that was deleted', () => {
    const { drafts } = new Page();
    const ids = ['failed', 'completed', 'cancelled', 'deleted'] as const;
    for (const id of ids) drafts.set(id, 'i', DRAFT);
    dropDraftsOfDeleted(drafts, [
      rowOf('failed', 'failed'),
      rowOf('completed', 'completed'),
      rowOf('cancelled', 'cancelled'),
      { kind: 'deleted', sessionId: 'deleted' },
    ]);
    assert.deepEqual(
      ids.map((id) => drafts.get(id, 'i') !== undefined),
      [true, true, true, false],
    );
  });
});
