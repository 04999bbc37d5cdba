import { readFile } from 'node:fs/promises';
import type { GraphRunEvent } from '../../src/protocol/events.js';
import { isJsonObject, type JsonObject } from '../../src/protocol/values/json.js';
import { EMPTY_SESSION } from '../../src/protocol/empty-session.js';
import { applyEvents, type SessionState } from '../../src/protocol/session-state.js';
import { decodeChunks } from '../../src/service/mastra/mastra-pieces.js';
import { parsePage, parseRun, type RunRecord } from '../../src/service/mastra/mastra-records.js';
import {
  parseFlow,
  parseWorkflow,
  UNKNOWN_WORKFLOW,
  type WorkflowRecord,
} from '../../src/service/mastra/mastra-workflow.js';
import { convertRun } from '../../src/service/mastra/snapshot-converter.js';

/** What Mastra’s server answered in one recorded scenario: the states of its runs, pages of the list, streams by name. */
export class MastraRecording {
  readonly runs: readonly RunRecord[];
  readonly listed: readonly RunRecord[];
  readonly workflow: WorkflowRecord;
  readonly #streams: ReadonlyMap<string, string>;

  private constructor({ runs, pages, workflows, streams }: JsonObject) {
    this.runs = listOf(runs).map(parseRun);
    this.listed = listOf(pages).flatMap((page) => parsePage(page).runs);
    const [workflow] = listOf(workflows);
    this.workflow = workflow === undefined ? UNKNOWN_WORKFLOW : parseWorkflow(workflow);
    this.#streams = new Map(
      Object.entries(isJsonObject(streams) ? streams : {}).map(([name, text]) => [name, String(text)]),
    );
  }

  /** Reads `test/fixtures/mastra/<name>.json`. */
  static async read(name: string): Promise<MastraRecording> {
    const text = await readFile(new URL(`../fixtures/mastra/${name}.json`, import.meta.url), 'utf8');
    const file: unknown = JSON.parse(text);
    if (!isJsonObject(file)) throw new TypeError('A recording is an object.');
    return new MastraRecording(file);
  }

  /** The events of a recorded state, and their fold. */
  convert(run: RunRecord | undefined): Converted {
    if (run === undefined) throw new TypeError('There is no such state.');
    const derived = convertRun(run, {
      sessionId: 's',
      workflow: this.workflow,
      flow: parseFlow(run.stepGraph),
    });
    const events = derived.map(({ body, ts }, index) => ({ ...body, index, ts }));
    return { keys: derived.map(({ key }) => key), events, state: applyEvents(EMPTY_SESSION, events) };
  }

  /** The events of all recorded states, one after the other. */
  convertAll(): readonly Converted[] {
    return this.runs.map((run) => this.convert(run));
  }

  /** The objects of a stream, which arrives in pieces of a few bytes. */
  async chunks(name: string): Promise<readonly JsonObject[]> {
    const bytes = new TextEncoder().encode(this.#streams.get(name));
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < bytes.length; at += 7) controller.enqueue(bytes.subarray(at, at + 7));
        controller.close();
      },
    });
    const all: JsonObject[] = [];
    for await (const chunks of decodeChunks(body)) all.push(...chunks);
    return all;
  }
}

/** The events of a run, in words, whole, and folded. */
export interface Converted {
  readonly keys: readonly string[];
  readonly events: readonly GraphRunEvent[];
  readonly state: SessionState;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
