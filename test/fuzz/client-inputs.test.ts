import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { parseKept, withoutFiles } from '../../src/controller/kept-draft.js';
import { renderContent } from '../../src/elements/content/content-view.js';
import { foldText } from '../../src/elements/content/fold-text.js';
import { DataPictures } from '../../src/elements/content/markdown/data-pictures.js';
import { isMarkdown } from '../../src/elements/content/markdown/is-markdown.js';
import { renderMarkdown } from '../../src/elements/content/markdown/markdown.js';
import { plainLine } from '../../src/elements/strings/plain-line.js';
import {
  base64Size,
  decodeText,
  mediaDataUrl,
  mediaKind,
  safeLink,
  safeUrl,
} from '../../src/elements/content/media/safe-media.js';
import { jsonErrorOffset } from '../../src/elements/form/json-error.js';
import { plainForm, settleDraft, type FormSource } from '../../src/elements/form/model/due-form.js';
import type { Form } from '../../src/elements/form/model/fields.js';
import { formValues, initialDraft } from '../../src/elements/form/model/form-draft.js';
import { loadSchemaCheck } from '../../src/elements/form/schema/schema-check.js';
import { matchesPattern, patternWays } from '../../src/elements/form/schema/safe-pattern.js';
import { checkForm } from '../../src/elements/form/model/validate.js';
import {
  checkDraft,
  draftAnswer,
  emptyDraft,
  parseDraft,
} from '../../src/elements/question/question-draft.js';
import { isolateText } from '../../src/elements/strings/bidi.js';
import { englishStrings } from '../../src/elements/strings/english.js';
import { isLLMContent } from '../../src/protocol/content.js';
import { parseEvent } from '../../src/protocol/events.js';
import { parseExactJson } from '../../src/protocol/values/exact-number.js';
import { parseMonitorFrame } from '../../src/protocol/stream/monitor-frames.js';
import { parseSessionFrame } from '../../src/protocol/stream/session-frames.js';
import { answerText, questionText } from '../../src/protocol/questions/interaction-text.js';
import { toInteraction, type Interaction } from '../../src/protocol/questions/interactions.js';
import type { JsonObject } from '../../src/protocol/values/json.js';
import { GraphRunError, parseProblem } from '../../src/protocol/problems.js';
import { EMPTY_SESSION } from '../../src/protocol/empty-session.js';
import { SessionFold } from '../../src/protocol/session-state.js';
import { decodeSse } from '../../src/protocol/stream/sse.js';
import { toSummary } from '../../src/protocol/to-summary.js';
import { parseEventsPage } from '../../src/service/http/events-page.js';
import { parseListPage } from '../../src/service/http/list-page.js';
import { HttpGraphRunService } from '../../src/service/http/http-graph-run-service.js';
import { FakeEnvironment } from '../support/fake-environment.js';
import { parseListTabMessage, parseSlotTabMessage } from '../../src/service/tabs/tab-messages.js';
import { FUZZ_SEED, REPLAY, runsOf } from '../support/fuzz/fuzz-settings.js';
import {
  anySchema,
  anyText,
  anyUrl,
  contentPart,
  jsonText,
  mediaType,
  patternText,
  smallEvent,
  smallJson,
  smallObject,
  smallQuestion,
  smallRow,
  sseBytes,
} from '../support/fuzz/hostile-inputs.js';
import { checkPace } from '../support/fuzz/pace.js';
import { assertPrototypesUntouched } from '../support/fuzz/prototypes.js';

/** The share of all runs that each test here gets; they are 15. */
const SHARE = 0.05;
/** A session is at most so many events here: the time of a long one is a matter of the benchmarks. */
const MAX_EVENTS = 8;
const MAX_FRAME_CHARS = 400;

/** Runs a parser, which may refuse what it gets with a GraphRunError and with nothing else. */
function refusable<Result>(parse: () => Result): Result | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof GraphRunError) return undefined;
    throw error;
  }
}

/** A test that does this with many inputs: nothing is thrown, nothing takes long, no prototype changes. */
function fuzz<Input>(
  name: string,
  inputs: fc.Arbitrary<Input>,
  work: (input: Input) => void | Promise<void>,
): void {
  it(name, async () => {
    const property = fc.asyncProperty(inputs, async (input) => {
      await checkPace(() => work(input));
      assertPrototypesUntouched();
    });
    const report = await fc.check(property, { seed: FUZZ_SEED, numRuns: runsOf(SHARE) });
    if (!report.failed) return;
    const message = fc.defaultReportMessage(report) ?? 'failed';
    throw new Error(`${message}\nRepeat with ${REPLAY}`, { cause: report.errorInstance });
  });
}

describe('a client that gets anything', { concurrency: 1 }, async () => {
  const check = await loadSchemaCheck();
  const sourceOf = (schema: JsonObject): FormSource => ({ schema, title: 'Node', check });
  const formOf = (interaction: Interaction): Form | undefined =>
    interaction.kind === 'form' ? plainForm(sourceOf(interaction.schema)) : undefined;

  fuzz('folds events', fc.array(smallEvent, { minLength: 1, maxLength: MAX_EVENTS }), (events) => {
    const fold = new SessionFold(EMPTY_SESSION);
    for (const value of events) {
      const event = refusable(() => parseEvent(value));
      if (event !== undefined) fold.apply(event);
    }
    const state = fold.finish();
    toSummary(state);
    for (const interaction of state.pending.values()) questionText(interaction);
  });

  const FRAMES = [
    'start',
    'event',
    'bye',
    'done',
    'monitorStart',
    'sessionStatus',
    'snapshotComplete',
    'ping',
  ];
  const frame = fc.record({
    event: fc.oneof(fc.constantFrom(...FRAMES), anyText),
    data: fc.oneof(
      jsonText,
      smallEvent.map((event) => JSON.stringify(event)),
    ),
    id: fc.option(anyText, { nil: undefined }),
  });
  fuzz('parses frames', frame, ({ event, data, id }) => {
    const message = { kind: 'message', event, data, ...(id === undefined ? {} : { id }) } as const;
    refusable(() => parseSessionFrame(message));
    refusable(() => parseMonitorFrame(message));
  });

  fuzz('shows questions and takes answers', fc.tuple(smallQuestion, smallObject), ([asked, response]) => {
    const interaction = interactionOf(asked);
    questionText(interaction);
    answerText(interaction, response);
    const form = formOf(interaction);
    const draft = emptyDraft(interaction, form);
    checkDraft(draft, form);
    draftAnswer(draft, form);
  });

  fuzz('takes up drafts', fc.tuple(smallQuestion, smallObject, smallObject), ([asked, value, form]) => {
    const interaction = interactionOf(asked);
    const kept = { ...value, kind: interaction.kind, form: { values: form, typed: form, chosen: form } };
    const draft = parseDraft(interaction, kept);
    if (draft === undefined) return;
    const fields = formOf(interaction);
    checkDraft(draft, fields);
    draftAnswer(draft, fields);
  });

  fuzz('makes forms of schemas', anySchema, (schema) => {
    const source = sourceOf(schema);
    const plain = plainForm(source);
    const { form, draft } = settleDraft(source, plain, initialDraft(plain));
    const values = formValues(form, draft);
    checkForm(form, draft);
    check?.problems(schema, values);
  });

  const content = fc.record({ parts: fc.array(contentPart, { maxLength: 5 }) });
  fuzz('draws contents', content, (value) => {
    if (isLLMContent(value)) renderContent(value, { strings: englishStrings });
  });

  fuzz('draws Markdown and text', anyText, (text) => {
    const pictures = new DataPictures(text);
    if (isMarkdown(pictures.text)) renderMarkdown(pictures.text, pictures, englishStrings);
    plainLine(text);
    isolateText(text);
    foldText(text);
  });

  fuzz('reads JSON that a person types', jsonText, (text) => {
    parseExactJson(text);
    jsonErrorOffset(text);
  });

  const media = fc.tuple(mediaType, fc.oneof(anyText, fc.base64String()), anyUrl);
  fuzz('looks at media and links', media, ([type, data, url]) => {
    mediaKind(type);
    mediaDataUrl(type, data);
    decodeText(data);
    base64Size(data);
    safeUrl(url, 'http://x/');
    safeLink(url);
  });

  fuzz('tries patterns', fc.tuple(patternText, anyText), ([pattern, text]) => {
    patternWays(pattern, 1000);
    matchesPattern(text, pattern);
  });

  fuzz('reads problem documents', fc.tuple(smallJson, fc.integer({ min: 0, max: 999 })), ([body, status]) => {
    parseProblem(status, body);
  });

  const listPage = fc.oneof(
    smallJson,
    fc.record(
      {
        graphId: fc.oneof({ weight: 4, arbitrary: fc.constant('g') }, smallJson),
        revision: fc.oneof({ weight: 4, arbitrary: fc.double() }, smallJson),
        tag: smallJson,
        rows: fc.oneof({ weight: 4, arbitrary: fc.array(fc.oneof(smallRow, smallJson)) }, smallJson),
        truncated: smallJson,
        oldestCreatedAt: fc.oneof(fc.double(), smallJson),
      },
      { requiredKeys: [] },
    ),
  );
  fuzz('reads pages of lists', listPage, (body) => {
    const page = refusable(() => parseListPage(body, 'g'));
    if (page === undefined || page.messages.length === 0) return;
    const kinds = page.messages.map(({ kind }) => kind);
    assert.deepEqual([kinds[0], kinds.at(-1)], ['snapshotStart', 'snapshotComplete']);
  });

  const member = fc.oneof(smallJson, fc.constantFrom('s', 'deleted', 'not-found', 'foreign-answer'));
  const answer = fc.oneof(
    smallJson,
    fc.record(
      {
        sessionId: member,
        status: member,
        createdAt: member,
        ok: member,
        results: fc.oneof(
          smallJson,
          fc.array(fc.oneof(smallJson, fc.record({ sessionId: member, result: member, problem: member }))),
        ),
        events: fc.oneof(smallJson, fc.array(fc.oneof(smallEvent, smallJson), { maxLength: 3 })),
        lastIndex: fc.oneof(smallJson, fc.double()),
      },
      { requiredKeys: [] },
    ),
  );
  fuzz('takes answers of any content to its calls', answer, async (body) => {
    const headers = { 'Graph-Session-Protocol': '1' };
    const service = new HttpGraphRunService({
      baseUrl: 'http://fuzz',
      environment: new FakeEnvironment(),
      fetch: () => Promise.resolve(new Response(JSON.stringify(body), { headers })),
    });
    await refusableCall(() => service.createSession({ graphId: 'g' }));
    await refusableCall(() => service.updateSession('s', { title: 't' }));
    await refusableCall(() => service.resumeSession('s', 'i', {}));
    await refusableCall(() => service.deleteSession('s'));
    const failures = await refusableCall(() => service.deleteSessions(['s', 't']));
    const isNamed =
      JSON.stringify(body)?.includes('"deleted"') || JSON.stringify(body)?.includes('"not-found"');
    if (failures !== undefined && !isNamed) assert.equal(failures.size, 2);
    refusable(() => parseEventsPage(body));
  });

  fuzz('reads messages of tabs and kept drafts', fc.tuple(smallJson, jsonText), ([value, text]) => {
    parseListTabMessage(value);
    parseSlotTabMessage(value);
    withoutFiles(parseKept(text)?.draft);
  });

  fuzz(
    'decodes streams in any pieces',
    fc.tuple(sseBytes, fc.integer({ min: 1, max: 10 })),
    async (input) => {
      await refusableStream(...input);
    },
  );
});

async function refusableCall<Result>(call: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof GraphRunError) return undefined;
    throw error;
  }
}

function interactionOf(suspendEvent: JsonObject): Interaction {
  return toInteraction({ type: 'inputRequired', nodeId: 'n', interactionId: 'i', index: 1, suspendEvent });
}

async function refusableStream(bytes: Uint8Array, pieceBytes: number): Promise<void> {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        controller.enqueue(bytes.subarray(at, at + pieceBytes));
      }
      controller.close();
    },
  });
  try {
    for await (const items of decodeSse(body, MAX_FRAME_CHARS)) void items;
  } catch (error) {
    if (!(error instanceof GraphRunError)) throw error;
  }
}
