import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { connectionText, isGone } from '../../../src/elements/strings/connection-text.js';
import {
  sessionDetail,
  sessionProgress,
  sessionTitle,
  statusExplanation,
  statusWord,
  usualTitle,
} from '../../../src/elements/strings/session-text.js';
import { matcherOf, type StatusFilter } from '../../../src/controller/session-filter.js';
import { filterChips } from '../../../src/elements/list/filter-bar.js';
import { germanStrings } from '../../../src/elements/strings/german.js';
import { englishStrings } from '../../../src/elements/strings/english.js';
import { questionText } from '../../../src/protocol/questions/interaction-text.js';
import { GraphRunError } from '../../../src/protocol/problems.js';
import { SESSION_STATUSES, type SessionSummary } from '../../../src/protocol/session-summary.js';

const passes = (item: SessionSummary, status: StatusFilter) => matcherOf({ status, text: '' })(item);

const NOW = 1_763_800_000_000;
const ID = '8f3a12c4-0000-4000-8000-000000000000';

function session(change: Partial<SessionSummary>): SessionSummary {
  const createdAt = NOW / 1000 - 42;
  return { sessionId: ID, status: 'running', createdAt, updatedAt: createdAt, pendingInputs: 0, ...change };
}

describe('title of a session', () => {
  const title = (change: Partial<SessionSummary>) => sessionTitle(session(change), englishStrings);

  it('is the title of the graph with the input', () => {
    assert.equal(title({ title: 'Haiku', input: 'green beans' }), 'Haiku · green beans');
    assert.equal(title({ title: 'Haiku' }), 'Haiku');
    assert.equal(title({ input: 'green beans' }), 'green beans');
  });

  it('does not change when the first output arrives', () => {
    assert.equal(title({ output: 'Steel lines hum' }), title({}));
  });

  it('is the title that a person gave it, and nothing else', () => {
    assert.equal(title({ title: 'For Ann', graphTitle: 'Haiku', input: 'green beans' }), 'For Ann');
  });

  it('is the title that a person gave it, and nothing else, if its graph has none', () => {
    assert.equal(title({ title: 'For Ann', graphTitle: '', input: 'green beans' }), 'For Ann');
    const untitled = session({ title: 'For Ann', graphTitle: '', input: 'green beans' });
    assert.equal(usualTitle(untitled, englishStrings), 'green beans');
  });

  it('shows no marks of Markdown', () => {
    assert.equal(title({ title: 'Haiku', input: '**green** beans' }), 'Haiku · green beans');
    assert.equal(
      sessionDetail(session({ pendingInputs: 1, question: 'Is **it**?' }), NOW, englishStrings).text,
      '“Is it?”',
    );
  });

  it('is never the id', () => {
    assert.match(title({}), /^Session from /);
    assert.equal(title({ createdAt: 0 }), 'Session');
  });
});

describe('second line of a row', () => {
  const detail = (change: Partial<SessionSummary>) => sessionDetail(session(change), NOW, englishStrings);

  it('names a consent in the words of the card and the language', () => {
    const [kind, name] = Object.entries(englishStrings.consentNames)[0]!;
    const question = questionText({
      kind: 'consent',
      consentType: kind,
      scope: {},
      interactionId: 'i',
      nodeId: 'n',
      index: 1,
    });
    assert.equal(question, name);
    assert.equal(detail({ pendingInputs: 1, question }).text, `“Allow it to ${name}?”`);
    const inGerman = sessionDetail(session({ pendingInputs: 1, question }), NOW, germanStrings).text;
    assert.equal(inGerman, `„Darf es ${germanStrings.consentNames[kind]!}?“`);
  });

  it('is the most important fact', () => {
    assert.deepEqual(detail({ currentNode: 'Comparing hotels' }), {
      text: 'Comparing hotels',
      tone: 'plain',
    });
    assert.deepEqual(detail({ pendingInputs: 1, question: 'Which mood?', currentNode: 'x' }), {
      text: '“Which mood?”',
      tone: 'ask',
    });
    assert.deepEqual(detail({ status: 'suspended', pendingInputs: 5, question: 'Which mood?' }), {
      text: '“Which mood?”',
      tone: 'ask',
      more: '+4',
    });
    assert.deepEqual(detail({ status: 'failed', error: 'HTTP 503', pendingInputs: 1 }), {
      text: 'HTTP 503',
      tone: 'failed',
    });
    assert.deepEqual(detail({ status: 'completed', output: 'A poem' }), { text: 'A poem', tone: 'plain' });
    assert.deepEqual(detail({ status: 'paused' }), { text: 'paused', tone: 'plain' });
  });

  it('names the nodes that run: one with its time, several with the number of the others', () => {
    const since = NOW / 1000 - 9;
    assert.equal(detail({ currentNode: 'Find themes', currentNodeSince: since }).text, 'Find themes · 9 s');
    const both = { currentNode: 'Essay', otherNode: 'Cover', nodesRunning: 2, currentNodeSince: since };
    assert.deepEqual(detail(both), { text: 'Cover, Essay', tone: 'plain' });
    assert.deepEqual(detail({ ...both, nodesRunning: 4 }), {
      text: 'Cover, Essay',
      tone: 'plain',
      more: '+2',
    });
    assert.equal(detail({}).text, 'Starting…');
  });

  it('says since when there is no sign of a run that its engine may have lost, and counts no time for it', () => {
    const silent = { silentSince: NOW / 1000 - 3600, currentNode: 'Essay', nodesEnded: 3, nodesTotal: 7 };
    const { text, tone } = detail(silent);
    assert.match(text, /^No sign since \d/);
    assert.equal(tone, 'plain');
    const german = sessionDetail(session(silent), NOW, germanStrings).text;
    assert.match(german, /^Kein Lebenszeichen seit \d/);
    assert.equal(sessionProgress(session(silent), NOW, englishStrings).text, '3 of 7');
    assert.match(detail({ silentSince: NOW / 1000 - 3 * 86_400 }).text, /^No sign since .*[A-Z][a-z]{2}/);
    // It has ended after all.
    assert.equal(detail({ ...silent, status: 'completed', output: 'A poem' }).text, 'A poem');
  });

  it('names the node that failed once, and the one that the cancelled session waited for', () => {
    const failed = { status: 'failed', failedNode: 'Sources' };
    assert.equal(detail({ ...failed, error: '503' }).text, 'Sources: 503');
    assert.equal(detail({ ...failed, error: 'Sources: 503' }).text, 'Sources: 503');
    assert.equal(
      detail({ status: 'cancelled', waitedFor: 'Stanzas' }).text,
      'Cancelled while waiting for Stanzas',
    );
    assert.equal(detail({ status: 'cancelled' }).text, 'Cancelled');
  });

  it('is the beginning of the result with its line breaks, or of the newest output', () => {
    const completed = { status: 'completed', output: 'A picture' };
    assert.equal(
      detail({ ...completed, result: 'Late bus\nempty **seats**' }).text,
      'Late bus / empty seats',
    );
    assert.equal(detail(completed).text, 'A picture');
  });

  it('has progress, duration or waiting time at the end of the line above', () => {
    const progress = (change: Partial<SessionSummary>) =>
      sessionProgress(session({ nodesEnded: 3, nodesTotal: 7, ...change }), NOW, englishStrings).text;
    assert.equal(progress({}), '3 of 7 · 42 s');
    assert.equal(progress({ status: 'suspended' }), '3 of 7');
    assert.equal(progress({ status: 'completed', endedAt: NOW / 1000 - 40 }), '2.0 s');
    assert.equal(progress({ status: 'failed', endedAt: NOW / 1000 - 40 }), '3 of 7');
    const waiting = { status: 'suspended', pendingInputs: 1, updatedAt: NOW / 1000 - 7200 };
    assert.equal(progress(waiting), '2 h');
    assert.equal(progress({ ...waiting, updatedAt: NOW / 1000 - 4.6 }), '4 s');
    assert.equal(progress({ ...waiting, updatedAt: NOW / 1000 + 1 }), '<1 s');
    assert.equal(progress({ ...waiting, waitingSince: NOW / 1000 - 2 * 86_400 }), '2 d');
    assert.equal(sessionProgress(session({ status: 'cancelled' }), NOW, englishStrings).text, '');
  });
});

describe('statuses', () => {
  it('have a word and a sentence each', () => {
    const words = SESSION_STATUSES.map((status) => statusWord(status, englishStrings));
    assert.deepEqual(words, ['Running', 'Needs input', 'Completed', 'Failed', 'Cancelled']);
    const sentences = SESSION_STATUSES.map((status) => statusExplanation(status, englishStrings));
    assert.equal(new Set(sentences).size, 5);
    assert.equal(statusWord('paused', englishStrings), 'paused');
  });
});

describe('filter', () => {
  const chips = (chosen: string) =>
    filterChips(
      { total: 9, needsInput: 2, byStatus: { running: 3, suspended: 1, failed: 4, paused: 1 } },
      chosen,
      englishStrings,
    ).map(({ label, count }) => `${label} ${count}`);

  it('offers the statuses that occur, “needs input” first', () => {
    assert.deepEqual(chips('all'), ['All 9', 'Needs input 2', 'Running 3', 'Failed 4', 'paused 1']);
  });

  it('keeps the selected chip if no session is left in it', () => {
    assert.ok(chips('cancelled').includes('Cancelled 0'));
  });

  it('counts a running session with an open question as one that needs input', () => {
    const asking = session({ pendingInputs: 1 });
    assert.ok(passes(asking, 'needs-input') && passes(asking, 'running') && passes(asking, 'all'));
    assert.ok(!passes(session({ status: 'cancelled', pendingInputs: 1 }), 'needs-input'));
  });
});

describe('connection in words', () => {
  const text = (phase: Parameters<typeof connectionText>[0]['phase'], retryAtMs?: number) =>
    connectionText(
      { phase, attempt: 1, ...(retryAtMs === undefined ? {} : { retryAtMs }) },
      NOW,
      englishStrings,
    )?.text;

  it('describes each phase', () => {
    assert.equal(text('live'), 'Live');
    assert.equal(text('connecting'), 'Connecting…');
    assert.equal(text('backoff', NOW + 2400), 'Reconnecting in 3 s');
    assert.equal(text('backoff', NOW), 'Reconnecting…');
    assert.equal(text('offline'), 'Offline');
    assert.equal(text('paused'), 'Paused');
    assert.equal(text('idle'), undefined);
  });

  it('distinguishes a missing session from an unreachable one', () => {
    const failed = (code: string) =>
      isGone({ phase: 'failed', attempt: 0, error: new GraphRunError(code, 'x') });
    assert.ok(failed('session-gone') && failed('session-deleted') && failed('session-not-found'));
    assert.ok(!failed('network'));
  });
});
