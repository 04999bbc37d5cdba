import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { toolPath } from '../../scripts/tools.mjs';
import { checkTypes } from '../support/check-types.js';
import { codeOf } from '../support/document-code.js';
import { PackedPackage } from '../support/packed-package.js';

const run = promisify(execFile);

/** A program of a user, that imports one entry of the package and no other. */
interface Program {
  readonly name: string;
  readonly code: string | (() => Promise<string>);
  /** Name of its file; default `program.ts`. */
  readonly file?: string;
  /** True for a program that gets the types of React 18. */
  readonly isReact18?: boolean;
  /** True for a program that runs in Node. */
  readonly isNode?: boolean;
  /** True for code of a document: its entries are checked, down to the last declaration, by the programs of this file. */
  readonly isDocument?: boolean;
}

/** For `PackedPackage.install`. */
const REACT_18 = { '@types/react': 'types-react-18' };

const REACT_COMPONENT: Program = {
  name: 'graph-sessions/react',
  file: 'program.tsx',
  code: `import { SessionsPanel, type SessionsPanelProps } from 'graph-sessions/react';
      import { useRef } from 'react';
      export function Page({ graphId }: Pick<SessionsPanelProps, 'graphId'>) {
        const panel = useRef<HTMLElementTagNameMap['sessions-panel']>(null);
        return (
          <SessionsPanel
            ref={panel}
            endpoint="/v1beta1/graphSessions"
            graphId={graphId}
            className="side"
            titleCount
            sessionId="6007"
            view="timeline"
            nodeId="topic"
            linkTo={({ sessionId }) => '#' + sessionId}
            canStart
            onSessionStart={(event) => {
              event.request = { ...event.request, mode: event.formData === undefined ? 'interactive' : 'headless' };
            }}
            onPlaceChange={({ place }) => console.log(place?.view satisfies string | undefined)}
            onSessionConnect={(event) => console.log(event.sessionId satisfies string)}
            onNeedsInputChange={({ count }) => console.log(count satisfies number, panel.current?.graphId)}
          />
        );
      }
      // @ts-expect-error The id of a graph is a text.
      export const wrong = <SessionsPanel graphId={7} />;`,
};

const REACT_DRAWER: Program = {
  name: 'graph-sessions/react-drawer',
  file: 'program.tsx',
  code: `import { SessionsPanel } from 'graph-sessions/react';
      import { SessionsDrawer, type SessionsDrawerProps } from 'graph-sessions/react-drawer';
      export function Page({ position }: Pick<SessionsDrawerProps, 'position'>) {
        return (
          <SessionsDrawer
            position={position ?? 'bottom'}
            open
            onDrawerToggle={(event) => console.log(event.type satisfies string)}
          >
            <SessionsPanel endpoint="/v1beta1/graphSessions" graphId="haiku" />
          </SessionsDrawer>
        );
      }
      // @ts-expect-error It has no such position.
      export const wrong = <SessionsDrawer position="top" />;`,
};

const JSX: Program = {
  name: 'graph-sessions/jsx',
  file: 'program.tsx',
  code: `import { createSessions, HttpGraphRunService } from 'graph-sessions';
      import type {} from 'graph-sessions/jsx';
      const { history } = createSessions(new HttpGraphRunService({ baseUrl: '/' }));
      export const panel = (
        <sessions-panel
          className="side"
          graph-id="haiku"
          title-count
          history={history}
          sessionId="6007"
          view="events"
          event-index="3"
          can-start
          linkTo={({ sessionId, nodeId }) => (sessionId satisfies string) + (nodeId ?? '')}
          strings={undefined}
          onplace-change={({ place }) => console.log(place?.sessionId satisfies string | undefined)}
          onsession-connect={(event) => console.log(event.sessionId satisfies string)}
          onneeds-input-change={({ count }) => console.log(count satisfies number)}
        />
      );
      // @ts-expect-error It has no such attribute.
      export const wrong = <sessions-panel graph="haiku" />;`,
};

const PROGRAMS: readonly Program[] = [
  { ...REACT_COMPONENT, name: 'graph-sessions/react, React 19: properties, events and a ref' },
  {
    ...REACT_COMPONENT,
    name: 'graph-sessions/react, React 18: properties, events and a ref',
    isReact18: true,
  },
  { ...REACT_DRAWER, name: 'graph-sessions/react-drawer, React 19: properties, the event and a panel in it' },
  {
    ...REACT_DRAWER,
    name: 'graph-sessions/react-drawer, React 18: properties, the event and a panel in it',
    isReact18: true,
  },
  { ...JSX, name: 'graph-sessions/jsx, React 19: attributes, properties and events of the tag' },
  {
    ...JSX,
    name: 'graph-sessions/jsx, React 18: attributes, properties and events of the tag',
    isReact18: true,
  },
  {
    name: 'graph-sessions/vue: properties and events of the tag in templates',
    code: `import type {} from 'graph-sessions/vue';
      import type { GlobalComponents } from 'vue';
      type Panel = InstanceType<GlobalComponents['sessions-panel']>;
      export const props: Panel['$props'] = {
        graphId: 'haiku', titleCount: true, class: 'side', sessionId: undefined, canStart: true,
      };
      export function listen(emit: Panel['$emit'], event: HTMLElementEventMap['session-connect']) {
        emit('session-connect', event);
        // @ts-expect-error It has no such event.
        emit('session-opened', event);
      }
      // @ts-expect-error The id of a graph is a text.
      export const wrong: Panel['$props'] = { graphId: 7 };`,
  },
  {
    name: 'the recipe for React',
    code: () => exampleFile('react-19/src/use-watched.ts'),
    isDocument: true,
  },
  { name: 'the recipe for Vue', code: () => exampleFile('vue/src/watched.ts'), isDocument: true },
  {
    name: 'the code that steers a panel with an endpoint',
    code: () => codeOf('docs/embedding.md', 'In plain HTML', 'ts'),
    isDocument: true,
  },
  {
    name: 'the code that follows the address of the page',
    code: () => codeOf('docs/embedding.md', 'Links to a session', 'ts'),
    isDocument: true,
  },
  {
    name: 'the code that starts a session with the fields of a form',
    code: () => codeOf('docs/embedding.md', 'Start sessions from the panel', 'ts'),
    isDocument: true,
  },
  {
    name: 'graph-sessions/drawer.js alone: the element and its properties',
    code: `import 'graph-sessions/drawer.js';
      const drawer = document.createElement('sessions-drawer');
      drawer.open = true;
      drawer.position = 'floating';
      // @ts-expect-error It has no such position.
      drawer.position = 'top';`,
  },
  {
    name: 'graph-sessions/define.js alone: the element and its events',
    code: `import 'graph-sessions/define.js';
      const panel = document.createElement('sessions-panel');
      panel.graphId = 'haiku';
      panel.addEventListener('session-connect', (event) => {
        const id: string = event.sessionId;
        // @ts-expect-error It is a string, so the type is not \`any\`.
        const wrong: number = event.sessionId;
        console.log(id, wrong);
      });
      document.querySelector('sessions-panel')?.addEventListener('needs-input-change', ({ count }) => {
        const badge: number = count;
        console.log(badge);
      });
      // @ts-expect-error It has no such property.
      panel.graphID = 'haiku';`,
  },
  {
    name: 'graph-sessions: state, service, events and watch',
    code: `import { createSessions, HttpGraphRunService, SessionsPanel, watch, type NodeRun } from 'graph-sessions';
      const service = new HttpGraphRunService({ baseUrl: '/v1beta1/graphSessions', getToken: () => 'token' });
      const { history, run, actions } = createSessions(service);
      const stop: () => void = watch(
        () => run.nodes,
        (nodes: ReadonlyMap<string, NodeRun>) => console.log(nodes.size, history.needsInputCount),
      );
      class MyPanel extends SessionsPanel {}
      customElements.define('my-panel', MyPanel);
      document.addEventListener('click', () => stop());
      document.body.addEventListener('session-delete', (event) => actions.connect(event.sessionId));`,
  },
  {
    name: 'graph-sessions/bundle.js: the element, its events and the state',
    code: `import { createSessions, HttpGraphRunService } from 'graph-sessions/bundle.js';
      const { history } = createSessions(new HttpGraphRunService({ baseUrl: '/v1beta1/graphSessions' }));
      const panel = document.createElement('sessions-panel');
      panel.history = history;
      panel.addEventListener('session-connect', (event) => console.log(event.sessionId satisfies string));`,
  },
  {
    name: 'graph-sessions/runner: a node type',
    isNode: true,
    code: `import { createGraphRunner, exampleHandlers, type NodeHandler } from 'graph-sessions/runner';
      const greet: NodeHandler = {
        async run({ ask, emit }) {
          const { input } = await ask({ waitForInput: { prompt: { parts: [{ text: 'Who?' }] } } });
          await emit({ type: 'thoughtEvent', text: 'Hello.' });
          return { context: [input] };
        },
      };
      createGraphRunner({ handlers: { ...exampleHandlers, greet } });`,
  },
  {
    name: 'graph-sessions/server: a server with a login',
    isNode: true,
    code: `import { createGraphRunner, exampleHandlers } from 'graph-sessions/runner';
      import { startServer } from 'graph-sessions/server';
      const server = await startServer({
        runner: createGraphRunner({ handlers: exampleHandlers }),
        authenticate: (token) => (token === 'secret' ? { principal: 'ada' } : undefined),
      });
      const url: string = server.url;
      console.log(url);`,
  },
  {
    name: 'graph-sessions/conformance: the cases of a service',
    isNode: true,
    code: `import { SERVICE_CASES } from 'graph-sessions/conformance';
      for (const { name } of SERVICE_CASES) console.log(name satisfies string);`,
  },
];

describe('the types of the packed package, each entry alone', () => {
  let packed: PackedPackage;
  /** Projects that have installed the package, with the current React and with the one before. */
  let project: string;
  let react18Project: string;

  before(async () => {
    packed = await PackedPackage.create();
    project = await packed.install('project');
    react18Project = await packed.install('react-18', REACT_18);
  });
  after(() => packed.remove());

  for (const [index, program] of PROGRAMS.entries()) {
    it(program.name, async () => {
      const folder = join(program.isReact18 ? react18Project : project, `program-${index}`);
      await mkdir(folder);
      await writeProgram(folder, program);
      assert.equal(await check(folder), '', 'TypeScript 7');
      assert.equal(checkTypes(folder), '', 'TypeScript 5.9');
    });
  }
});

/** The text of a file of an example. */
function exampleFile(path: string): Promise<string> {
  return readFile(new URL(`../../examples/${path}`, import.meta.url), 'utf8');
}

async function writeProgram(folder: string, program: Program) {
  const { code, file = 'program.ts', isNode = false, isDocument = false } = program;
  const compilerOptions = {
    target: 'es2022',
    module: isNode ? 'nodenext' : 'esnext',
    moduleResolution: isNode ? 'nodenext' : 'bundler',
    lib: isNode ? ['es2022'] : ['es2022', 'dom', 'dom.iterable'],
    types: isNode ? ['node'] : [],
    jsx: 'react-jsx',
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: isDocument,
    // The libraries of the compiler itself take most of the time, and are not ours.
    skipDefaultLibCheck: true,
    noEmit: true,
    // The packages are links to those of this project.
    preserveSymlinks: true,
  };
  await Promise.all([
    writeFile(join(folder, file), typeof code === 'string' ? code : await code()),
    writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' })),
    writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: [file] })),
  ]);
}

/** Returns what the compiler of this project prints: nothing if all is well. */
async function check(folder: string): Promise<string> {
  const args = [toolPath('typescript', 'tsc'), '--project', folder, '--pretty', 'false'];
  try {
    return (await run(process.execPath, args, { cwd: folder })).stdout;
  } catch (error) {
    if (error instanceof Error && 'stdout' in error) return String(error.stdout);
    throw error;
  }
}
