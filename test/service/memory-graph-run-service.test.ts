import { describe, it } from 'node:test';
import { SERVICE_CASES } from '../../src/conformance/service-cases.js';
import { builtInHandlers, createGraphRunner } from '../../src/runner/index.js';
import { MemoryGraphRunService } from '../../src/service/memory-graph-run-service.js';

describe('MemoryGraphRunService', () => {
  const service = new MemoryGraphRunService({ runner: createGraphRunner({ handlers: builtInHandlers }) });
  for (const { name, run } of SERVICE_CASES) {
    it(name, { timeout: 10_000 }, () => run({ service }));
  }
});
