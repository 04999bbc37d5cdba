import type { JsonObject } from '../../protocol/values/json.js';
import { isMissing, JsonClient } from '../polled/json-client.js';
import { malformed, objectOf, parsePage, parseRun, type RunRecord } from './mastra-records.js';
import { parseWorkflow, type WorkflowRecord } from './mastra-workflow.js';

/** What a run is: of which workflow, and which. */
export interface RunIds {
  readonly workflowId: string;
  readonly runId: string;
}

/** Which runs are listed. */
export interface ListQuery {
  readonly workflowId: string;
  /** Default: those of all resources. */
  readonly resourceId: string | undefined;
  /** Those created since this time, in milliseconds since 1970. Default: all. */
  readonly sinceMs?: number;
}

/** Runs of one page; each has the whole record of its run. */
const PAGE_SIZE = 100;

/** The routes of Mastra’s server that the adapter uses. Every call rejects with GraphRunError or the abort reason. */
export class MastraClient extends JsonClient {
  /** Reads a workflow: its name, and what its steps want to be answered with. */
  async getWorkflow(workflowId: string, signal?: AbortSignal): Promise<WorkflowRecord> {
    return parseWorkflow(await this.call('GET', workflowPath(workflowId), undefined, signal));
  }

  /** Reads a run; undefined when it is not there. */
  async findRun(ids: RunIds, signal?: AbortSignal): Promise<RunRecord | undefined> {
    try {
      const run = parseRun(await this.call('GET', runPath(ids), undefined, signal));
      if (run.runId !== ids.runId) throw malformed('runId');
      return run;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** Lists runs, newest first, in as many pages as there are. */
  async listRuns(query: ListQuery, signal?: AbortSignal): Promise<readonly RunRecord[]> {
    const runs = new Map<string, RunRecord>();
    for (let page = 0; ; page += 1) {
      const { runs: found } = await this.#readPage(query, page, PAGE_SIZE, signal);
      for (const run of found) runs.set(run.runId, run);
      if (found.length < PAGE_SIZE) return [...runs.values()];
    }
  }

  /** Counts runs. */
  async countRuns(query: ListQuery, signal?: AbortSignal): Promise<number> {
    return (await this.#readPage(query, 0, 1, signal)).total;
  }

  async #readPage(
    { workflowId, resourceId, sinceMs }: ListQuery,
    page: number,
    perPage: number,
    signal: AbortSignal | undefined,
  ): Promise<ReturnType<typeof parsePage>> {
    const query = new URLSearchParams({
      page: String(page),
      perPage: String(perPage),
      ...(resourceId === undefined ? {} : { resourceId }),
      ...(sinceMs === undefined ? {} : { fromDate: new Date(sinceMs).toISOString() }),
    });
    const path = `${workflowPath(workflowId)}/runs?${query.toString()}`;
    return parsePage(await this.call('GET', path, undefined, signal));
  }

  /** Makes a call that changes something; an answer of something else than the server is an error. */
  async change(method: string, path: string, body?: JsonObject, signal?: AbortSignal): Promise<JsonObject> {
    return objectOf(await this.call(method, path, body, signal), 'the answer to a call');
  }

  /** Opens a stream of a run: it begins or resumes it, or observes what it does. */
  openStream(
    { workflowId, runId }: RunIds,
    verb: 'stream' | 'resume-stream' | 'observe',
    body: JsonObject | undefined,
    signal: AbortSignal,
  ): Promise<ReadableStream<Uint8Array>> {
    const path = `${workflowPath(workflowId)}/${verb}?${new URLSearchParams({ runId }).toString()}`;
    return this.open(path, { method: 'POST', ...(body === undefined ? {} : { body }) }, signal);
  }
}

/** The path of a workflow. */
export function workflowPath(workflowId: string): string {
  return `/api/workflows/${encodeURIComponent(workflowId)}`;
}

/** The path of a run. */
export function runPath({ workflowId, runId }: RunIds): string {
  return `${workflowPath(workflowId)}/runs/${encodeURIComponent(runId)}`;
}

/** The id of the session that a run is. */
export function sessionIdOf({ workflowId, runId }: RunIds): string {
  return `${workflowId}~${runId}`;
}

/** The run that the id of a session names; undefined for an id of another kind. */
export function parseSessionId(sessionId: string): RunIds | undefined {
  const at = sessionId.lastIndexOf('~');
  const workflowId = sessionId.slice(0, Math.max(at, 0));
  const runId = sessionId.slice(at + 1);
  return at < 0 || workflowId === '' || runId === '' ? undefined : { workflowId, runId };
}
