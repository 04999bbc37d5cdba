import assert from 'node:assert/strict';
import type { Graph } from '../../src/protocol/graph.js';
import { isJsonObject, type JsonObject } from '../../src/protocol/values/json.js';

/** The JSON object that the server answers; fails unless its status is 200. */
export async function callJson(url: string, init?: RequestInit): Promise<JsonObject> {
  const response = await fetch(url, init);
  const body: unknown = await response.json();
  assert.equal(response.status, 200, JSON.stringify(body));
  assert.ok(isJsonObject(body));
  return body;
}

/** A POST of JSON. */
export function jsonPost(body: unknown, headers: Readonly<Record<string, string>> = {}): RequestInit {
  return {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

/** Creates a session and returns its id. `base` is the address of the server with the base path. */
export async function createSession(base: string, graph: Graph): Promise<string> {
  const { sessionId } = await callJson(`${base}/new`, jsonPost({ graphId: 'g', graph }));
  return String(sessionId);
}

/** The open questions of a session. */
export async function pendingOf(base: string, sessionId: string): Promise<readonly JsonObject[]> {
  const { pending } = await callJson(`${base}/${sessionId}/status`);
  assert.ok(Array.isArray(pending) && pending.every(isJsonObject));
  return pending;
}

/** Answers a question with a text. */
export function answerTo(interactionId: unknown, text: string): RequestInit {
  return jsonPost({ interactionId, response: { input: { parts: [{ text }] } } });
}

/** The log of a session, from page to page. Waits for its end when that is about to come. */
export async function wholeLog(base: string, sessionId: string): Promise<JsonObject[]> {
  const log: JsonObject[] = [];
  for (;;) {
    const page = await callJson(`${base}/${sessionId}/events?wait=30&limit=1000&after=${log.length - 1}`);
    assert.ok(Array.isArray(page['events']) && page['events'].every(isJsonObject));
    log.push(...page['events']);
    if (page['closed'] === true && log.length === Number(page['lastIndex']) + 1) return log;
  }
}

/** The log of a session as far as it has been written. */
export async function currentLog(base: string, sessionId: string): Promise<readonly JsonObject[]> {
  const { events } = await callJson(`${base}/${sessionId}/events?limit=1000`);
  assert.ok(Array.isArray(events) && events.every(isJsonObject));
  return events;
}

/** Fails unless the indexes of a log are 0, 1, 2, … */
export function assertContiguous(log: readonly JsonObject[]): void {
  assert.deepEqual(
    log.map(({ index }) => index),
    log.map((_, index) => index),
  );
}
