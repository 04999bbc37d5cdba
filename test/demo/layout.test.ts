import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { layoutGraph, type LayoutOptions } from '../../demo/layout.js';
import { exampleGraphs } from '../../src/runner/examples/example-graphs.js';

const RIGHT: LayoutOptions = {
  direction: 'right',
  nodeWidth: 100,
  nodeHeight: 40,
  layerGap: 20,
  nodeGap: 10,
};
const DOWN: LayoutOptions = { ...RIGHT, direction: 'down' };

const node = (id: string) => ({ id, type: 'output' });
const diamond = {
  nodes: [node('a'), node('b'), node('c'), node('d')],
  edges: [
    { from: 'a', to: 'b' },
    { from: 'a', to: 'c' },
    { from: 'b', to: 'd' },
    { from: 'c', to: 'd' },
  ],
};

describe('layoutGraph', () => {
  it('places each node one layer after its last upstream node', () => {
    const { nodes, width, height } = layoutGraph(diamond, RIGHT);
    assert.deepEqual(Object.fromEntries(nodes.map(({ nodeId, x, y }) => [nodeId, [x, y]])), {
      a: [0, 25],
      b: [120, 0],
      c: [120, 50],
      d: [240, 25],
    });
    assert.deepEqual([width, height], [340, 90]);
  });

  it('runs down with the direction “down”', () => {
    const { nodes, width, height } = layoutGraph(diamond, DOWN);
    assert.deepEqual(Object.fromEntries(nodes.map(({ nodeId, x, y }) => [nodeId, [x, y]])), {
      a: [55, 0],
      b: [0, 60],
      c: [110, 60],
      d: [55, 120],
    });
    assert.deepEqual([width, height], [210, 160]);
  });

  it('leads an edge from side to side', () => {
    const { edges } = layoutGraph({ nodes: [node('a'), node('b')], edges: [{ from: 'a', to: 'b' }] }, RIGHT);
    assert.deepEqual(edges, [{ from: 'a', to: 'b', path: 'M100 20 C110 20 110 20 120 20' }]);
  });

  it('leads an edge past the nodes of the layers between', () => {
    const graph = {
      nodes: [node('a'), node('b'), node('c')],
      edges: [
        { from: 'a', to: 'b' },
        { from: 'b', to: 'c' },
        { from: 'a', to: 'c' },
      ],
    };
    const { nodes, edges } = layoutGraph(graph, RIGHT);
    const passed = nodes.find(({ nodeId }) => nodeId === 'b');
    const passage = edges.find(({ from, to }) => from === 'a' && to === 'c');
    assert.ok(passed !== undefined && passage !== undefined);
    const y = Number(/ 120 (\S+) C/.exec(passage.path)?.[1]);
    assert.ok(y > passed.y + RIGHT.nodeHeight, `the edge crosses node b: ${passage.path}`);
  });

  it('keeps two parallel lines from crossing', () => {
    const graph = {
      nodes: ['a', 'b', 'y', 'x'].map(node),
      edges: [
        { from: 'a', to: 'x' },
        { from: 'b', to: 'y' },
      ],
    };
    const { nodes } = layoutGraph(graph, RIGHT);
    const yOf = (id: string) => nodes.find(({ nodeId }) => nodeId === id)?.y;
    assert.deepEqual([yOf('a'), yOf('x')], [0, 0]);
    assert.deepEqual([yOf('b'), yOf('y')], [50, 50]);
  });

  it('draws graphs without edges, and does not hang on a cycle', () => {
    assert.equal(layoutGraph({ nodes: [node('a')] }, RIGHT).width, 100);
    const cycle = {
      nodes: [node('a'), node('b')],
      edges: [
        { from: 'a', to: 'b' },
        { from: 'b', to: 'a' },
      ],
    };
    assert.equal(layoutGraph(cycle, RIGHT).nodes.length, 2);
  });

  for (const [name, graph] of Object.entries(exampleGraphs)) {
    for (const options of [RIGHT, DOWN]) {
      it(`places every node of “${name}” inside and without overlaps, running ${options.direction}`, () => {
        const { nodes, edges, width, height } = layoutGraph(graph, options);
        assert.equal(nodes.length, graph.nodes.length);
        assert.equal(edges.length, graph.edges?.length ?? 0);
        for (const { nodeId, x, y } of nodes) {
          assert.ok(x >= 0 && x + options.nodeWidth <= width && y >= 0 && y + options.nodeHeight <= height);
          const overlapping = nodes.filter(
            (other) =>
              other.nodeId !== nodeId &&
              Math.abs(other.x - x) < options.nodeWidth &&
              Math.abs(other.y - y) < options.nodeHeight,
          );
          assert.deepEqual(overlapping, []);
        }
      });
    }
  }
});
