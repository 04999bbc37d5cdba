import { SERVICE_CASES } from '../../src/conformance/index.js';
import { exampleHandlers, createGraphRunner } from '../../src/runner/index.js';
import { HttpGraphRunService } from '../../src/service/http/http-graph-run-service.js';
import { MemoryGraphRunService } from '../../src/service/memory/memory-graph-run-service.js';

const services = {
  MemoryGraphRunService: new MemoryGraphRunService({
    runner: createGraphRunner({ handlers: exampleHandlers }),
  }),
  'HttpGraphRunService on the reference server': new HttpGraphRunService({
    baseUrl: '/v1beta1/graphSessions',
  }),
};

for (const [name, service] of Object.entries(services)) {
  describe(`${name}, in the browser`, () => {
    for (const { name: sentence, run } of SERVICE_CASES) {
      it(sentence, () => run({ service }));
    }
  });
}
