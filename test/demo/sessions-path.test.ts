import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isSessionsPath } from '../../demo/sessions-path.js';

const BASE = '/v1beta1/graphSessions';

describe('the targets that the demo hands to the session server', () => {
  it('have the path of the sessions, also with a scheme and a host', () => {
    for (const target of [
      BASE,
      `${BASE}/new`,
      `${BASE}?graphId=g`,
      `${BASE}/:list?graphId=g`,
      `http://localhost:5173${BASE}/x/status`,
      `HTTPS://example.org${BASE}?graphId=g`,
    ]) {
      assert.ok(isSessionsPath(target), target);
    }
    for (const target of [
      '',
      '/',
      '*',
      `${BASE}Extra`,
      `/x${BASE}`,
      `/?path=${BASE}`,
      `http://localhost${BASE}Extra`,
      `http://localhost?${BASE}`,
      `http:/${BASE}`,
    ]) {
      assert.ok(!isSessionsPath(target), target);
    }
  });
});
